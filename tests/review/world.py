"""Layers before and after a change -> what Keras really does with old files."""

import inspect
import sys
import tempfile
import types
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import keras
import numpy as np

from layergen.artifact import Target
from layergen.compiler import hoist, layer_context, render
from layergen.emit.array_argument import array_dtype
from layergen.emit.arrays import data_file
from layergen.layer import KerasObject, Layer, Loaded
from layergen.oracle.tensors import each_shape, first_shape
from layergen.review.change import Witness
from layergen.review.fitting import fits
from layergen.review.samples import planned_of
from layergen.review.values import adapted, candidates, takes
from layergen.verify.model import draw_inputs, fill, refill, variables_of

Class = Any


@lru_cache(maxsize=8)
def source_of(layer: Layer) -> str:
    """The text of the class."""
    return render("layer.py.jinja", layer_context(hoist(layer), None, Target()))


def define(layer: Layer, folder: Path) -> Class:
    """The class, the only one that is registered with Keras."""
    keras.saving.get_custom_objects().clear()
    for owned in _owned(layer):
        package = types.ModuleType(f"generated.{owned.package}")
        package.__path__ = []
        sys.modules.setdefault(package.__name__, package)
        made = _module(owned, folder)
        sys.modules[made.__name__] = made
    return getattr(_module(layer, folder), layer.name)


def _owned(layer: Layer) -> Iterator[Layer]:
    """The layers of other specs that it is made of, the innermost first."""
    for sublayer in layer.sublayers:
        if not sublayer.keras:
            yield from _owned(sublayer.layer)
            yield sublayer.layer


def _module(layer: Layer, folder: Path) -> types.ModuleType:
    """The module that is generated of a layer."""
    module = types.ModuleType(f"generated.{layer.package}.{layer.module}")
    module.__file__ = str(folder / f"{layer.module}.py")
    for constant in layer.constants:
        if isinstance(constant.source, Loaded):
            array = constant.source.array.astype(array_dtype(constant.dtype))
            np.save(folder / data_file(layer, constant), array)
    exec(compile(source_of(layer), module.__file__, "exec"), module.__dict__)
    return module


@contextmanager
def _registered_apart() -> Iterator[None]:
    """Leave registered classes and imported modules as they were."""
    registered = keras.saving.get_custom_objects()
    others, modules = dict(registered), dict(sys.modules)
    try:
        yield
    finally:
        registered.clear()
        registered.update(others)
        for name in [n for n in sys.modules if n.startswith("generated")]:
            del sys.modules[name]
            if name in modules:
                sys.modules[name] = modules[name]


@dataclass
class Truth:
    """What happened to the instances that were tried."""

    config: list[str] = field(default_factory=list)
    checkpoint: list[str] = field(default_factory=list)
    guessed: list[str] = field(default_factory=list)
    is_fair: bool = False
    numeric: list[str] = field(default_factory=list)
    training: list[str] = field(default_factory=list)
    caller: list[str] = field(default_factory=list)
    tried: int = 0


def as_made_after(before: Layer, after: Layer) -> Iterator[Witness]:
    """Instances with arguments, or shapes, that the layer after is tried with."""
    arguments, shapes = next(planned_of(before), ({}, {}))
    others, shapes_after = next(planned_of(after), ({}, {}))
    versions = {argument.name: argument for argument in before.arguments}
    fitting = {
        k: v for k, v in others.items() if k in versions and takes(versions[k], v)
    }
    yield Witness({**arguments, **fitting}, shapes)
    taken = {
        member.name: shapes_after[member.name]
        for member in before.inputs
        if member.name in shapes_after and fits(member, shapes_after[member.name])
    }
    if taken.keys() >= {member.name for member in before.required_inputs}:
        yield Witness(arguments, taken)
        yield Witness({**arguments, **fitting}, taken)


def as_both_take(before: Layer, after: Layer, witness: Witness) -> Witness:
    """The same with other values for those that are refused after.

    Where a config is refused, what becomes of the weights shows in a layer that is made
    in code, with the same values; so there must be some that both versions take.
    """
    versions = {argument.name: argument for argument in after.arguments}
    given = dict(witness.arguments)
    for argument in before.arguments:
        other = versions.get(argument.name)
        value = given.get(argument.name, argument.default)
        if other is not None and value is not None and not takes(other, value):
            for each in candidates(argument, other):
                if each is not None and takes(argument, each) and takes(other, each):
                    given[argument.name] = each
                    break
    return replace(witness, arguments=given)


