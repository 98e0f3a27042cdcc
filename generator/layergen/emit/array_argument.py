"""Array arguments -> the statements of `__init__` that keep them."""

from layergen.emit.doc import call, keyword, quote, unary
from layergen.emit.statement import (
    Lines,
    assignment,
    condition_header,
    print_error,
    raise_statement,
)
from layergen.expr.op import dtype_kind
from layergen.layer import Argument


def array_dtype(dtype: str) -> str:
    """The dtype that an array is kept in: `float` means double precision."""
    return "float64" if dtype == "float" else dtype


def print_array_assignment(argument: Argument) -> Lines:
    """The statements that keep an array: a copy of a fixed dtype, read only."""
    name, target = argument.name, f"self.{argument.name}"
    lines = _print_copy(argument, target)
    if argument.rank is not None:
        lines.append((0, f"if {target}.ndim != {argument.rank}:"))
        message = f"Argument `{name}` must be an array of rank {argument.rank}. "
        received = f"Received an array of shape {{{target}.shape}}"
        lines.append((1, print_error(message, received)))
    lines.append((0, f"{target}.setflags(write=False)"))
    return lines


def _print_copy(argument: Argument, target: str) -> Lines:
    """The statements that copy an array, where no number changes on the way."""
    name = argument.name
    kind = str(dtype_kind(argument.dtype))
    dtype = quote(array_dtype(argument.dtype))
    if kind == "float":
        copied = call("np.array", [name, keyword("dtype", dtype)])
        return [(0, assignment(target, copied))]
    kinds, nouns = {"int": ('"iu"', "integers"), "bool": ('"b"', "booleans")}[kind]
    converted = call(f"{target}.astype", [dtype])
    lines: Lines = [
        (0, assignment(target, call("np.array", [name]))),
        (0, f"if {target}.dtype.kind not in {kinds}:"),
        (
            1,
            print_error(
                f"Argument `{name}` must be an array of {nouns}. ",
                f"Received an array of {{{target}.dtype}}",
            ),
        ),
    ]
    if kind == "int":
        kept = call("np.array_equal", [target, converted])
        message = f"Argument `{name}` must be an array of {argument.dtype}. "
        received = f"Received numbers from {{{target}.min()}} to {{{target}.max()}}"
        lines.append((0, condition_header("if", unary("not ", kept))))
        lines.append((1, print_error(message, received)))
    return [*lines, (0, assignment(target, converted))]


def print_stored_argument(argument: Argument) -> Lines:
    """The statements for an array argument whose values live in the checkpoint."""
    name, rank = argument.name, argument.rank
    copied = _print_copy(argument, f"self._{name}")
    message = f"Either `{name}` or `{name}_shape` must be given."
    lines: Lines = [
        (0, f"self._{name} = None"),
        (0, f"if {name} is not None:"),
        *((depth + 1, line) for depth, line in copied),
        (1, f"{name}_shape = self._{name}.shape"),
        (0, f"if {name}_shape is None:"),
        (1, raise_statement(call("ValueError", [quote(message)]))),
    ]
    if rank is not None:
        lines.append((0, f"if len({name}_shape) != {rank}:"))
        refused = f"Argument `{name}` must be an array of rank {rank}. "
        received = f"Received an array of shape {{tuple({name}_shape)}}"
        lines.append((1, print_error(refused, received)))
    shape = f"tuple(int(size) for size in {name}_shape)"
    lines.append((0, assignment(f"self.{name}_shape", shape)))
    return lines
