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
settings.load_profile("layergen")
