"""A layer, as the compiler knows it: what `lower` yields and all later stages read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from layergen.expr import ir
from layergen.expr.ops import OPS
from layergen.layer.argument import Argument, Deprecated, KerasObject
from layergen.layer.call_input import Array, Input, Masking, Tensors, name_masks
from layergen.layer.output import Output, result_type
from layergen.layer.parameter import Constant, Drawn, Parameter, Weight
from layergen.loading.load import Document
from layergen.source import Span


@dataclass(frozen=True)
class Dim:
    """A named size: where it is read from."""

    name: str
    input: str
    axis: int


@dataclass(frozen=True)
class Requirement:
    """A condition on arguments and sizes, and what is said if it does not hold."""

    test: ir.Expr
    message: str


@dataclass(frozen=True)
class LayerShape:
    """The shape of a tensor: sizes, where `...` repeats an input's; or `like` one."""

    sizes: tuple[ir.Expr | str, ...]
    like: str | None = None


@dataclass(frozen=True, eq=False)
class Sublayer:
    """A layer, or a list of layers, that the layer owns.

    Attributes:
        name: its name.
        layer: what it is.
        keras: the class of Keras, `keras.layers.Dense`; empty for another spec's.
        files: the specs that it was read from, relative to this one, with digests.
        arguments: the constructor arguments that are given as expressions.
        objects: those that are initializers, regularizers or constraints.
        shapes: by its inputs' names, the shapes that it is built for.
        count: how many of it there are, if it is a list; `i` is the index.
        when: it exists only if this holds.
    """

    name: str
    layer: "Layer"
    keras: str
    files: tuple[tuple[str, str], ...]
    arguments: Mapping[str, ir.Expr]
    objects: Mapping[str, KerasObject]
    shapes: Mapping[str, LayerShape]
    count: ir.Expr | None
    when: ir.Expr | None
    doc: str = ""
    span: Span | None = field(default=None, repr=False)

    @property
    def expressions(self) -> tuple[ir.Expr, ...]:
        """All that decides how it is made, and for which shapes."""
        sizes = [size for shape in self.shapes.values() for size in shape.sizes]
        exprs = [*self.arguments.values(), self.count, self.when]
        exprs += [size for size in sizes if not isinstance(size, str)]
        return tuple(expr for expr in exprs if expr is not None)

    @property
    def made(self) -> ir.Known:
        """When it can be made: from the arguments, or when sizes are known."""
        deciding = [*self.arguments.values(), self.count, self.when]
        return max((e.known for e in deciding if e), default=ir.Known.CONFIG)

    @property
    def type(self) -> ir.CallableType:
        """How it is called."""
        layer = self.layer
        masked = [member.name for member in layer.inputs if member.takes_mask]
        return ir.CallableType(
            "a layer",
            tuple(member.name for member in layer.inputs),
            len(layer.required_inputs),
            result_type(layer.outputs, self._known),
            layer.uses_training,
            tuple((m, layer.mask_names[m]) for m in masked),
            layer.masking.kind,
        )

    @property
    def _known(self) -> Mapping[str, Any]:
        """The arguments and flags whose values do not depend on the owner's."""
        members = (*self.layer.flags, *self.layer.arguments)
        given = {n: e.value for n, e in self.arguments.items() if type(e) is ir.Literal}
        left = (m for m in members if m.name not in self.arguments)
        return {m.name: m.default for m in left} | given


INDEX = ir.Symbol("i", ir.Origin.LOCAL, ir.INT, ir.Known.CONFIG)
"""The number of a layer in its list, from 0, in its arguments and shapes."""


@dataclass(frozen=True)
class Attribute:
    """A Python value that the layer shows to its callers: `state_size` of a cell."""

    name: str
    value: ir.Expr
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, eq=False)
class Example:
    """An instance that the spec gives."""

    arguments: Mapping[str, Any]
    inputs: Mapping[str, Tensors]
    flags: Mapping[str, Any]
    masks: Mapping[str, Array]
    weights: Mapping[str, Array]
    outputs: Mapping[str, Tensors]
    output_mask: Array | None
    path: tuple[str | int, ...]