def model_of(cls: Class, layer: Layer, witness: Witness) -> Any:
    """A model of one layer."""
    given: dict[str, Any] = {}
    tensors: list[Any] = []
    for member in layer.inputs:
        if member.name in witness.shapes:
            shapes = witness.shapes[member.name]
            dtype = {"float": "float32"}.get(member.dtype, member.dtype)
            each = shapes if member.is_list else [shapes]
            made = [keras.Input(batch_shape=s, dtype=dtype) for s in each]
            given[member.name] = made if member.is_list else made[0]
            tensors += made
    known = {argument.name for argument in layer.arguments}
    arguments = {
        name: value
        for name, value in witness.arguments.items()
        if name in known and not isinstance(value, KerasObject)
    }
    subject = cls(**arguments, name="subject")
    leads = [m.name for m in layer.inputs[: len(given)]] == list(given)
    if witness.by_keyword or not leads:
        outputs = subject(**given, **witness.flags)
    else:
        outputs = subject(*given.values(), **witness.flags)
    return keras.Model(tensors, outputs)


def compare(
    before: Layer,
    after: Layer,
    instances: list[Witness],
    renamed: Mapping[str, str],
    arguments: Mapping[str, str],
    folder: Path,
) -> Truth:
    """What the layer after does with what was saved of the layer before."""
    truth = Truth()
    with warnings.catch_warnings(), _registered_apart():
        warnings.simplefilter("ignore")
        for witness in instances:
            _try(before, after, witness, renamed, arguments, folder, truth)
    if not truth.is_fair:  # no instance is taken as it is
        truth.checkpoint = truth.guessed
    return truth


def _try(before, after, witness, renamed, arguments, folder, truth) -> None:
    cls = define(before, folder)
    keras.utils.set_random_seed(3)
    try:
        old = model_of(cls, before, witness)
    except Exception:
        return  # nobody can have saved it
    values = fill(old)
    inputs = None if before.random_ops or before.draws_freely else _draw(old)
    outputs = _run(old, inputs, values)
    truth.tried += 1
    shown = f"{dict(witness.arguments)} {dict(witness.shapes)}"
    signature = inspect.signature(cls.__init__)
    refill(old, values)
    _save_as_older(cls, witness)
    with tempfile.TemporaryDirectory() as place:
        model_file, weights_file = f"{place}/m.keras", f"{place}/m.weights.h5"
        old.save(model_file)
        old.save_weights(weights_file)
        new_class = define(after, folder)
        loaded = None
        try:
            loaded = keras.models.model_from_json(old.to_json())
            truth.is_fair = True
        except Exception as error:
            truth.config.append(f"{shown}: {type(error).__name__}: {str(error)[-300:]}")
        whole = None
        try:
            whole = keras.models.load_model(model_file)
        except Exception as error:
            reason = f"{type(error).__name__}: {str(error)[:300]}"
            if loaded is not None:
                truth.checkpoint.append(f"{shown}: {reason}")
        else:
            assert loaded is not None, shown
        if loaded is None:
            _load_weights(
                new_class,
                after,
                witness,
                renamed,
                arguments,
                weights_file,
                values,
                shown,
                truth,
                before,
            )
        if whole is not None:
            truth.checkpoint += _misplaced(whole, values, renamed, shown)
            new = None
            try:
                if outputs is not None:
                    new = [_flat(whole(inputs, training=t)) for t in (False, True)]
            except Exception as error:
                truth.numeric.append(
                    f"{shown}: {type(error).__name__}: {str(error)[:200]}"
                )
            if new is not None:
                for kind, one, other in zip(
                    ("numeric", "training"), outputs, new, strict=True
                ):
                    if not _agree(one, other):
                        getattr(truth, kind).append(f"{shown}: outputs differ")
    gone = {argument.name for argument in after.deprecated}
    _compare_signatures(signature, inspect.signature(new_class.__init__), gone, truth)


def _save_as_older(cls: Class, witness: Witness) -> None:
    """Let the class write what an older version of it wrote."""
    get_config = cls.get_config
    if witness.package:
        keras.saving.register_keras_serializable(package=witness.package)(cls)

    def older(self: Any) -> dict[str, Any]:
        config = get_config(self)
        named = {witness.former.get(name, name): config[name] for name in config}
        return {**named, **dict.fromkeys(witness.gone, 1)}

    cls.get_config = older


def _run(
    model: Any, inputs: list[Any] | None, values: Mapping[str, Any]
) -> list[Any] | None:
    """The outputs without and in training; None if there are none that stay the same.

    TensorFlow fills what comes of an image that is smaller than a window at random.
    """
    if inputs is None:
        return None
    rounds = []
    try:
        for _ in range(2):
            refill(model, values)  # what training has moved
            rounds.append([_flat(model(inputs, training=t)) for t in (False, True)])
    except Exception:
        return None  # a place in a table that is not there
    return rounds[0] if all(map(_agree, *rounds)) else None


def _flat(outputs: Any) -> list[Any]:
    """The arrays of one output or several."""
    return [np.asarray(each) for each in keras.tree.flatten(outputs)]


def _agree(outputs: list[Any], others: list[Any]) -> bool:
    """Whether outputs are the same but for rounding."""
    return len(outputs) == len(others) and all(
        one.shape == other.shape
        and one.dtype == other.dtype
        and np.allclose(one, other, rtol=1e-4, atol=1e-5, equal_nan=True)
        for one, other in zip(outputs, others, strict=True)
    )


