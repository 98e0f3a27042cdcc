"""Arguments -> the pieces of `__init__` and `get_config` that they need."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from layergen.emit.doc import (
    Doc,
    binary,
    call,
    comprehension,
    concat,
    dict_of,
    keyword,
    literal,
    parenthesized,
    quote,
    strings,
    tuple_of,
    unary,
    wrap_message,
)
from layergen.emit.layout import layout
from layergen.emit.printer import SEED_GENERATOR
from layergen.emit.statement import (
    assignment,
    condition_header,
    parameter,
    raise_statement,
    return_statement,
)
from layergen.expr.op import dtype_kind
from layergen.layer import Argument, KerasObject, Layer, Weight

_NUMBERS = "(int, float, np.integer, np.floating)"
_INTEGERS = "(int, np.integer)"
_TYPES: Mapping[str, tuple[str, ...]] = {
    "bool": ("bool",),
    "int": ("int",),
    "float": ("float",),
    "str": ("str",),
    "choice": ("str",),
    "array": ("ArrayLike",),
    "seed": ("int", "None"),
    "axis": ("int",),
    "axes": ("int", "Sequence[int]"),
    "ints": ("int", "Sequence[int]"),
}


@dataclass(frozen=True)
class Setting:
    """A constructor argument that sets up a weight: `kernel_initializer`."""

    weight: Weight
    kind: str

    @property
    def name(self) -> str:
        """The argument's name."""
        return f"{self.weight.name}_{self.kind}"

    @property
    def module(self) -> str:
        """The module of Keras that knows such objects."""
        return f"keras.{self.kind}s"

    @property
    def given(self) -> KerasObject | None:
        """What the spec gives as the default."""
        value: KerasObject | None = getattr(self.weight, self.kind)
        return value

    @property
    def default(self) -> Doc:
        """The default in the signature: an object is made anew in each layer."""
        given = self.given
        return "None" if given is None or given.parameters else quote(given.identifier)

    @property
    def types(self) -> tuple[str, ...]:
        """The types in the signature."""
        types = ("str", f"{self.module}.{self.kind.capitalize()}")
        return types if self.default != "None" else (*types, "None")


def keras_object(given: KerasObject, seed: Doc | None = None) -> Doc:
    """The source of an initializer, a regularizer or a constraint."""
    parameters = [keyword(name, literal(value)) for name, value in given.parameters]
    if seed is not None:
        parameters.append(keyword("seed", seed))
    return call(given.path, parameters) if parameters else quote(given.identifier)


def settings(weights: Iterable[Weight]) -> tuple[Setting, ...]:
    """The constructor arguments that set up weights."""
    return tuple(Setting(w, kind) for w in weights for kind in w.configurable)


def print_parameter(argument: Argument, *, by_shape: bool) -> list[Doc]:
    """The parameters of `__init__` for an argument.

    Args:
        argument: the argument.
        by_shape: whether its values live in the checkpoint, so that its shape may be
            given instead.
    """
    name, types = argument.name, _TYPES[argument.type]
    if by_shape:
        shape = parameter(f"{name}_shape", ("Sequence[int]", "None"), "None")
        return [parameter(name, ("ArrayLike", "None"), "None"), shape]
    if argument.optional:
        types = (*types, "None")
    default = None if argument.required else literal(argument.default)
    return [parameter(name, types, default)]


def print_check(argument: Argument) -> Iterator[tuple[int, Doc]]:
    """The statements that refuse a wrong value, each with its level of indentation."""
    test = _right(argument)
    if test is None:
        return
    name = argument.name
    if argument.type == "axes" or argument.length is not None:
        yield 0, f"if isinstance({name}, {_INTEGERS}):"
        times = f" * {argument.length}" if argument.length else ""
        yield 1, f"{name} = ({name},){times}"
    if argument.optional or argument.type == "seed":
        test = binary(binary(name, "is", "None"), "or", test)
        test = parenthesized(test)
    elif argument.type not in ("bool", "str") and " and " in layout(test, width=10**6):
        test = parenthesized(test)
    refused = unary("not", test)
    if argument.type == "choice":
        absent = "" if not argument.optional else f"{name} is not None and "
        refused = f"{absent}{name} not in {_choices(argument)}"
    yield 0, condition_header("if", refused)
    message = f"Argument `{name}` must be {describe(argument)}. "
    yield 1, _error(message, f"Received: {name}={{{name}!r}}")


def _error(message: str, received: str) -> Doc:
    """`raise ValueError(...)`, broken before `Received` where it does not fit."""
    whole = f"f{quote(message.replace('{', '{{').replace('}', '}}') + received)}"
    if len(whole) + 16 <= 88:
        return raise_statement(call("ValueError", [whole]))
    lines = wrap_message(message)
    pieces = strings(*(quote(line) for line in lines), f"f{quote(received)}")
    return raise_statement(call("ValueError", [pieces]))