@dataclass(frozen=True, eq=False)
class Layer:
    """A layer whose names are bound and whose roles are known.

    `body` is the forward pass as the passes leave it, `written` as the author wrote it.
    `former_packages` are those that the class was registered in. `flags` are what
    `call` takes besides tensors: Python values. `deprecated` are constructor arguments
    that the layer no longer has.
    """

    document: Document = field(repr=False)
    name: str
    package: str
    former_packages: tuple[str, ...]
    summary: str
    description: str
    references: tuple[str, ...]
    arguments: tuple[Argument, ...]
    deprecated: tuple[Deprecated, ...]
    inputs: tuple[Input, ...]
    flags: tuple[Argument, ...]
    masking: Masking
    dims: Mapping[str, Dim]
    required_dims: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    requires: tuple[Requirement, ...]
    sublayers: tuple[Sublayer, ...]
    attributes: tuple[Attribute, ...]
    body: ir.Body
    written: ir.Body
    outputs: tuple[Output, ...]
    examples: tuple[Example, ...]

    @property
    def module(self) -> str:
        """Name of the generated module: the class name in snake case."""
        return snake_case(self.name)

    @property
    def weights(self) -> tuple[Weight, ...]:
        """The parameters with the role of a weight."""
        return tuple(p for p in self.parameters if isinstance(p, Weight))

    @property
    def constants(self) -> tuple[Constant, ...]:
        """The parameters with the role of a constant."""
        return tuple(p for p in self.parameters if isinstance(p, Constant))

    @property
    def uses_training(self) -> bool:
        """Whether the forward pass, or a layer that it calls, depends on `training`."""
        if any(s.origin is ir.Origin.TRAINING for s in ir.body_symbols(self.body)):
            return True
        exprs = (ir.expression(statement) for statement in ir.statements(self.body))
        nodes = (node for expr in exprs for node in ir.walk(expr))
        return any(isinstance(n, ir.Apply) and n.has_training for n in nodes)

    @property
    def functions(self) -> tuple[ir.Function, ...]:
        """The functions that the forward pass defines itself."""
        return tuple(s for s in self.body if isinstance(s, ir.Function))

    @property
    def has_recurrence(self) -> bool:
        """Whether the forward pass goes step by step over an axis."""
        exprs = (ir.expression(statement) for statement in ir.statements(self.body))
        nodes = (node for expr in exprs for node in ir.walk(expr))
        return any(isinstance(n, ir.Call) and OPS[n.op].steps for n in nodes)

    @property
    def mask_names(self) -> Mapping[str, str]:
        """The name that Keras gives the mask of each input, by the input's name."""
        return name_masks(self.inputs)

    @property
    def required_inputs(self) -> tuple[Input, ...]:
        """The inputs that every call gives."""
        return tuple(member for member in self.inputs if not member.optional)

    @property
    def required_outputs(self) -> tuple[Output, ...]:
        """The outputs that every call returns."""
        return tuple(output for output in self.outputs if output.when is None)

    @property
    def choice(self) -> ir.Expr | None:
        """The condition on which there are further outputs: one for all of them."""
        return next((o.when for o in self.outputs if o.when is not None), None)

    @property
    def chosen_by_flags(self) -> tuple[Argument, ...]:
        """The flags by which a call chooses its outputs."""
        names = {s.name for s in ir.symbols(self.choice)} if self.choice else set()
        return tuple(flag for flag in self.flags if flag.name in names)

    @property
    def chosen_by_inputs(self) -> tuple[Input, ...]:
        """The optional inputs by which a call chooses its outputs."""
        names = {s.name for s in ir.symbols(self.choice)} if self.choice else set()
        return tuple(m for m in self.inputs if m.optional and m.name in names)

    @property
    def is_plain(self) -> bool:
        """Whether `call` returns one tensor, and not in a list."""
        return len(self.outputs) == 1 and self.outputs[0].count is None

    @property
    def own_random_ops(self) -> frozenset[str]:
        """The ops by which the forward pass draws random numbers."""
        exprs = (ir.expression(statement) for statement in ir.statements(self.body))
        nodes = (node for expr in exprs for node in ir.walk(expr))
        calls = (node for node in nodes if isinstance(node, ir.Call))
        return frozenset(call.op for call in calls if OPS[call.op].draws)

    @property
    def random_ops(self) -> frozenset[str]:
        """The same, with those of the layers of other specs that it owns."""
        owned = (s.layer.random_ops for s in self.sublayers if not s.keras)
        return self.own_random_ops.union(*owned)

    @property
    def draws_freely(self) -> bool:
        """Whether a layer of Keras within it draws in training, from its own seed."""
        return any(
            bool(s.layer.own_random_ops) if s.keras else s.layer.draws_freely
            for s in self.sublayers
        )

    @property
    def adds_loss(self) -> bool:
        """Whether the forward pass, or a layer that it owns, adds to the loss."""
        own = any(isinstance(s, ir.Loss) for s in ir.statements(self.body))
        return own or any(s.layer.adds_loss for s in self.sublayers)

    @property
    def seed(self) -> Argument | None:
        """The argument that seeds what is drawn."""
        return next((a for a in self.arguments if a.type == "seed"), None)

    @property
    def seeded(self) -> tuple[Constant, ...]:
        """The constants that the layer's own seed draws."""
        sources = ((c, c.source) for c in self.constants)
        return tuple(c for c, s in sources if isinstance(s, Drawn) and s.seed)

    def argument(self, name: str) -> Argument:
        """The argument of a name."""
        return next(a for a in self.arguments if a.name == name)


def snake_case(name: str) -> str:
    """`ScaledLinear` -> `scaled_linear`, `RMSNorm2D` -> `rms_norm2d`."""
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])(?=[a-z]|$|[A-Z])", r"\1_\2", name).lower()
