"""Trial -> what it has in the checkpoint: values, first values, what draws them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from layergen.emit.arrays import data_file
from layergen.emit.doc import call, quote
from layergen.layer import (
    Constant,
    Drawn,
    KerasObject,
    Loaded,
    Parameter,
    Weight,
)
from layergen.oracle.instance import Instance, walk_instances
from layergen.oracle.trial import Trial
from layergen.passes.place import Place, place_parameters
from layergen.testgen.data import Data
from layergen.testgen.numbers import is_shown, short, typed


@dataclass(frozen=True)
class Saved:
    """A parameter that lives in the checkpoint, of the layer or of a sublayer.

    Attributes:
        path: its path below the layer.
        parameter: the parameter.
        place: where it lives.
        instance: the layer that has it.
    """

    path: str
    parameter: Parameter
    place: Place
    instance: Instance


def saved_parameters(trial: Trial) -> Iterator[Saved]:
    """All that a trial has in the checkpoint, sublayers' weights too."""
    for prefix, instance in walk_instances(trial.instance):
        places = place_parameters(instance.layer)
        for parameter in instance.layer.parameters:
            path, placement = f"{prefix}{parameter.name}", places[parameter.name]
            is_there = path not in trial.weights or trial.weights[path] is not None
            if placement.is_saved and is_there:
                yield Saved(path, parameter, placement.place, instance)


def weights_of(trial: Trial) -> Iterator[tuple[str, Data]]:
    """The value that each weight is given, by path; stored constants keep theirs."""
    for saved in saved_parameters(trial):
        value = trial.weights.get(saved.path)
        yield saved.path, _stored(saved) if value is None else short(value)


def initial_of(trial: Trial) -> Iterator[tuple[str, Data]]:
    """The first values, by path, where they are known."""
    for saved in saved_parameters(trial):
        parameter = saved.parameter
        if saved.place is Place.STORED:
            yield saved.path, _stored(saved)
        elif saved.path in trial.outcome.updates:
            continue  # the call that builds the layer has changed it
        elif parameter.name in saved.instance.initial:
            yield saved.path, short(saved.instance.initial[parameter.name])
        elif isinstance(parameter, Weight):
            value = _first_value(_initializer(saved.instance, parameter))
            shape = saved.instance.shapes[parameter.name]
            if value is not None and shape is not None:
                dtype = "float64" if parameter.dtype.startswith("float") else None
                filled = np.full(shape, value, dtype)
                yield saved.path, typed(filled, parameter.dtype)


def _stored(saved: Saved) -> Data:
    """The value of a stored constant; a large one is read from its file."""
    constant, instance = saved.parameter, saved.instance
    assert isinstance(constant, Constant)
    value = instance.constants[constant.name]
    if isinstance(constant.source, Loaded) and not is_shown(value):
        file = data_file(instance.layer, constant)
        return call("np.load", [f"FOLDER / {quote(file)}"])
    return short(value)


def initializers(trial: Trial) -> Iterator[tuple[str, KerasObject]]:
    """Weights that are drawn, by path, and the initializer of each."""
    for saved in saved_parameters(trial):
        if isinstance(saved.parameter, Weight):
            initializer = _initializer(saved.instance, saved.parameter)
            is_computed = saved.parameter.name in saved.instance.initial
            if not is_computed and _first_value(initializer) is None:
                yield saved.path, initializer


def _initializer(instance: Instance, weight: Weight) -> KerasObject:
    """What fills a weight: its owner may have chosen it."""
    name = dict(weight.settings).get("initializer")
    given = instance.arguments.get(name) if name else None
    return given if isinstance(given, KerasObject) else weight.initializer


def _first_value(initializer: KerasObject) -> float | None:
    """The value that an initializer fills with, if it is one value."""
    parameters = dict(initializer.parameters)
    return {"zeros": 0.0, "ones": 1.0, "constant": parameters.get("value")}.get(
        initializer.name
    )


def drawn_of(trial: Trial) -> Iterator[tuple[str, Any]]:
    """By path of a drawn constant, its initializer as Keras serializes it."""
    for saved in saved_parameters(trial):
        source = getattr(saved.parameter, "source", None)
        if isinstance(source, Drawn):
            config = dict(source.initializer.parameters)
            if source.seed is not None:
                seed = saved.instance.arguments[source.seed.name]
                config["seed"] = seed + source.offset
            name = source.initializer.path.rpartition(".")[2]
            yield saved.path, {"class_name": name, "config": config}
