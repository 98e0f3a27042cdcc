import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "layergen",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=150,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
    ],
)
# A longer search, with other examples each time: HYPOTHESIS_PROFILE=deep
settings.register_profile(
    "deep", settings.get_profile("layergen"), derandomize=False, max_examples=3000
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "layergen"))
