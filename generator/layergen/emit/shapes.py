"""Shapes of inputs and outputs -> the source that reads, checks and computes them."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from layergen.emit.doc import (
    Doc,
    binary,
    call,
    dict_of,
    keyword,
    list_of,
    ternary,
    tuple_of,
)
from layergen.emit.printer import print_expr
from layergen.emit.stage import Stage
from layergen.expr import ir
from layergen.expr.builtins import REDUCING
from layergen.layer import ELLIPSIS, Input, Layer, parameter_expressions

_MANY = 2
"""Sizes that are taken over together rather than one by one."""


def shape_names(layer: Layer) -> Mapping[str, str]:
    """The parameter of `build` that holds the shape of each input."""
    if len(layer.inputs) == 1:
        return {layer.inputs[0].name: "input_shape"}
    return {member.name: f"{member.name}_shape" for member in layer.inputs}


def shape_sources(layer: Layer) -> Mapping[str, str]:
    """The source of the shape of each input; of a list, that of its first tensor."""
    names = shape_names(layer)
    return {
        member.name: names[member.name] + ("[0]" if member.is_list else "")
        for member in layer.inputs
    }


def dim_sources(layer: Layer) -> dict[str, Doc]:
    """How each named size is read from the inputs' shapes."""
    names = shape_sources(layer)
    return {d.name: f"{names[d.input]}[{d.axis}]" for d in layer.dims.values()}


def input_spec(
    layer: Layer, *, built: bool, held: Sequence[tuple[str, Doc]] = ()
) -> Doc | None:
    """What the layer expects of its first input; None if that is nothing.

    Of a list of tensors it is a list too, so that it says how many there are.

    Args:
        layer: the layer.
        built: whether the sizes that it was built with are known, as local names.
        held: axes that are read by place, and their sizes.
    """
    first = layer.inputs[0]
    arguments = {argument.name for argument in layer.arguments}
    axes: dict[str, Doc] = {}
    for position, size in enumerate(first.shape):
        fixed = isinstance(size, int)
        source = f"self.{size}" if size in arguments else str(size)
        if fixed or size in arguments or (built and size in layer.required_dims):
            axes[str(first.axis(position))] = source
    for axis, of_axis in held:
        axes.setdefault(axis, of_axis)
    options: list[Doc] = []
    if not first.has_ellipsis:
        options.append(f"ndim={first.min_rank}")
    elif first.min_rank:
        options.append(f"min_ndim={first.min_rank}")
    if axes:
        options.append(keyword("axes", dict_of(axes.items())))
    spec = call("keras.layers.InputSpec", options)
    if not first.is_list:
        return spec if options else None
    if first.count is None and not built:
        return None
    number = str(first.count or f"len({shape_names(layer)[first.name]})")
    return binary(list_of([spec]), "*", number)


def print_shape(
    layer: Layer,
    sizes: Sequence[ir.Expr | str],
    like: str | None,
    stage: Stage,
    *,
    known: Collection[str] = (),
    exact: bool = True,
) -> Doc:
    """The expression of a shape.

    Args:
        layer: the layer, whose inputs' shapes are there by name.
        sizes: what the shape is made of.
        like: the input whose shape it is, in place of sizes.
        stage: how names are spelled.
        known: the sizes that are known in any case.
        exact: whether it must be a tuple, also where an input's shape is a list.
    """
    names = shape_sources(layer)
    whole = "tuple({})" if exact else "{}"
    if like is not None:
        return whole.format(names[like])
    arguments = {argument.name for argument in layer.arguments}
    for member in layer.required_inputs:
        if arguments.isdisjoint(member.shape) and [
            _size_name(size) for size in sizes
        ] == list(member.shape):
            return whole.format(names[member.name])
    carriers = (m for m in layer.required_inputs if m.has_ellipsis)
    carrier = next(carriers, layer.inputs[0])
    shared = _shared_prefix(sizes, carrier)
    pieces: list[Doc] = []
    if ELLIPSIS in carrier.shape[:shared] or shared >= _MANY:
        rest = shared - len(carrier.shape)
        pieces.append(f"*{names[carrier.name]}{f'[:{rest}]' if rest else ''}")
    else:
        shared = 0
    for size in sizes[shared:]:
        if isinstance(size, str):
            pieces.append(f"*{names[carrier.name]}{_middle(carrier)}")
        else:
            pieces.append(_size(size, stage, known))
    if len(pieces) == 1 and isinstance(pieces[0], str) and pieces[0].startswith("*"):
        return whole.format(pieces[0][1:])
    return tuple_of(pieces)


def _size_name(size: ir.Expr | str) -> object:
    match size:
        case ir.Name(symbol=symbol):
            return symbol.name
        case ir.Literal(value=value):
            return value
    return size if isinstance(size, str) else None


