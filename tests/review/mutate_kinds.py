"""Random changes of what an argument or a parameter is: its type, its source."""

import re
from collections.abc import Callable

from mutant import Data, InapplicableError, Mutant

TYPED: tuple[tuple[Data, str], ...] = (
    (
        {"type": "axis", "default": -1},
        "{0} + 0.0 * sum({0}, axis=special, keepdims=True)",
    ),
    (
        {"type": "axes", "default": [-1]},
        "{0} + 0.0 * sum({0}, axis=special, keepdims=True)",
    ),
    ({"type": "ints", "length": 2, "default": 1}, "{0} * special[1]"),
    ({"type": "ints", "default": [1, 2]}, "{0} * special[0]"),
    ({"type": "shape", "default": [1, 2]}, "{0} * special[0]"),
    ({"type": "dtype", "default": "float32"}, "cast(cast({0}, special), 'float')"),
    ({"type": "data_format"}, "{0} if special == 'channels_last' else -{0}"),
    ({"type": "activation", "default": "relu"}, "special({0})"),
    ({"type": "activation"}, "special({0})"),
    ({"type": "str", "default": "a"}, "{0} if special == 'a' else -{0}"),
)
"""Arguments, and how they are used."""

OBJECTS = {
    "initializer": ("zeros", "he_normal", {"name": "constant", "value": 0.5}),
    "regularizer": ("l2", {"name": "l1", "l1": 0.1}),
    "constraint": ("non_neg", "unit_norm"),
}


def typed_argument(m: Mutant) -> None:
    if "special" in (m.data.get("arguments") or {}):
        raise InapplicableError
    form, use = m.random.choice(TYPED)
    m.wrap(use)
    m.data["arguments"] = {**(m.data.get("arguments") or {}), "special": dict(form)}
    m.forget_outputs()


def required_array(m: Mutant) -> None:
    if "entries_given" in (m.data.get("arguments") or {}):
        raise InapplicableError
    form = {"type": "array", "dtype": "float", "rank": 1}
    m.data["arguments"] = {**(m.data.get("arguments") or {}), "entries_given": form}
    m.wrap("{0} * sum(entries_given)")
    for example in m.data.get("examples", []):
        example.setdefault("arguments", {})["entries_given"] = [0.5, 1.5]
    m.forget_outputs()


def type_setting(m: Mutant) -> None:
    """A key of one type only."""
    keys = {
        "shape": (("infer", True), ("rank", 2), ("default", [2, 3])),
        "ints": (("length", 2), ("length", 1), ("default", [1, 1])),
        "dtype": (("kind", "int"), ("default", "float64")),
        "data_format": (("default", "channels_first"), ("default", "channels_last")),
        "activation": (("default", "tanh"), ("default", "gelu")),
        "axes": (("default", [0]), ("optional", True)),
        "axis": (("default", 0), ("default", 1)),
        "array": (("dtype", "uint8"), ("dtype", "bool"), ("rank", 2)),
        "str": (("default", "b"), ("optional", True)),
    }
    name = m.pick("arguments", lambda f: f["type"] in keys)
    form = m.data["arguments"][name]
    key, value = m.random.choice(keys[form["type"]])
    if form.get(key) == value:
        del form[key]
    else:
        form[key] = value
    m.forget_outputs()


def object_argument(m: Mutant) -> None:
    """A setting of a weight becomes an argument."""
    name = m.pick("parameters", lambda f: f["role"] == "weight" and "value" not in f)
    form = m.data["parameters"][name]
    kind = m.random.choice(list(OBJECTS))
    if form.get("configurable") or f"own_{kind}" in (m.data.get("arguments") or {}):
        raise InapplicableError
    default = form.get(kind, m.random.choice(OBJECTS[kind]))
    if kind != "initializer" and m.random.random() < 0.3:
        given: Data = {"type": kind}
    else:
        given = {"type": kind, "default": default}
    m.data["arguments"] = {**(m.data.get("arguments") or {}), f"own_{kind}": given}
    form[kind] = f"own_{kind}"


def object_fixed(m: Mutant) -> None:
    """An argument that sets up weights is gone; they keep its default."""
    name = m.pick("arguments", lambda f: f["type"] in OBJECTS)
    form = m.data["arguments"].pop(name)
    for parameter in (m.data.get("parameters") or {}).values():
        if parameter.get(form["type"]) == name:
            del parameter[form["type"]]
            if "default" in form:
                parameter[form["type"]] = form["default"]


def object_default(m: Mutant) -> None:
    name = m.pick("arguments", lambda f: f["type"] in OBJECTS)
    form = m.data["arguments"][name]
    form["default"] = m.random.choice(OBJECTS[form["type"]])


def seed_gone(m: Mutant) -> None:
    name = m.pick("arguments", lambda f: f["type"] == "seed")
    del m.data["arguments"][name]
    m.drop_examples("arguments", name)


def first_values(m: Mutant) -> None:
    """First values of a weight from a formula, or from an initializer."""
    name = m.pick("parameters", lambda f: f["role"] == "weight")
    form = m.data["parameters"][name]
    if form.pop("value", None) is not None and m.random.random() < 0.5:
        return
    form.pop("initializer", None)
    if form.get("configurable"):
        form["configurable"] = ["regularizer"]
    sizes = "".join(f"{size}, " for size in form["shape"])
    form["value"] = m.random.choice([f"ones(({sizes}))", f"full(({sizes}), 0.25)"])


