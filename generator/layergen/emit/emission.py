"""Layer -> Emission: what all methods of the generated class must agree on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from layergen.emit.doc import Doc, quote
from layergen.emit.precise import precise_dtypes
from layergen.emit.shapes import shape_names
from layergen.emit.stage import COMPUTE_DTYPE, Stage
from layergen.emit.statement import Lines as Lines
from layergen.expr import ir
from layergen.expr.op import dtype_kind
from layergen.layer import (
    Argument,
    Constant,
    Deprecated,
    Layer,
    Parameter,
    Weight,
)
from layergen.passes.place import Place, Placement, place_parameters, stored_arguments

Method: TypeAlias = tuple[Doc, str, Lines]
"""A method's header, docstring and body."""


@dataclass
class Emission:
    """The facts of one class, and how names are spelled in each of its methods.

    Attributes:
        layer: the layer, after all passes.
    """

    layer: Layer

    @cached_property
    def places(self) -> Mapping[str, Placement]:
        """Where every parameter lives."""
        return place_parameters(self.layer)

    @cached_property
    def arguments(self) -> tuple[Argument, ...]:
        """The constructor's arguments, in its order: those that must be given first.

        One whose values live in the checkpoint may be left out for its shape.
        """
        return tuple(sorted(self.layer.arguments, key=self._may_be_left_out))

    def _may_be_left_out(self, argument: Argument) -> bool:
        return not argument.required or argument.name in self.stored

    @cached_property
    def signature(self) -> tuple[Argument | Deprecated, ...]:
        """The arguments and, where they stood, those that have no effect any more."""
        signature: list[Argument | Deprecated] = list(self.arguments)
        for gone in self.layer.deprecated:
            places = (
                i
                for i, a in enumerate(signature)
                if isinstance(a, Argument)
                and self._may_be_left_out(a)
                and a.name not in gone.follows
            )
            signature.insert(next(places, len(signature)), gone)
        return tuple(signature)

    @cached_property
    def stored(self) -> Mapping[str, Constant]:
        """The array arguments of which the config holds the shape only."""
        return stored_arguments(self.layer)

    @cached_property
    def former_names(self) -> Mapping[str, str]:
        """The entries of a config by the names that they had."""
        return {
            f"{old}{ending}": f"{argument.name}{ending}"
            for argument in self.layer.arguments
            for old in argument.renamed_from
            for ending in ["_shape" if argument.name in self.stored else ""]
        }

    @cached_property
    def attributes(self) -> Mapping[str, Doc]:
        """The source of every argument and parameter, outside of `call`."""
        names = [argument.name for argument in self.layer.arguments]
        names += [sublayer.name for sublayer in self.layer.sublayers]
        arguments = {name: f"self.{name}" for name in names}
        return arguments | {
            name: name if p.place is Place.LOCAL else f"self.{p.attribute}"
            for name, p in self.places.items()
        }

    @cached_property
    def has_autocast(self) -> bool:
        """Whether Keras may cast: not if all inputs are whole numbers.

        Then it is off, so that ids do not become floats of half precision; but weights
        are not cast either.
        """
        return any(dtype_kind(m.dtype) is ir.Kind.FLOAT for m in self.layer.inputs)

    @cached_property
    def saved(self) -> tuple[Parameter, ...]:
        """The parameters that are weights in Keras's sense."""
        return tuple(p for p in self.layer.parameters if self.places[p.name].is_saved)

    def array_stage(self, dims: Mapping[str, Doc]) -> Stage:
        """Before the call: NumPy arrays and Python numbers."""
        shapes = shape_names(self.layer)
        lists = {m.name: shapes[m.name] for m in self.layer.inputs if m.is_list}
        names = {**self.attributes, **dims, **lists}
        return Stage(names, tensors=False, shapes=shapes)

    def call_stage(self) -> Stage:
        """In the call: tensors; converted constants are local names."""
        local = {name for name, _ in self.converted()}
        names = {n: source for n, source in self.attributes.items() if n not in local}
        return Stage(
            {**names, **self._call_dims()},
            tensors=True,
            uncast=frozenset(p.name for p in self.saved if self.is_uncast(p)),
            variables=frozenset(p.name for p in self.saved),
            optional=frozenset(self._optional()),
        )

    def _optional(self) -> Iterator[str]:
        """The names of what may not exist in a call."""
        for member in self.layer.inputs:
            if member.optional:
                yield member.name
        for weight in self.layer.weights:
            if weight.when is not None:
                yield weight.name

    def _call_dims(self) -> dict[str, Doc]:
        """Sizes in the call: static where they must be known, else as they come."""
        sources: dict[str, Doc] = {}
        lists = {member.name for member in self.layer.inputs if member.is_list}
        for dim in self.layer.dims.values():
            static = dim.name in self.layer.required_dims
            tensor = f"{dim.input}[0]" if dim.input in lists else dim.input
            shape = f"{tensor}.shape" if static else f"ops.shape({tensor})"
            sources[dim.name] = f"{shape}[{dim.axis}]"
        return sources

    def is_uncast(self, parameter: Parameter) -> bool:
        """Whether a weight of floats keeps its own dtype until it is used."""
        if dtype_kind(parameter.dtype) is not ir.Kind.FLOAT:
            return False
        own = isinstance(parameter, Weight) and parameter.dtype != "float"
        return own or not self.has_autocast or self.is_fixed(parameter)

    def is_fixed(self, parameter: Parameter) -> bool:
        """Whether a weight asks Keras not to cast it."""
        fixed = isinstance(parameter, Weight) and not parameter.autocast
        place = self.places[parameter.name].place
        fixed |= place in (Place.STORED, Place.STATE)
        return fixed or (place is Place.DRAWN and self._is_precise(parameter.name))

    def _is_precise(self, name: str) -> bool:
        """Whether every use of a drawn constant casts it to one dtype of its own."""
        return bool(precise_dtypes(self.layer.body, {name}))

    @cached_property
    def precise(self) -> Mapping[str, str]:
        """The arrays that `call` makes tensors of another dtype than its own."""
        floats = {n for n, dtype in self._converted() if dtype == COMPUTE_DTYPE}
        return precise_dtypes(self.layer.body, floats)

    def converted(self) -> Iterator[tuple[str, Doc]]:
        """The arrays that `call` makes tensors, and the source of dtypes not theirs."""
        for name, dtype in self._converted():
            yield name, quote(self.precise[name]) if name in self.precise else dtype

    def _converted(self) -> Iterator[tuple[str, Doc]]:
        arrays = {a.name for a in self.layer.arguments if a.type == "array"}
        for argument in self.layer.arguments:
            if argument.name in arrays and argument.name not in self.stored:
                yield argument.name, tensor_dtype(argument.dtype)
        for constant in self.layer.constants:
            placement = self.places[constant.name]
            is_array = placement.place is Place.ATTRIBUTE
            is_array |= (
                placement.place is Place.ARGUMENT and placement.attribute in arrays
            )
            if is_array:
                yield constant.name, tensor_dtype(constant.dtype)


def tensor_dtype(dtype: str) -> Doc:
    """The source of the dtype that a constant's tensor takes, if not its own."""
    return COMPUTE_DTYPE if dtype_kind(dtype) is ir.Kind.FLOAT else ""