def _right(argument: Argument) -> Doc | None:
    """The test that a right value passes."""
    name = argument.name
    match argument.type:
        case "bool" | "str":
            return call("isinstance", [name, argument.type])
        case "axes" | "ints":
            return _right_items(argument)
        case "int" | "float" | "seed" | "axis":
            types = _NUMBERS if argument.type == "float" else _INTEGERS
            test = call("isinstance", [name, types])
            bounds = _bounds(argument)
            return binary(test, "and", bounds) if bounds else test
        case "choice":
            return f"{name} in {_choices(argument)}"
    return None


def _choices(argument: Argument) -> str:
    return layout(tuple_of([literal(c) for c in argument.choices]), width=10**6)


def _right_items(argument: Argument) -> Doc:
    """The test that a right tuple passes, after one integer was made a tuple."""
    name = argument.name
    test = call("isinstance", [name, "(list, tuple)"])
    if argument.length is not None:
        test = binary(test, "and", f"len({name}) == {argument.length}")
    elif argument.type == "axes":
        test = binary(test, "and", name)
    item: Doc = call("isinstance", ["item", _INTEGERS])
    bounds = _bounds(argument, "item")
    item = binary(item, "and", bounds) if bounds else item
    every = comprehension("(", item, [("for item in ", name)], ")")
    return binary(test, "and", concat("all", every))


def _bounds(argument: Argument, name: str = "") -> Doc | None:
    low, high = _lower(argument), _upper(argument)
    name = name or argument.name
    if low and high:
        return f"{low[1]} {low[0]} {name} {high[0]} {high[1]}"
    if low:
        flipped = {"<": ">", "<=": ">="}[low[0]]
        return f"{name} {flipped} {low[1]}"
    return f"{name} {high[0]} {high[1]}" if high else None


def _lower(argument: Argument) -> tuple[str, str] | None:
    if argument.minimum is not None:
        return "<=", _number(argument.minimum)
    return ("<", _number(argument.above)) if argument.above is not None else None


def _upper(argument: Argument) -> tuple[str, str] | None:
    if argument.maximum is not None:
        return "<=", _number(argument.maximum)
    return ("<", _number(argument.below)) if argument.below is not None else None


def _number(value: float) -> str:
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
    return layout(literal(int(value) if whole else value))


def describe(argument: Argument) -> str:
    """What an argument must be, as messages and docstrings say it."""
    nouns = {
        "bool": "a boolean",
        "int": "an integer",
        "float": "a number",
        "str": "a string",
        "seed": "an integer or None",
        "axis": "an integer",
    }
    if argument.type == "choice":
        return "one of " + ", ".join(repr(choice) for choice in argument.choices)
    if argument.type in ("axes", "ints"):
        return _describe_items(argument)
    text = nouns[argument.type] + describe_bounds(argument)
    return f"{text} or None" if argument.optional else text


def _describe_items(argument: Argument) -> str:
    bounds = describe_bounds(argument)
    if argument.type == "axes":
        return "an integer or a non-empty tuple of integers"
    if argument.length is None:
        return f"a tuple of integers{bounds}"
    return f"an integer{bounds} or a tuple of {argument.length} of them"


def describe_bounds(argument: Argument) -> str:
    """The limits of a number in words, with a space before them; empty if none."""
    low, high = argument.minimum, argument.maximum
    if low is not None and high is not None:
        return f" between {_number(low)} and {_number(high)}"
    words = []
    if low is not None:
        words.append(f"of at least {_number(low)}")
    if argument.above is not None:
        words.append(f"greater than {_number(argument.above)}")
    if high is not None:
        words.append(f"of at most {_number(high)}")
    if argument.below is not None:
        words.append(f"less than {_number(argument.below)}")
    return f" {' and '.join(words)}" if words else ""


def print_assignment(argument: Argument) -> list[tuple[int, Doc]]:
    """The statements that keep an argument's value on the layer."""
    name, target = argument.name, f"self.{argument.name}"
    if argument.type == "array":
        return _array_assignment(argument)
    if argument.type == "seed" and not argument.stays_none:
        drawn = f"random.randint(0, 2**31 - 1) if {name} is None else int({name})"
        reason = "# Python's generator, because `keras.utils.set_random_seed` seeds it."
        return [(0, reason), (0, assignment(target, drawn))]
    if argument.type in ("axes", "ints"):
        return [(0, assignment(target, f"tuple(int(item) for item in {name})"))]
    kinds = {"int": "int", "float": "float", "axis": "int", "seed": "int"}
    value = f"{kinds[argument.type]}({name})" if argument.type in kinds else name
    if (argument.optional or argument.stays_none) and value != name:
        value = f"None if {name} is None else {value}"
    return [(0, assignment(target, value))]


