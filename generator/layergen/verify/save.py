"""The process that has the old code: saves a model of each instance.

    python -m layergen.verify.save PLAN

Of each job it leaves `m.keras`, `m.weights.h5`, and `values.npz` with the values of the
variables and the outputs. Its facts:

    problem   string: why there is no such model; empty if there is
    outputs   for `inference` and `training`, why there are none; empty if there are
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np

from layergen.verify.model import (
    MODES,
    Array,
    Values,
    draw_inputs,
    fill,
    has_draws,
    import_class,
    make_model,
    refill,
    run,
    saving_as_older,
)
from layergen.verify.recipe import read_recipe
from layergen.verify.worker import Facts, serve, tell

_STARTS = (1, 2, 3)
"""Where random numbers begin, to see whether they reach the outputs."""


def save(job: Mapping[str, Any], root: str) -> Facts:
    """Save a model of one instance."""
    folder = Path(job["folder"])
    folder.mkdir(parents=True, exist_ok=True)
    keras.utils.clear_session()
    keras.utils.set_random_seed(3)
    recipe = read_recipe(job["recipe"])
    try:
        model = make_model(import_class(recipe.module, recipe.name, root), recipe)
        values = fill(model)
    except Exception as error:
        return {"problem": tell(error)}
    kept = {f"value/{path}": value for path, value in values.items()}
    called = [shape for tensor in recipe.inputs for shape in tensor.called]
    inputs = draw_inputs(model, called)
    problems: dict[str, str] = {}
    for mode, training in MODES.items():
        outputs, problems[mode] = _outputs(model, inputs, values, training)
        kept |= {f"{mode}/{i:04d}": each for i, each in enumerate(outputs)}
    refill(model, values)
    try:
        with saving_as_older(model, recipe):
            model.save(folder / "m.keras")
        model.save_weights(folder / "m.weights.h5")
    except Exception as error:
        return {"problem": tell(error)}
    np.savez(folder / "values.npz", **kept)  # type: ignore[arg-type]
    return {"problem": "", "outputs": problems}


def _outputs(
    model: Any, inputs: list[Array], values: Values, training: bool
) -> tuple[list[Array], str]:
    """The outputs, or why they cannot be compared."""
    starts = _STARTS if has_draws(model) else _STARTS[:1]
    try:
        first, *others = [run(model, inputs, values, training, s) for s in starts]
    except Exception as error:
        return [], tell(error)
    for other in others:
        pairs = zip(first, other, strict=True)
        if any(not np.array_equal(a, b, equal_nan=True) for a, b in pairs):
            return [], "random numbers"
    return first, ""


if __name__ == "__main__":
    serve(save)