def file_of_constant(m: Mutant) -> None:
    """Numbers that were written, or of one file, come from another."""
    name = m.pick("parameters", lambda f: f["role"] == "constant" and "file" in f)
    form = m.data["parameters"][name]
    if form["file"] == "large.npy" and m.random.random() < 0.5:
        form["file"] = "smaller.npy"
    elif form["file"] == "smaller.npy" and m.random.random() < 0.5:
        form["file"] = "large.npy"
    else:
        file = form.pop("file")
        form["value"] = [[0.5, 1.5]] * 4 if "large" not in file else [[0.5, 1.5]] * 50
    form.pop("shape", None)
    m.data.pop("examples", None)


def table_from_file(m: Mutant) -> None:
    """A constant that is read from a file is new."""
    if "filed" in (m.data.get("parameters") or {}):
        raise InapplicableError
    form: Data = {"role": "constant", "file": m.random.choice(["large.npy"] * 2)}
    if m.random.random() < 0.5:
        form["storage"] = "weight"
    m.wrap("{0} * sum(filed)")
    m.data["parameters"] = {"filed": form, **(m.data.get("parameters") or {})}
    m.forget_outputs()


def declared_shape(m: Mutant) -> None:
    """The shape of a constant, which only checks it, is gone."""
    name = m.pick(
        "parameters",
        lambda f: f["role"] == "constant" and "shape" in f and "initializer" not in f,
    )
    del m.data["parameters"][name]["shape"]


def constant_inlined(m: Mutant) -> None:
    """A constant is written where it was used."""
    name = m.pick("parameters", lambda f: f["role"] == "constant" and "value" in f)
    value = m.data["parameters"][name]["value"]
    if isinstance(value, list):
        raise InapplicableError
    del m.data["parameters"][name]
    m.substitute(name, f"({value})")


def size_named(m: Mutant) -> None:
    """A size of a weight gets a name: that of a new constant."""
    name = m.pick("parameters", lambda f: f["role"] == "weight" and f["shape"])
    shape = m.data["parameters"][name]["shape"]
    at = m.random.randrange(len(shape))
    if "named_size" in m.data["parameters"] or str(shape[at]).startswith("*"):
        raise InapplicableError
    constant = {"role": "constant", "value": f"({shape[at]}) * 1"}
    m.data["parameters"] = {"named_size": constant, **m.data["parameters"]}
    shape[at] = "named_size"


def argument_or_constant(m: Mutant) -> None:
    """An argument is a constant now, or the reverse, under its name."""
    arguments, parameters = m.data.get("arguments") or {}, m.data.get("parameters")
    if m.random.random() < 0.5:
        name = m.pick("arguments", lambda f: isinstance(f.get("default"), int | float))
        form = arguments.pop(name)
        if isinstance(form["default"], bool):
            raise InapplicableError
        constant = {"role": "constant", "value": form["default"]}
        m.data["parameters"] = {name: constant, **(parameters or {})}
    else:
        name = m.pick("parameters", lambda f: isinstance(f.get("value"), int | float))
        value = m.data["parameters"].pop(name)["value"]
        kind = "int" if isinstance(value, int) else "float"
        m.data["arguments"] = {**arguments, name: {"type": kind, "default": value}}
    m.drop_examples("arguments", name)


def weight_of_booleans(m: Mutant) -> None:
    name = m.pick("parameters", lambda f: f["role"] == "weight")
    form = m.data["parameters"][name]
    for key in ("regularizer", "constraint", "value", "configurable"):
        form.pop(key, None)
    form |= {"dtype": "bool", "trainable": False, "initializer": "zeros"}
    m.substitute(name, f"cast({name}, 'float')")
    m.drop_examples("weights", name)


def none_refused(m: Mutant) -> None:
    """An argument that could be None needs a value."""
    defaults = {"int": 2, "float": 1.0, "bool": True, "str": "x", "axes": [-1]}
    name = m.pick(
        "arguments", lambda f: f.get("optional", False) and f["type"] in defaults
    )
    form = m.data["arguments"][name]
    del form["optional"]
    if form.get("default") is None:
        form["default"] = defaults[form["type"]]
    # whether it is None may not be asked any more
    asked = rf"(?:[\w.]+|\([^()]*\)) if {name} is None else "
    m.data["call"] = re.sub(asked, "", m.data["call"])
    m.forget_outputs()


def array_dtype(m: Mutant) -> None:
    name = m.pick("arguments", lambda f: f["type"] == "array")
    form = m.data["arguments"][name]
    kinds = ["float", "float32", "float64", "int32", "int64", "uint8"]
    form["dtype"] = m.random.choice([k for k in kinds if k != form.get("dtype")])
    m.forget_outputs()


def file_rewritten(m: Mutant) -> None:
    """The file of a constant holds other numbers, under the same name."""
    m.pick("parameters", lambda f: f["role"] == "constant" and "file" in f)
    m.folder = m.random.choice(["later", "longer"])
    m.forget_outputs()


MUTATIONS: tuple[Callable[[Mutant], None], ...] = (
    typed_argument,
    typed_argument,
    required_array,
    type_setting,
    type_setting,
    object_argument,
    object_fixed,
    object_default,
    seed_gone,
    first_values,
    file_of_constant,
    table_from_file,
    declared_shape,
    constant_inlined,
    size_named,
    argument_or_constant,
    weight_of_booleans,
    none_refused,
    array_dtype,
    file_rewritten,
)