def _shared_prefix(sizes: Sequence[ir.Expr | str], carrier: Input) -> int:
    """How many leading sizes a shape has in common with an input's."""
    count = 0
    for size, wanted in zip(sizes, carrier.shape, strict=False):
        if isinstance(wanted, int) or _size_name(size) != wanted:
            break
        count += 1
    return count


def _middle(carrier: Input) -> str:
    """The slice of a shape that `...` stands for."""
    start = carrier.shape.index(ELLIPSIS)
    stop = start + 1 - len(carrier.shape)
    return f"[{start or ''}:{stop or ''}]" if start or stop else ""


def _size(size: ir.Expr, stage: Stage, known: Collection[str]) -> Doc:
    """One size; None where a size that it is computed from is not known."""
    source = print_expr(size, stage)
    if isinstance(size, ir.Name):
        return source
    unknown = [
        symbol.name
        for symbol in dict.fromkeys(ir.symbols(size))
        if symbol.origin is ir.Origin.DIM and symbol.name not in known
    ]
    if not unknown:
        return source
    tests = [binary(stage.names[name], "is", "None") for name in unknown]
    test = tests[0]
    for other in tests[1:]:
        test = binary(test, "or", other)
    return ternary("None", test, source)


def describe_shape(shape: Sequence[ir.Expr | str | int]) -> str:
    """A shape as docstrings write it: `(batch, ..., units)`."""
    sizes = [str(size) for size in shape]
    return f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"


def built_from(layer: Layer) -> tuple[Input, ...]:
    """The inputs whose shapes `build` takes: the first alone, if it reads no other.

    Keras gives a `build` of one parameter the first shape, whatever its name; drivers
    such as `keras.layers.RNN` know no other.
    """
    first, *rest = layer.inputs
    others = {member.name for member in rest}
    dims = {dim.name for dim in layer.dims.values() if dim.input in others}
    exprs = [*parameter_expressions(layer.parameters)]
    exprs += [requirement.test for requirement in layer.requires]
    exprs += [attribute.value for attribute in layer.attributes]
    exprs += [expr for sublayer in layer.sublayers for expr in sublayer.expressions]
    read = {symbol.name for expr in exprs for symbol in ir.symbols(expr)}
    shapes = [s for sublayer in layer.sublayers for s in sublayer.shapes.values()]
    like = {shape.like for shape in shapes}
    like |= {_same_shape(s.sizes, rest) for s in shapes if s.like is None}
    needed = {*layer.required_dims, *read, *like}
    return layer.inputs if needed & (others | dims) else (first,)


def _same_shape(sizes: Sequence[ir.Expr | str], members: Sequence[Input]) -> str | None:
    """The input that has just these sizes."""
    names = [_size_name(size) for size in sizes]
    return next((m.name for m in members if list(m.shape) == names), None)


def read_sizes(layer: Layer) -> Iterator[ir.Expr]:
    """What `build` reads by place: `inputs.shape[axis]`, `inputs.shape[1:]`."""
    found: dict[str, ir.Expr] = {}
    exprs = [size for p in layer.parameters for size in p.shape or ()]
    exprs += [requirement.test for requirement in layer.requires]
    for expr in exprs:
        for node in ir.walk(expr):
            if _is_size(node) and list(shaped(node)):
                found.setdefault(str(node), node)
            if isinstance(node, ir.Builtin) and node.name in REDUCING:
                found.update((str(part), part) for part in _parts(node.args))
    yield from found.values()


def held_sizes(layer: Layer) -> Iterator[tuple[ir.Expr, ir.Expr]]:
    """Those that the first input keeps, with their axes, which are written or named."""
    for read in read_sizes(layer):
        match read:
            case ir.Subscript(
                index=ir.Name()
                | ir.Literal()
                | ir.Unary(operator="-", operand=ir.Literal()) as axis
            ) if [s.name for s in shaped(read)] == [layer.inputs[0].name]:
                yield read, axis


def _parts(args: Sequence[ir.Expr]) -> Iterator[ir.Expr]:
    """The shapes, or several sizes of them, that are made one number."""
    for arg in args:
        inside = arg.iterable if isinstance(arg, ir.Comprehension) else arg
        of_shape = isinstance(inside.type, ir.TupleType) and list(shaped(inside))
        if of_shape and isinstance(inside, ir.Subscript | ir.Attribute):
            yield inside


def _is_size(expr: ir.Expr) -> bool:
    return isinstance(expr, ir.Subscript) and not isinstance(expr.index, ir.Slice)


def shaped(expr: ir.Expr) -> Iterator[ir.Symbol]:
    """The inputs whose shape an expression reads."""
    for node in ir.walk(expr):
        match node:
            case ir.Attribute(value=ir.Name(symbol=symbol)) if (
                symbol.origin is ir.Origin.INPUT
            ):
                yield symbol
