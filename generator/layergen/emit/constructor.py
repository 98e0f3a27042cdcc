"""Arguments -> the pieces of `__init__` and `get_config` that they need."""

from collections.abc import Iterable, Iterator, Mapping

from layergen.emit.argument_types import choices, spelling
from layergen.emit.array_argument import print_array_assignment
from layergen.emit.calls import SEED_GENERATOR
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
    ternary,
    unary,
    wrap_message,
)
from layergen.emit.layout import layout
from layergen.emit.statement import (
    Lines,
    assignment,
    condition_header,
    parameter,
    print_error,
    return_statement,
)
from layergen.layer import Argument, Deprecated, KerasObject, Layer


def keras_object(given: KerasObject, seed: Doc | None = None) -> Doc:
    """The source of an initializer, a regularizer or a constraint."""
    parameters = [keyword(name, literal(value)) for name, value in given.parameters]
    if seed is not None:
        parameters.append(keyword("seed", seed))
    return call(given.path, parameters) if parameters else quote(given.identifier)


def print_parameter(argument: Argument, *, by_shape: bool) -> list[Doc]:
    """The parameters of `__init__` for an argument.

    Args:
        argument: the argument.
        by_shape: whether its values live in the checkpoint, so that its shape may be
            given instead.
    """
    name, types = argument.name, spelling(argument).types
    if by_shape:
        shape = parameter(f"{name}_shape", ("Sequence[int]", "None"), "None")
        return [parameter(name, ("ArrayLike", "None"), "None"), shape]
    if argument.required:
        return [parameter(name, types)]
    default = print_default(argument)
    if "None" not in types and (argument.optional or default == "None"):
        types = (*types, "None")
    return [parameter(name, types, default)]


def print_default(argument: Argument) -> Doc:
    """The default in the signature: an object is made anew in each layer."""
    default = argument.default
    if isinstance(default, KerasObject):
        return "None" if default.parameters else quote(default.identifier)
    return literal(default)


def print_check(argument: Argument) -> Iterator[tuple[int, Doc]]:
    """The statements that refuse a wrong value, each with its level of indentation."""
    row, name = spelling(argument), argument.name
    test = row.test(argument)
    if test is None:
        return
    yield from row.standard(argument)
    if argument.choices:
        absent = f"{name} is not None and " if argument.optional else ""
        refused: Doc = f"{absent}{name} not in {choices(argument)}"
    else:
        refused = unary("not", _grouped(argument, test))
    yield 0, condition_header("if", refused)
    noun = row.noun(argument) + (" or None" if argument.optional else "")
    message = f"Argument `{name}` must be {noun}. "
    yield 1, print_error(message, f"Received: {name}={{{name}!r}}")


def _grouped(argument: Argument, test: Doc) -> Doc:
    """A test that `not` can stand before."""
    if argument.optional or argument.type == "seed":
        absent = binary(argument.name, "is", "None")
        return parenthesized(binary(absent, "or", test))
    return parenthesized(test) if " and " in layout(test, width=10**6) else test


def print_warning(layer: Layer, gone: Deprecated) -> Lines:
    """The statements that warn a caller who gives what has no effect."""
    about = f"Argument `{gone.name}` of `{layer.name}` is deprecated: it has no effect."
    message = f"{about} {gone.doc}".strip()
    *lines, last = wrap_message(message)
    text = strings(*map(quote, lines), quote(last.rstrip()))
    warning = call("warnings.warn", [text, keyword("stacklevel", "2")])
    test = binary(gone.name, "is not", "None")
    return [(0, condition_header("if", test)), (1, warning)]


def print_assignment(argument: Argument) -> Lines:
    """The statements that keep an argument's value on the layer."""
    name, target = argument.name, f"self.{argument.name}"
    match argument.type, argument.default:
        case "array", _:
            return print_array_assignment(argument)
        case "seed", _ if not argument.stays_none:
            drawn = f"random.randint(0, 2**31 - 1) if {name} is None else int({name})"
            reason = (
                "# Python's generator, because `keras.utils.set_random_seed` seeds it."
            )
            return [(0, reason), (0, assignment(target, drawn))]
    value = spelling(argument).kept(name)
    if (argument.optional or argument.stays_none) and value != name:
        value = f"None if {name} is None else {layout(value)}"
    return [*_default_object(argument), (0, assignment(target, value))]


def print_generator(layer: Layer) -> Lines:
    """The statement that makes what the layer draws with, if it draws at all.

    Its seed follows those of the drawn constants: the same one would draw the same.
    """
    if not layer.own_random_ops or layer.seed is None:
        return []
    offset = f" + {len(layer.seeded)}" if layer.seeded else ""
    made = call("keras.random.SeedGenerator", [f"self.{layer.seed.name}{offset}"])
    return [(0, assignment(SEED_GENERATOR, made))]


def _default_object(argument: Argument) -> Lines:
    """The object that stands for None, where the signature cannot show it."""
    default, name = argument.default, argument.name
    if not isinstance(default, KerasObject) or not default.parameters:
        return []
    made = assignment(name, keras_object(default))
    return [(0, f"if {name} is None:"), (1, made)]


def print_config(arguments: Iterable[Argument], by_shape: Iterable[str]) -> Doc:
    """The dictionary that `get_config` returns."""
    shapes = set(by_shape)
    entries: list[tuple[Doc, Doc] | Doc] = ["**super().get_config()"]
    for argument in arguments:
        name = argument.name
        if name in shapes:
            value: Doc = f"list(self.{name}_shape)"
            name = f"{name}_shape"
        else:
            value = _config_value(argument)
        entries.append((quote(name), value))
    only_keras = len(entries) == 1
    return return_statement("super().get_config()" if only_keras else dict_of(entries))


def print_from_config(former_names: Mapping[str, str]) -> Lines:
    """The body of `from_config`, by the names that config entries had."""
    names = dict_of((quote(old), quote(new)) for old, new in former_names.items())
    entry = concat(call("former_names.get", ["name", "name"]), ": value")
    clause = ("for name, value in ", "config.items()")
    renamed = comprehension("{", entry, [clause], "}")
    return [
        (0, assignment("former_names", names)),
        (0, assignment("config", renamed)),
        (0, return_statement(call("super().from_config", ["config"]))),
    ]


def _config_value(argument: Argument) -> Doc:
    """The plain form of what the layer keeps."""
    target = f"self.{argument.name}"
    value = spelling(argument).config(target)
    if not argument.optional or value == target:
        return value
    return ternary("None", binary(target, "is", "None"), value)
