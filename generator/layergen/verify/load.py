"""The process that has the new code: loads what the old code saved.

    python -m layergen.verify.load PLAN

A job names the folder of the files, the shapes to call the model on, where the class is
imported from, and a recipe of a model made by code, or none. Its facts; a reason is
empty where nothing was refused:

    imports   string: why the new class cannot be imported; empty if there is none
    config    string: why Keras makes no model of the saved config
    model     string: why `load_model` refuses the model file
    held      for each saved variable, those that hold its value now; null if not loaded
    variables the variables of the loaded model; null if not loaded
    outputs   for `inference` and `training`, see `_compare`
    made      string: why code makes no model; null if there is no recipe
    weights   string: why `load_weights` refuses; null if there is no model
    weights_held, weights_variables   as above
"""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from layergen.verify.model import (
    MODES,
    Array,
    Values,
    draw_inputs,
    import_class,
    make_model,
    run,
    values_of,
)
from layergen.verify.recipe import read_recipe
from layergen.verify.worker import Facts, serve, tell


def load(job: Mapping[str, Any], root: str) -> Facts:
    """Load the files of one instance."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(5)
    folder = Path(job["folder"])
    with np.load(folder / "values.npz") as file:
        kept = dict(file)
    facts: Facts = {"imports": "", "outputs": {}}
    subject: Any = None
    if job["module"] is not None:
        try:
            subject = import_class(job["module"], job["class"], root)
        except Exception as error:
            facts["imports"] = tell(error)
    facts |= _load_model(folder, kept, job["called"])
    if job["recipe"] is not None and subject is not None:
        facts |= _load_weights(subject, job["recipe"], folder, kept)
    return facts


def _load_model(
    folder: Path, kept: Mapping[str, Array], called: Sequence[Sequence[int]]
) -> Facts:
    facts: Facts = {"config": "", "model": "", "held": None, "variables": None}
    try:
        with zipfile.ZipFile(folder / "m.keras") as archive:
            keras.models.model_from_json(archive.read("config.json").decode())
    except Exception as error:
        facts["config"] = tell(error)
    try:
        model = keras.models.load_model(folder / "m.keras")
    except Exception as error:
        return {**facts, "model": tell(error)}
    facts |= _held(model, kept)
    values = values_of(model)
    inputs = draw_inputs(model, called)
    outputs = {mode: _compare(model, inputs, mode, values, kept) for mode in MODES}
    return {**facts, "outputs": outputs}


def _load_weights(
    subject: Any, recipe: Mapping[str, Any], folder: Path, kept: Mapping[str, Array]
) -> Facts:
    try:
        model = make_model(subject, read_recipe(recipe))
    except Exception as error:
        return {"made": tell(error)}
    try:
        model.load_weights(folder / "m.weights.h5")
    except Exception as error:
        return {"made": "", "weights": tell(error)}
    found = {f"weights_{key}": value for key, value in _held(model, kept).items()}
    return {"made": "", "weights": "", **found}


def _held(model: Any, kept: Mapping[str, Array]) -> Facts:
    """Where the saved values are."""
    now = values_of(model)
    saved = {
        name.partition("/")[2]: value
        for name, value in kept.items()
        if name.startswith("value/")
    }
    held = {
        path: [name for name, other in now.items() if _same(value, other)]
        for path, value in saved.items()
    }
    return {"held": held, "variables": list(now)}


def _same(one: Array, other: Array) -> bool:
    return np.array_equal(one.astype(complex), other.astype(complex))


def _compare(
    model: Any,
    inputs: Sequence[Array],
    mode: str,
    values: Values,
    kept: Mapping[str, Array],
) -> Facts | None:
    """How the outputs differ: null if there are none to compare with.

    problem      string: why the new code yields none
    before, now  strings: shapes and dtypes, if these differ
    difference   number: the largest between two elements; 0 if they agree
    """
    before = [kept[name] for name in sorted(kept) if name.startswith(f"{mode}/")]
    if not before:
        return None
    try:
        now = run(model, inputs, values, MODES[mode])
    except Exception as error:
        return {"problem": tell(error)}
    if _forms(before) != _forms(now):
        return {"before": _forms(before), "now": _forms(now)}
    pairs = list(zip(before, now, strict=True))
    differences = [0.0, *(_difference(one, other) for one, other in pairs)]
    return {"difference": max(differences)}


def _forms(arrays: list[Array]) -> str:
    return ", ".join(f"{each.dtype} {each.shape}" for each in arrays)


_TOLERANCE = {"float16": 1e-2, "float32": 1e-4, "float64": 1e-6}


def _difference(one: Array, other: Array) -> float:
    """The largest difference beyond rounding; infinite where only one is `nan`."""
    within = _TOLERANCE.get(str(one.dtype), 0.0)
    near = np.isclose(one, other, rtol=within, atol=within / 10, equal_nan=True)
    if near.all():
        return 0.0
    apart = np.abs(one.astype(complex) - other.astype(complex))[~near]
    return float(np.nan_to_num(apart, nan=np.inf).max())


if __name__ == "__main__":
    serve(load)