def _load_weights(
    cls, after, witness, renamed, arguments, file, values, shown, truth, before
) -> None:
    """Load the weights alone into a model of the layer after that is made in code."""
    full = {a.name: a.default for a in before.arguments if not a.required}
    full |= dict(witness.arguments)
    full = {k: v for k, v in full.items() if not isinstance(v, KerasObject)}
    known = {a.name for a in after.arguments}
    given = {}
    for name, value in full.items():
        new = arguments.get(name, name)
        if new in known and not (name.endswith("seed") and value is None):
            version = next(a for a in after.arguments if a.name == new)
            given[new] = value if takes(version, value) else adapted(version, value)
    guess = next(planned_of(after), ({}, {}))[0]
    is_fair = True
    for argument in after.arguments:
        if argument.required and argument.name not in given:
            given[argument.name] = guess.get(argument.name)
            is_fair = False
        elif argument.name in given and not takes(argument, given[argument.name]):
            given[argument.name] = guess.get(argument.name, argument.default)
            is_fair = False
    model = None
    for i, shapes in enumerate(_shapes_for(before, after, witness)):
        with suppress(Exception):
            model = model_of(cls, after, Witness(given, shapes))
            is_fair &= i == 0
            break
    if model is None:
        return
    try:
        model.load_weights(file)
    except Exception as error:
        found = [f"{shown}: weights: {str(error)[:300]}"]
    else:
        found = _misplaced(model, values, renamed, shown)
    truth.is_fair |= is_fair
    (truth.checkpoint if is_fair else truth.guessed).extend(found)


def _shapes_for(before: Layer, after: Layer, witness: Witness) -> Iterator[Any]:
    """Shapes for the layer after: by place, or with the sizes of the same names.

    A model that is written anew gives each tensor to the input of its name, also where
    inputs have changed places.
    """
    names = [m.name for m in after.inputs]
    shapes = list(witness.shapes.values())
    if {m.name for m in before.inputs} == set(names):
        names = list(witness.shapes)
    yield dict(zip(names, shapes, strict=False))
    sizes = {}
    for member in before.inputs:
        if member.name in witness.shapes:
            shape = first_shape(member, witness.shapes)
            for position, size in enumerate(member.shape):
                if isinstance(size, str) and size != "...":
                    sizes[size] = shape[member.axis(position)]
    guess = next(planned_of(after), ({}, {}))[1]
    found = {}
    for member in after.inputs:
        if member.name in guess:
            listed = [list(each) for each in each_shape(member, guess)]
            for position, size in enumerate(member.shape):
                for each in listed:
                    if size in sizes:
                        each[member.axis(position)] = sizes[size]
            made = [tuple(each) for each in listed]
            found[member.name] = made if member.is_list else made[0]
    yield found
    yield {m.name: shapes[0] for m in after.inputs}


def _misplaced(
    model: Any, values: Mapping[str, Any], renamed: Mapping[str, str], shown: str
) -> list[str]:
    """A value that is not where it was."""
    now = {path: np.array(w).astype(float) for path, w in variables_of(model).items()}
    for path, value in values.items():
        other = now.get(renamed.get(path, path))
        if other is None or not np.array_equal(other, value.astype(float)):
            return [f"{shown}: `{path}` is not where it was"]
    return []


def _draw(model: Any) -> list[Any] | None:
    """Inputs; none if another size than the batch is unknown."""
    if any(None in tensor.shape[1:] for tensor in model.inputs):
        return None
    shapes = [tuple(size or 2 for size in tensor.shape) for tensor in model.inputs]
    return draw_inputs(model, shapes)


def _compare_signatures(
    old: inspect.Signature, new: inspect.Signature, gone: set[str], truth: Truth
) -> None:
    """Calls of the constructor that no longer work, or mean something else.

    One that is `gone` is still taken: its default says only that it is not given.
    """
    was = [p for p in old.parameters.values() if p.name not in ("self", "kwargs")]
    now = [p for p in new.parameters.values() if p.name not in ("self", "kwargs")]
    names = [p.name for p in now]
    if names[: len(was)] != [p.name for p in was]:
        truth.caller.append(f"{[p.name for p in was]} -> {names}")
    for p in was:
        other = new.parameters.get(p.name)
        if other is None or p.default is p.empty or p.name.endswith(_SETTINGS):
            continue
        if p.name in gone:
            continue
        if other.default is other.empty or _differ(p.default, other.default):
            truth.caller.append(f"default of {p.name}: {p.default} -> {other.default}")
    if any(p.default is p.empty and p.name not in old.parameters for p in now):
        truth.caller.append("a new argument must be given")


def _differ(one: Any, other: Any) -> bool:
    """Whether defaults mean different things; one number stands for several of it."""
    for single, several in ((one, other), (other, one)):
        if isinstance(several, tuple) and not isinstance(single, tuple):
            return set(several) != {single}
    return bool(one != other)


_SETTINGS = ("_initializer", "_regularizer", "_constraint")
"""Their defaults are about training."""
