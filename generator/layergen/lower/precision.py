"""Forward pass -> where a cast dtype meets another one, or is returned.

Under a policy of half precision a tensor of the compute dtype and one that is cast to
float32 do not go together: TensorFlow refuses the operator, and Keras is told another
dtype of the output than it gets. What is not plain to see here is left to the tests.
"""

from collections.abc import Iterator, Mapping

from layergen.codes import language, numbers
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.expr.ops import OPS
from layergen.layer import Input, Output, Parameter

_OWN = "float"
"""The compute dtype, by its name in the language."""

_KERAS = "float32"
"""What Keras makes of Python numbers, whatever the policy says."""

_Dtypes = Mapping[str, str]
"""The dtypes of names, where they are known."""


def check_precision(
    body: ir.Body,
    inputs: tuple[Input, ...],
    parameters: tuple[Parameter, ...],
    outputs: tuple[Output, ...],
    found: Diagnostics,
) -> None:
    """Record operators that join two dtypes, and outputs of another than declared."""
    dtypes = _name_dtypes(body, inputs, parameters)
    for statement in ir.statements(body):
        for node in ir.walk(ir.expression(statement)):
            if isinstance(node, ir.Binary | ir.Compare):
                _check_sides(node, dtypes, found)
    for value in _returned(body):
        parts = value.items if isinstance(value, ir.Display) else (value,)
        if len(parts) == len(outputs):
            for part, output in zip(parts, outputs, strict=True):
                _check_output(part, output, dtypes, found)


def _check_sides(
    node: ir.Binary | ir.Compare, dtypes: _Dtypes, found: Diagnostics
) -> None:
    left, right = _dtype(node.left, dtypes), _dtype(node.right, dtypes)
    is_alike = node.left.type == node.right.type  # what is not is promoted
    if is_alike and left and right and left != right:
        words = f"{_word(left)} and {_word(right)}"
        message = f"`{node.operator}` joins {words}, which may differ"
        note = f'write `cast(x, "{left}")` or `cast(x, "{right}")`'
        found.add(language.WRONG_TYPE, message, node.span, note)


def _word(dtype: str) -> str:
    return "the compute dtype" if dtype == _OWN else dtype


def _check_output(
    value: ir.Expr, output: Output, dtypes: _Dtypes, found: Diagnostics
) -> None:
    dtype = _dtype(value, dtypes)
    is_alike = isinstance(value.type, ir.ArrayType) and value.type == output.type
    if dtype and is_alike and dtype != output.dtype:
        where = ".".join(output.path)
        says = f"float, {_word(_OWN)}" if output.dtype == _OWN else output.dtype
        message = f"`call` returns {_word(dtype)}, `{where}` says {says}"
        note = f'return `cast(x, "{output.dtype}")`'
        found.add(numbers.WRONG_OUTPUT, message, value.span, note)


def _returned(body: ir.Body) -> Iterator[ir.Expr]:
    """What the forward pass itself returns."""
    for statement in body:
        match statement:
            case ir.Return(value=value):
                yield value
            case ir.If(then=then, otherwise=otherwise):
                yield from _returned(then)
                yield from _returned(otherwise)


def _name_dtypes(
    body: ir.Body, inputs: tuple[Input, ...], parameters: tuple[Parameter, ...]
) -> dict[str, str]:
    """The dtypes of inputs, weights and variables; a variable has one or none known."""
    dtypes = {member.name: member.dtype for member in inputs if not member.is_list}
    for parameter in parameters:
        dtypes[parameter.name] = _OWN if parameter.dtype.startswith(_OWN) else ""
    variables = {target.name for target in ir.targets(body)}
    before: dict[str, str] = {}
    while dtypes != before:
        before = dict(dtypes)
        for statement in ir.statements(body):
            value = ir.expression(statement)
            read = {symbol.name for symbol in ir.symbols(value)}
            if read & variables <= dtypes.keys():
                names = _targets(statement)
                dtype = _dtype(value, dtypes) if len(names) == 1 else ""
                for name in names:
                    is_same = dtypes.get(name, dtype) == dtype
                    dtypes[name] = dtype if is_same else ""
    return dtypes


def _targets(statement: ir.Evaluating) -> list[str]:
    """The variables that a statement assigns."""
    match statement:
        case ir.Assign(targets=targets) | ir.For(targets=targets):
            return [target.name for target in targets]
    return []


def _is_of_numbers(expr: ir.Call) -> bool:
    """Whether a function is given nothing but Python numbers, and draws nothing."""
    types = [part.type for part in ir.children(expr)]
    is_made = OPS[expr.op].draws or OPS[expr.op].creates
    return not is_made and all(isinstance(each, ir.ScalarType) for each in types)


def _is_early(expr: ir.Expr, dtypes: _Dtypes) -> bool:
    """Whether an array is made before the call: it is cast where the call takes it."""
    return expr.known < ir.Known.CALL and not any(
        _stays(part, dtypes) for part in ir.walk(expr)
    )


def _stays(part: ir.Expr, dtypes: _Dtypes) -> bool:
    """Whether the call itself makes it, though it may be known before."""
    match part:
        case ir.Call(op=name):
            return OPS[name].numpy is None
        case ir.Name(symbol=symbol):
            return _is_float(symbol.type) and dtypes.get(symbol.name, _OWN) != _OWN
    return isinstance(part, ir.Apply)


def _is_float(each: ir.Type) -> bool:
    return isinstance(each, ir.ArrayType) and each.kind is ir.Kind.FLOAT


def _dtype(expr: ir.Expr, dtypes: _Dtypes) -> str:
    """The dtype of a tensor; nothing where it is not known, or it is none."""
    if not isinstance(expr.type, ir.ArrayType):
        return ""
    is_float = _is_float(expr.type)
    match expr:
        case ir.Call(op="cast", args=(_, ir.Literal(value=str(dtype)))):
            return dtype
        case ir.Call(op=name) if is_float and _is_of_numbers(expr):
            return _KERAS if OPS[name].numpy is None else _OWN
        case _ if _is_early(expr, dtypes):
            return _OWN * is_float
        case ir.Name(symbol=symbol):
            return dtypes.get(symbol.name, "")
        case ir.Call(op=name) if OPS[name].draws or OPS[name].creates:
            return _OWN * is_float
        case ir.Call(op="cast") | ir.Compare() | ir.Apply():
            return ""
    parts = [
        part
        for part in ir.children(expr)
        if isinstance(part.type, ir.ArrayType) and part.type == expr.type
    ]
    if isinstance(expr, ir.Binary) and not parts:
        return _OWN * is_float  # whole numbers, which become floats
    known = {_dtype(part, dtypes) for part in parts}
    return known.pop() if len(known) == 1 else ""
