"""What the template of a generated test sees: a frozen `TestContext`, made of `Case`s.

Whoever makes one gives plain data (see `layergen.testgen.data`); `data`, the top of
the test file, is laid out here in black's shape, and the flags that leave out tests
follow from what there is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields

import numpy as np

from layergen.emit.doc import Doc, call, keyword, list_of, quote
from layergen.emit.layout import layout
from layergen.emit.statement import assignment
from layergen.testgen.data import Data, data_doc

Shapes = Mapping[str, Data]  # by call argument: a shape, or a list of shapes
Outputs = Data
"""An array, or a list of arrays; several outputs in a tuple."""


@dataclass(frozen=True, eq=False)
class CaseVariant:
    """A call, without `training`, that gives more than the inputs.

    Attributes:
        outputs: what it yields.
        flags: the flags that it gives.
        masks: by `call` argument, the mask that comes with that input.
        mask: the mask that the next layer then receives; None for none.
    """

    outputs: Outputs
    flags: Mapping[str, Data] = field(default_factory=dict)
    masks: Mapping[str, np.ndarray] = field(default_factory=dict)
    mask: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class Case:
    """One instance of the layer, and what is expected of it.

    Mappings of weights go by the weight's path below the layer: `kernel` for its own,
    `query/kernel` for one of a sublayer. Float arrays are float64, also where the
    layer computes in float32. Their values must hold in float32 to 1e-5 of the
    largest, in half precision to 2e-2: choose short, small numbers.

    Attributes:
        id: the case's name, unique in the file.
        arguments: constructor arguments. No regularizer or constraint, since they
            change the gradient. Values other than the defaults show more. A layer
            with a seed argument is given a seed.
        config: what `get_config` must hold beside `name`, `trainable` and `dtype`:
            each argument in its JSON form, defaults too. Left out: initializers and
            other objects, and arrays whose values live in the checkpoint.
        inputs: by `call` argument, an array or a list of arrays; the first axis is the
            batch. Integer arrays keep their dtype. At least two samples, indices in
            range, further than 1e-2 from any kink or jump of `call`.
        weights: every entry of `layer.weights`: states and stored constants too. They
            are assigned before outputs are compared, so none should equal its initial
            value (a constant stored from an argument must), and no trainable one
            should have a vanishing gradient.
        absent: names of weights and sublayers that these arguments leave out.
        initial: the values after `build` where they are known: from initializers
            such as zeros, and constants stored from an argument or file.
        drawn: by path of a constant drawn from an initializer, that initializer as
            Keras serializes it, seed included: `{"class_name": ..., "config": ...}`.
        constants: by attribute, constants kept as NumPy arrays; float64, int32, bool.
        attributes: by name, the public attributes; lists stand for tuples too.
        outputs: of `call` without `training`. Here and below, with the numbers of
            `layergen.oracle.draws` in place of random ones.
        shapes: pairs of symbolic input shapes and the output shape, None where a size
            is unknown: unknown batch, then all else that may be unknown, other ranks.
            As the layer returns them: a list of shapes where there is a list of
            tensors, a tuple of these for several outputs.
        training_outputs: of `call` with `training=True`, if it has that argument.
        state: what that call (else a plain one) leaves in the states.
        losses: what a call without `training` adds to the loss, in order.
        training_losses: likewise with `training=True`.
        draws: the values of `training` with which other random numbers yield other
            outputs; False stands for a plain call.
        variants: calls with other flags than the defaults, and with masks.
    """

    id: str
    arguments: Mapping[str, Data]
    config: Mapping[str, Data]
    inputs: Mapping[str, Data]
    weights: Mapping[str, Data]
    absent: Sequence[str]
    initial: Mapping[str, Data]
    constants: Mapping[str, np.ndarray]
    outputs: Outputs
    shapes: Sequence[tuple[Shapes, Data]]
    training_outputs: Outputs | None = None
    state: Mapping[str, np.ndarray] = field(default_factory=dict)
    drawn: Mapping[str, Data] = field(default_factory=dict)
    attributes: Mapping[str, Data] = field(default_factory=dict)
    losses: Sequence[np.ndarray] = ()
    training_losses: Sequence[np.ndarray] = ()
    draws: Sequence[bool] = ()
    variants: Sequence[CaseVariant] = ()


@dataclass(frozen=True, eq=False)
class TestContext:
    """One generated test file. What is empty is left out, and the tests about it.

    Attributes:
        header: the comment line that names the spec.
        module: dotted import path of the layer's module.
        layer: the class name.
        package: the Keras package of the layer.
        cases: at least one. The costly tests take the first only: it should have
            every weight, and no argument at its default.
        policies: a literal, the tolerance of each dtype policy but float64.
        step: a literal, how wide a difference quotient in float32 is.
        double: a literal, the tolerance of float64.
        constant: a literal, the tolerance of constants.
        trainable: paths of trainable weights, of every case.
        state: paths of weights that a call in training mode changes.
        accumulated: paths of float states whose new value adds to their old one, and
            which are kept in float32 under mixed policies; for each the number of a
            case after which it is no short binary fraction.
        stored: paths of constants among the weights, drawn ones included.
        seed: name of the argument that seeds drawn constants, if it may be left out.
        filled: by path, stored constants that are filled from an array argument, with
            the attribute that keeps the array until then.
        data_format: name of the argument that says where channels are, if there is one.
        array_arguments: for each array argument the dtype that the layer keeps it in:
            an array of that very dtype is one that NumPy would not copy by itself.
        configurable: for each constructor argument that sets up weights, such as
            `kernel_initializer`: what it is (`initializer`), its default, and the paths
            of these weights in the first case, which must leave it at the default.
        initializers: by path, what draws each other weight of the first case.
        sublayers: by attribute, the names of the layers that the first case owns.
        defaults: what the config holds of arguments that are left out.
        valid_arguments: pairs: arguments that may be put over those of the first case,
            and what the config then holds.
        invalid_arguments: pairs: arguments that, put over those of the first case,
            raise a ValueError, and a fragment of its message.
        invalid_builds: arguments that, put over those of the first case, and symbolic
            input shapes that `build` then refuses with a ValueError, and a fragment.
        invalid_flags: the same of the flags of a call.
        invalid_shapes: pairs: symbolic input shapes that a fresh layer refuses with a
            ValueError, and a fragment.
        invalid_numbers: how many tensors a list, the only input, must not have.
        changed_shapes: the same for a layer that the first case's inputs have built.
        unknown_shapes: input shapes without any size, and the output shape, if sizes
            that `build` needs take part in it.
        updates_always: whether a call without `training` changes states too.
        has_penalties: whether a weight has a regularizer or a constraint by default.
        is_precise: whether all is computed in float64 if the policy says so.
        has_several_outputs: whether `call` returns several tensors, or a list.
        has_nested_outputs: whether the outputs are a tuple with a list in it, for which
            Keras has no losses.
        has_several_inputs: whether `call` takes more than one tensor.
        has_training: whether `call` has the argument `training`.
        has_indices: whether all inputs are integers, which `call` casts.
        random_functions: the functions of `keras.random` that `call` draws with.
        draws_freely: whether a layer of Keras within it draws in training.
        draw_seed: name of the argument that seeds them.
        keeps_no_seed: whether that argument stays None in the config.
        is_differentiable: whether there is a float output, and it depends smoothly
            on every trainable weight and float input, at the cases' inputs.
    """

    __test__ = False  # pytest collects what is called Test...

    header: str
    module: str
    layer: str
    package: str
    cases: tuple[Case, ...]
    policies: str
    step: str
    double: str
    constant: str
    trainable: frozenset[str] = frozenset()
    state: frozenset[str] = frozenset()
    accumulated: Mapping[str, int] = field(default_factory=dict)
    stored: frozenset[str] = frozenset()
    seed: str = ""
    filled: Mapping[str, str] = field(default_factory=dict)
    data_format: str = ""
    array_arguments: Mapping[str, str] = field(default_factory=dict)
    configurable: Mapping[str, tuple[str, Data, list[str]]] = field(
        default_factory=dict
    )
    initializers: Mapping[str, Data] = field(default_factory=dict)
    sublayers: Mapping[str, list[str]] = field(default_factory=dict)
    defaults: Mapping[str, Data] = field(default_factory=dict)
    valid_arguments: Sequence[tuple[Mapping[str, Data], Mapping[str, Data]]] = ()
    invalid_arguments: Sequence[tuple[Mapping[str, Data], str]] = ()
    invalid_builds: Sequence[tuple[Mapping[str, Data], Shapes, str]] = ()
    invalid_flags: Sequence[tuple[Mapping[str, Data], str]] = ()
    invalid_shapes: Sequence[tuple[Shapes, str]] = ()
    invalid_numbers: Sequence[int] = ()
    changed_shapes: Sequence[tuple[Shapes, str]] = ()
    unknown_shapes: tuple[Shapes, Data] | None = None
    updates_always: bool = False
    has_penalties: bool = False
    is_precise: bool = True
    has_nested_outputs: bool = False
    has_several_inputs: bool = False
    has_several_outputs: bool = False
    has_training: bool = False
    has_indices: bool = False
    random_functions: frozenset[str] = frozenset()
    draws_freely: bool = False
    draw_seed: str = ""
    keeps_no_seed: bool = False
    is_differentiable: bool = True

    @property
    def import_statement(self) -> str:
        """The import of the layer."""
        line = f"from {self.module} import {self.layer}"
        wrapped = f"from {self.module} import (\n    {self.layer},\n)"
        return line if len(line) <= 88 else wrapped

    @property
    def registered_name(self) -> str:
        """A literal: the name by which Keras knows the class."""
        return quote(f"{self.package}>{self.layer}")

    @property
    def seed_name(self) -> str:
        """A literal: the name of the argument that seeds drawn constants."""
        return quote(self.seed)

    @property
    def has_data_format(self) -> bool:
        """Whether an argument says where channels are."""
        return bool(self.data_format)

    @property
    def has_files(self) -> bool:
        """Whether a stored constant is read from a file beside the module."""
        return any(
            not isinstance(value, np.ndarray)
            for case in self.cases
            for value in case.weights.values()
        )

    @property
    def has_trainable(self) -> bool:
        """Whether any case has a trainable weight."""
        return bool(self.trainable)

    @property
    def has_state(self) -> bool:
        """Whether a call in training mode changes any weight."""
        return bool(self.state)

    @property
    def has_training_state(self) -> bool:
        """Whether there are states that only a training step changes."""
        return self.has_state and self.updates_in_training_only

    @property
    def has_reference(self) -> bool:
        """Whether a fresh layer tells what training must change or keep."""
        return self.has_training_state or self.has_stored

    @property
    def updates_in_training_only(self) -> bool:
        """Whether a call without `training` leaves the states alone."""
        return self.has_training and not self.updates_always

    @property
    def has_accumulated(self) -> bool:
        """Whether any state adds up over calls."""
        return bool(self.accumulated)

    @property
    def has_stored(self) -> bool:
        """Whether constants live among the weights."""
        return bool(self.stored)

    @property
    def has_filled(self) -> bool:
        """Whether array arguments fill stored constants."""
        return bool(self.filled)

    @property
    def has_drawn(self) -> bool:
        """Whether constants are drawn from an initializer."""
        return any(case.drawn for case in self.cases)

    @property
    def has_masks(self) -> bool:
        """Whether the layer has to do with masks."""
        return any(
            v.masks or v.mask is not None for c in self.cases for v in c.variants
        )

    @property
    def has_flags(self) -> bool:
        """Whether calls give flags."""
        return any(variant.flags for case in self.cases for variant in case.variants)

    @property
    def has_variants(self) -> bool:
        """Whether there are calls that give more than the inputs."""
        return any(case.variants for case in self.cases)

    @property
    def has_seed(self) -> bool:
        """Whether an argument seeds the drawn constants."""
        return bool(self.seed)

    @property
    def has_random(self) -> bool:
        """Whether `call` draws random numbers."""
        return bool(self.random_functions)

    @property
    def has_losses(self) -> bool:
        """Whether `call` adds to the loss in any case."""
        return any(case.losses or case.training_losses for case in self.cases)

    @property
    def has_draws(self) -> bool:
        """Whether it does in any case, from a seed of its own."""
        return bool(self.draw_seed) and any(case.draws for case in self.cases)

    @property
    def random_names(self) -> str:
        """The functions that draw, as a tuple of names."""
        names = sorted(self.random_functions)
        return f"({', '.join(names)}{',' if len(names) == 1 else ''})"

    @property
    def draw_seed_name(self) -> str:
        """A literal: the name of the argument that seeds what `call` draws."""
        return quote(self.draw_seed)

    @property
    def has_weights(self) -> bool:
        """Whether any case has a weight of any kind."""
        return any(case.weights for case in self.cases)

    @property
    def has_absent(self) -> bool:
        """Whether arguments leave out weights or sublayers."""
        return any(case.absent for case in self.cases)

    @property
    def has_initial(self) -> bool:
        """Whether any case knows an initial value."""
        return any(case.initial for case in self.cases)

    @property
    def has_attributes(self) -> bool:
        """Whether the layer shows further attributes."""
        return any(case.attributes for case in self.cases)

    @property
    def has_constants(self) -> bool:
        """Whether constants are kept as NumPy arrays."""
        return any(case.constants for case in self.cases)

    @property
    def has_array_arguments(self) -> bool:
        """Whether a constructor argument is an array."""
        return bool(self.array_arguments)

    @property
    def has_configurable(self) -> bool:
        """Whether initializers, regularizers or constraints are arguments."""
        return bool(self.configurable)

    @property
    def has_shared_initializers(self) -> bool:
        """Whether an argument is the initializer of several weights."""
        return any(
            kind == "initializer" and len(paths) > 1
            for kind, _, paths in self.configurable.values()
        )

    @property
    def has_initializers(self) -> bool:
        """Whether weights are drawn by an initializer that no argument chooses."""
        return bool(self.initializers)

    @property
    def has_sublayers(self) -> bool:
        """Whether the layer owns layers."""
        return bool(self.sublayers)

    @property
    def has_unknown_shapes(self) -> bool:
        """Whether the output shape is computed from sizes that `build` needs."""
        return self.unknown_shapes is not None

    @property
    def has_defaults(self) -> bool:
        """Whether arguments that are kept in the config may be left out."""
        return bool(self.defaults)

    @property
    def has_valid_arguments(self) -> bool:
        """Whether there is more for the constructor to accept."""
        return bool(self.valid_arguments)

    @property
    def has_invalid_arguments(self) -> bool:
        """Whether the constructor refuses anything."""
        return bool(self.invalid_arguments)

    @property
    def has_invalid_builds(self) -> bool:
        """Whether `build` refuses some arguments with some input shapes."""
        return bool(self.invalid_builds)

    @property
    def has_invalid_flags(self) -> bool:
        """Whether a call refuses any flags."""
        return bool(self.invalid_flags)

    @property
    def has_invalid_shapes(self) -> bool:
        """Whether a fresh layer refuses any input shapes."""
        return bool(self.invalid_shapes)

    @property
    def has_invalid_numbers(self) -> bool:
        """Whether the input is a list, which may be too short or too long."""
        return bool(self.invalid_numbers)

    @property
    def has_changed_shapes(self) -> bool:
        """Whether a built layer refuses any input shapes."""
        return bool(self.changed_shapes)

    @property
    def data(self) -> str:
        """The data of the tests: assignments to names in capitals."""
        statements = [assignment(name, doc) for name, doc in self._facts()]
        return "\n".join(layout(statement) for statement in statements)

    def _facts(self) -> Iterator[tuple[str, Doc]]:
        """Names in capitals, and their values."""
        yield "CASES", list_of([self._case_doc(case) for case in self.cases])
        rest: dict[str, Data] = {
            "TRAINABLE": self.trainable,
            "STATE": self.state,
            "ACCUMULATED": self.accumulated,
            "STORED": self.stored,
            "FILLED": self.filled,
            "ARRAY_ARGUMENTS": self.array_arguments,
            "CONFIGURABLE": self.configurable,
            "INITIALIZERS": self.initializers,
            "SUBLAYERS": self.sublayers,
            "DEFAULTS": self.defaults,
            "VALID_ARGUMENTS": list(self.valid_arguments),
            "INVALID_ARGUMENTS": list(self.invalid_arguments),
            "INVALID_BUILDS": list(self.invalid_builds),
            "INVALID_FLAGS": list(self.invalid_flags),
            "INVALID_SHAPES": list(self.invalid_shapes),
            "INVALID_NUMBERS": list(self.invalid_numbers),
            "CHANGED_SHAPES": list(self.changed_shapes),
            "UNKNOWN_SHAPES": self.unknown_shapes,
        }
        yield from ((name, data_doc(value)) for name, value in rest.items() if value)

    def _case_doc(self, case: Case) -> Doc:
        """A case, without the fields that no case of this layer fills."""
        values: dict[str, Data] = {f.name: getattr(case, f.name) for f in fields(case)}
        for name in ("shapes", "losses", "training_losses", "draws"):
            values[name] = list(getattr(case, name))
        values["variants"] = [self._variant_doc(variant) for variant in case.variants]
        filled = {
            "weights": self.has_weights,
            "absent": self.has_absent,
            "initial": self.has_initial,
            "constants": self.has_constants,
            "training_outputs": self.has_training,
            "state": self.has_state,
            "drawn": self.has_drawn,
            "attributes": self.has_attributes,
            "losses": self.has_losses,
            "training_losses": self.has_losses and self.has_training,
            "draws": self.has_random or self.draws_freely,
            "variants": self.has_variants,
        }
        kept = [name for name in values if filled.get(name, True)]
        items = [keyword(name, data_doc(values[name])) for name in kept]
        return call("SimpleNamespace", items)

    def _variant_doc(self, variant: CaseVariant) -> Doc:
        filled = {"flags": self.has_flags, "masks": self.has_masks}
        filled["mask"] = self.has_masks
        names = [f.name for f in fields(variant) if filled.get(f.name, True)]
        items = [keyword(name, data_doc(getattr(variant, name))) for name in names]
        return call("SimpleNamespace", items)
