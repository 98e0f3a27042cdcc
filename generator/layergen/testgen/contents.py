"""What the template of a generated test sees. What is empty is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from layergen.emit.doc import quote
from layergen.testgen.case import Case, Shapes
from layergen.testgen.data import Data, arrays_in
from layergen.testgen.statements import write_statements


@dataclass(frozen=True, eq=False)
class TestContext:
    """One generated test file. What is empty is left out, and the tests about it.

    Attributes:
        header: the comment line that names the spec.
        module: dotted import path of the layer's module.
        layer: the class name.
        package: the Keras package of the layer.
        former_packages: those that it was in.
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
        former_names: pairs: what an entry of the config was called, and what now.
        deprecated: arguments that may be given, with a warning, and have no effect.
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
        has_scalars: whether a case gives a tensor without axes, so without a batch.
        is_trained: whether a case gives none, and training reaches a weight.
        has_training: whether `call` has the argument `training`.
        has_indices: whether all inputs are integers, which `call` casts.
        random_functions: the functions of `keras.random` that `call` draws with.
        draws_freely: whether a layer of Keras within it draws in training.
        draw_seed: name of the argument that seeds them.
        keeps_no_seed: whether that argument stays None in the config.
        gradients: the source of the cases at which a float output depends smoothly
            on every trainable weight and float input; empty if there are none.
    """

    __test__ = False  # pytest collects what is called Test...

    header: str
    module: str
    layer: str
    package: str
    former_packages: tuple[str, ...]
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
    former_names: Sequence[tuple[str, str]] = ()
    deprecated: Sequence[str] = ()
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
    has_scalars: bool = False
    is_trained: bool = True
    has_training: bool = False
    has_indices: bool = False
    random_functions: frozenset[str] = frozenset()
    draws_freely: bool = False
    draw_seed: str = ""
    keeps_no_seed: bool = False
    gradients: str = "CASES"

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
    def former_registered_names(self) -> list[str]:
        """Literals: the names by which Keras knew it."""
        return [quote(f"{package}>{self.layer}") for package in self.former_packages]

    @property
    def seed_name(self) -> str:
        """A literal: the name of the argument that seeds drawn constants."""
        return quote(self.seed)

    @property
    def has_files(self) -> bool:
        """Whether a stored constant is read from a file beside the module."""
        return any(
            not isinstance(value, np.ndarray)
            for case in self.cases
            for value in case.weights.values()
        )

    @property
    def has_training_state(self) -> bool:
        """Whether there are states that only a training step changes."""
        return bool(self.state) and self.updates_in_training_only

    @property
    def has_reference(self) -> bool:
        """Whether a fresh layer tells what training must change or keep."""
        return self.has_training_state or bool(self.stored)

    @property
    def updates_in_training_only(self) -> bool:
        """Whether a call without `training` leaves the states alone."""
        return self.has_training and not self.updates_always

    @property
    def is_batched(self) -> bool:
        """Whether inputs and outputs are of as many samples, as `fit` wants."""
        first = self.cases[0]
        arrays = arrays_in([*first.inputs.values(), first.outputs])
        return len({np.shape(array)[:1] for array in arrays}) == 1

    @property
    def has_scalar_outputs(self) -> bool:
        """Whether an output has no axes: NumPy takes no such bfloat16 of TensorFlow."""
        outputs = [case.outputs for case in self.cases]
        outputs += [variant.outputs for case in self.cases for variant in case.variants]
        return any(np.ndim(array) == 0 for array in arrays_in(outputs))

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
    def has_shared_initializers(self) -> bool:
        """Whether an argument is the initializer of several weights."""
        return any(
            kind == "initializer" and len(paths) > 1
            for kind, _, paths in self.configurable.values()
        )

    @property
    def has_unknown_shapes(self) -> bool:
        """Whether the output shape is computed from sizes that `build` needs."""
        return self.unknown_shapes is not None

    @property
    def data(self) -> str:
        """The data of the tests: assignments to names in capitals."""
        facts: dict[str, Data] = {
            "trainable": self.trainable,
            "state": self.state,
            "accumulated": self.accumulated,
            "stored": self.stored,
            "filled": self.filled,
            "array_arguments": self.array_arguments,
            "configurable": self.configurable,
            "initializers": self.initializers,
            "sublayers": self.sublayers,
            "defaults": self.defaults,
            "former_names": list(self.former_names),
            "deprecated": list(self.deprecated),
            "valid_arguments": list(self.valid_arguments),
            "invalid_arguments": list(self.invalid_arguments),
            "invalid_builds": list(self.invalid_builds),
            "invalid_flags": list(self.invalid_flags),
            "invalid_shapes": list(self.invalid_shapes),
            "invalid_numbers": list(self.invalid_numbers),
            "changed_shapes": list(self.changed_shapes),
            "unknown_shapes": self.unknown_shapes,
        }
        return write_statements(self.cases, facts, self._unused())

    def _unused(self) -> set[str]:
        """Fields of cases and of their variants that no case of this layer fills."""
        filled = {
            "weights": self.has_weights,
            "absent": self.has_absent,
            "initial": self.has_initial,
            "constants": self.has_constants,
            "training_outputs": self.has_training,
            "state": self.state,
            "drawn": self.has_drawn,
            "attributes": self.has_attributes,
            "losses": self.has_losses,
            "training_losses": self.has_losses and self.has_training,
            "draws": self.random_functions or self.draws_freely,
            "variants": self.has_variants,
            "flags": self.has_flags,
            "masks": self.has_masks,
            "mask": self.has_masks,
        }
        return {name for name, is_filled in filled.items() if not is_filled}