def print_generator(layer: Layer) -> list[tuple[int, Doc]]:
    """The statement that makes what the layer draws with, if it draws at all.

    Its seed follows those of the drawn constants: the same one would draw the same.
    """
    if not layer.own_random_ops or layer.seed is None:
        return []
    offset = f" + {len(layer.seeded)}" if layer.seeded else ""
    made = call("keras.random.SeedGenerator", [f"self.{layer.seed.name}{offset}"])
    return [(0, assignment(SEED_GENERATOR, made))]


def array_dtype(dtype: str) -> str:
    """The dtype that an array is kept in: `float` means double precision."""
    return "float64" if dtype == "float" else dtype


def _array_assignment(argument: Argument) -> list[tuple[int, Doc]]:
    name, target = argument.name, f"self.{argument.name}"
    lines: list[tuple[int, Doc]] = []
    kind = str(dtype_kind(argument.dtype))
    dtype = quote(array_dtype(argument.dtype))
    if kind == "float":
        copied = call("np.array", [name, keyword("dtype", dtype)])
        lines.append((0, assignment(target, copied)))
    else:
        kinds, nouns = {"int": ('"iu"', "integers"), "bool": ('"b"', "booleans")}[kind]
        lines.append((0, assignment(target, call("np.array", [name]))))
        lines.append((0, f"if {target}.dtype.kind not in {kinds}:"))
        message = f"Argument `{name}` must be an array of {nouns}. "
        received = f"Received an array of {{{target}.dtype}}"
        lines.append((1, _error(message, received)))
        lines.append((0, assignment(target, call(f"{target}.astype", [dtype]))))
    if argument.rank is not None:
        lines.append((0, f"if {target}.ndim != {argument.rank}:"))
        message = f"Argument `{name}` must be an array of rank {argument.rank}. "
        received = f"Received an array of shape {{{target}.shape}}"
        lines.append((1, _error(message, received)))
    lines.append((0, f"{target}.setflags(write=False)"))
    return lines


def print_stored_argument(argument: Argument) -> list[tuple[int, Doc]]:
    """The statements for an array argument whose values live in the checkpoint."""
    name, rank = argument.name, argument.rank
    dtype = quote(array_dtype(argument.dtype))
    copied = call("np.array", [name, keyword("dtype", dtype)])
    message = f"Either `{name}` or `{name}_shape` must be given."
    lines: list[tuple[int, Doc]] = [
        (0, f"self._{name} = None"),
        (0, f"if {name} is not None:"),
        (1, assignment(f"self._{name}", copied)),
        (1, f"{name}_shape = self._{name}.shape"),
        (0, f"if {name}_shape is None:"),
        (1, raise_statement(call("ValueError", [quote(message)]))),
    ]
    if rank is not None:
        lines.append((0, f"if len({name}_shape) != {rank}:"))
        refused = f"Argument `{name}` must be an array of rank {rank}. "
        received = f"Received an array of shape {{tuple({name}_shape)}}"
        lines.append((1, _error(refused, received)))
    shape = f"tuple(int(size) for size in {name}_shape)"
    lines.append((0, assignment(f"self.{name}_shape", shape)))
    return lines


def print_setting(setting: Setting) -> list[tuple[int, Doc]]:
    """The statements that keep an initializer, a regularizer or a constraint."""
    lines: list[tuple[int, Doc]] = []
    if setting.given is not None and setting.given.parameters:
        lines.append((0, f"if {setting.name} is None:"))
        lines.append((1, assignment(setting.name, keras_object(setting.given))))
    found = call(f"{setting.module}.get", [setting.name])
    return [*lines, (0, assignment(f"self.{setting.name}", found))]


def print_config(
    arguments: Iterable[Argument], found: Iterable[Setting], by_shape: Iterable[str]
) -> Doc:
    """The dictionary that `get_config` returns."""
    shapes = set(by_shape)
    entries: list[tuple[Doc, Doc] | Doc] = ["**super().get_config()"]
    for argument in arguments:
        name = argument.name
        if name in shapes:
            value: Doc = f"list(self.{name}_shape)"
            name = f"{name}_shape"
        else:
            spelled = {"array": f"self.{name}.tolist()"}
            spelled |= dict.fromkeys(("axes", "ints"), f"list(self.{name})")
            value = spelled.get(argument.type, f"self.{name}")
        entries.append((quote(name), value))
    for setting in found:
        value = call(f"{setting.module}.serialize", [f"self.{setting.name}"])
        entries.append((quote(setting.name), value))
    return return_statement(dict_of(entries))
