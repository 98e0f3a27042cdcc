"""Recipe -> a model of Keras, its values, and what it yields. Needs Keras."""

import importlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import keras
import numpy as np

from layergen.verify.recipe import Recipe

SUBJECT = "subject"
"""The name of the layer in the model."""

MODES = {"inference": False, "training": True}
"""How a model is called: `training` by the name of the mode."""

Array: TypeAlias = "np.ndarray[Any, Any]"
Values: TypeAlias = Mapping[str, Array]


def import_class(module: str, name: str, root: str) -> Any:
    """The class of a generated module.

    Raises:
        ImportError: the module that Python finds does not stand under `root`.
    """
    found = importlib.import_module(module)
    file = os.path.realpath(found.__file__ or "")
    if not Path(file).is_relative_to(os.path.realpath(root)):
        raise ImportError(f"`{module}` is found at `{file}`, not in `{root}`")
    return getattr(found, name)


def make_model(subject_class: Any, recipe: Recipe) -> Any:
    """A functional model of one layer."""
    given: dict[str, Any] = {}
    tensors: list[Any] = []
    for tensor in recipe.inputs:
        made = [keras.Input(batch_shape=s, dtype=tensor.dtype) for s in tensor.shapes]
        tensors += made
        if tensor.is_masked:
            made = [keras.layers.Masking()(each) for each in made]
        given[tensor.name] = made if tensor.is_list else made[0]
    subject = subject_class(**recipe.arguments, name=SUBJECT)
    if recipe.by_keyword:
        return keras.Model(tensors, subject(**given, **recipe.flags))
    return keras.Model(tensors, subject(*given.values(), **recipe.flags))


@contextmanager
def saving_as_older(model: Any, recipe: Recipe) -> Iterator[None]:
    """Let the layer write the config that an older version of it wrote."""
    subject = model.get_layer(SUBJECT)
    own = keras.saving.get_registered_name(type(subject)).partition(">")[0]

    def older() -> dict[str, Any]:
        config = type(subject).get_config(subject)
        named = {recipe.former.get(name, name): config[name] for name in config}
        return {**named, **dict.fromkeys(recipe.gone, 1)}

    if recipe.former or recipe.gone:
        subject.get_config = older
    _register(type(subject), recipe.package or own)
    yield
    _register(type(subject), own)
    subject.__dict__.pop("get_config", None)


def _register(subject_class: Any, package: str) -> None:
    keras.saving.register_keras_serializable(package=package)(subject_class)


def variables_of(model: Any) -> dict[str, Any]:
    """The saved variables of the layer by their paths below it."""
    weights = model.get_layer(SUBJECT).weights
    return {weight.path.partition("/")[2]: weight for weight in weights}


def values_of(model: Any) -> dict[str, Array]:
    """The values of the saved variables by their paths."""
    return {path: plain(each) for path, each in variables_of(model).items()}


def fill(model: Any) -> dict[str, Array]:
    """Set values by which every variable can be told from every other."""
    for i, weight in enumerate(variables_of(model).values()):
        places = np.arange(int(np.prod(weight.shape))).reshape(weight.shape)
        value: Array = (places % 7 + 1.25 + 10 * i) / 8
        if weight.dtype == "bool":
            value = places % 2 == i % 2
        elif "int" in weight.dtype:
            value = np.roll(np.array(weight), 1)  # still places in other tables
            if not value.any():
                value = places % 3 + i
        weight.assign(value)
    return values_of(model)


def refill(model: Any, values: Values) -> None:
    """Set the values of the saved variables."""
    for path, weight in variables_of(model).items():
        weight.assign(values[path])


def draw_inputs(model: Any, shapes: Sequence[Sequence[int]]) -> list[Array]:
    """Inputs of the model, of these shapes, the same in every process."""
    random = np.random.default_rng(1)
    drawn: list[Array] = []
    is_masked = any(isinstance(each, keras.layers.Masking) for each in model.layers)
    for tensor, shape in zip(model.inputs, shapes, strict=True):
        if tensor.dtype == "bool":
            drawn.append(random.random(shape) < 0.5)
        elif "int" in tensor.dtype:
            drawn.append(random.integers(0, 2, shape).astype("int32"))
        else:
            drawn.append(random.uniform(0.3, 1.5, shape).astype("float32"))
        if is_masked and len(shape) > 2:
            drawn[-1][0, -1] = 0  # a step that `Masking` leaves out
    return drawn


def run(
    model: Any, inputs: Sequence[Array], values: Values, training: bool, start: int = 1
) -> list[Array]:
    """The outputs from these values on; `start` is where random numbers begin.

    A call may change values (a moving mean), so they are set again before each.
    """
    refill(model, values)
    subject = model.get_layer(SUBJECT)
    saved = {id(weight) for weight in subject.weights}
    for variable in subject.variables:
        if id(variable) not in saved:  # the state of a seed generator
            variable.assign(np.full(variable.shape, start, variable.dtype))
    outputs = model(list(inputs), training=training)
    return [plain(each) for each in keras.tree.flatten(outputs)]


def has_draws(model: Any) -> bool:
    """Whether a layer within draws random numbers."""
    subject = model.get_layer(SUBJECT)
    return len(subject.variables) > len(subject.weights)


def plain(value: Any) -> Array:
    """The value as an array of a dtype that NumPy has itself."""
    array = np.asarray(keras.ops.convert_to_numpy(value))
    return array if array.dtype.kind in "biufc" else array.astype("float32")
