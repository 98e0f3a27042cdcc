"""Specs as data -> specs with random changes, and which names they gave others."""

import copy
import random
import re
from collections.abc import Callable

import mutate_calls
import mutate_kinds
import mutate_rework
import mutate_sublayers
from mutant import Data, InapplicableError, Mutant

from layergen.codes.review import approvable


def _is(*types: str) -> Callable[[Data], bool]:
    return lambda form: form.get("type") in types


def default_changed(m: Mutant) -> None:
    name = m.pick("arguments", lambda f: f.get("default") is not None)
    form = m.data["arguments"][name]
    old = form["default"]
    if isinstance(old, bool):
        form["default"] = not old
    elif isinstance(old, int | float):
        form["default"] = m.random.choice(
            [old + 1, old * 2 + 1, old / 2 if isinstance(old, float) else old + 2]
        )
    elif form["type"] == "choice":
        form["default"] = m.random.choice(form["choices"])
    else:
        raise InapplicableError


def default_dropped(m: Mutant) -> None:
    name = m.pick("arguments", lambda f: f.get("default") is not None)
    value = m.data["arguments"][name].pop("default")
    for example in m.data.get("examples", []):
        example.setdefault("arguments", {}).setdefault(name, value)


def default_given(m: Mutant) -> None:
    name = m.pick(
        "arguments", lambda f: "default" not in f and f["type"] in ("int", "float")
    )
    m.data["arguments"][name]["default"] = (
        3 if m.data["arguments"][name]["type"] == "int" else 0.5
    )


def bounds(m: Mutant) -> None:
    name = m.pick("arguments", _is("int", "float", "ints"))
    form = m.data["arguments"][name]
    key = m.random.choice(["min", "max", "above", "below"])
    if key in form and m.random.random() < 0.3:
        del form[key]
        return
    number = m.random.choice([0, 1, 2, 3, 8])
    if form["type"] == "ints" and key in ("above", "below"):
        raise InapplicableError
    if form["type"] == "int" and key in ("above", "below"):
        raise InapplicableError
    form[key] = number


def argument_removed(m: Mutant) -> None:
    name = m.pick(
        "arguments",
        lambda f: f.get("default") is not None
        and f["type"] not in ("array", "axes", "ints"),
    )
    value = m.data["arguments"].pop(name)["default"]
    m.substitute(name, f"({value!r})")
    m.drop_examples("arguments", name)


def argument_added(m: Mutant) -> None:
    form, use = m.random.choice(
        [
            ({"type": "float", "default": 1.0}, "{0} * extra"),
            ({"type": "float", "default": 0.5, "min": 0}, "{0} + extra"),
            ({"type": "bool", "default": False}, "{0} * 2.0 if extra else {0}"),
            ({"type": "int", "default": 1}, "{0} * extra"),
            (
                {"type": "float", "optional": True},
                "{0} if extra is None else {0} * extra",
            ),
            (
                {"type": "choice", "choices": ["a", "b"], "default": "a"},
                "{0} if extra == 'a' else -{0}",
            ),
            ({"type": "float"}, "{0} * extra"),
            ({"type": "int", "min": 1}, "{0} * extra"),
        ]
    )
    if "extra" in (m.data.get("arguments") or {}):
        raise InapplicableError
    m.wrap(use)
    given = {"extra": dict(form)}
    old = m.data.get("arguments") or {}
    m.data["arguments"] = (
        {**old, **given} if m.random.random() < 0.6 else {**given, **old}
    )
    if "default" not in form and not form.get("optional"):
        for example in m.data.get("examples", []):
            example.setdefault("arguments", {})["extra"] = 2
    m.forget_outputs()


def argument_renamed(m: Mutant) -> None:
    name = m.pick("arguments")
    m.rename(name, f"{name}_new")


def argument_bridged(m: Mutant) -> None:
    name = m.pick("arguments", lambda f: f["type"] != "deprecated")
    _bridge(m, "arguments", name, f"{name}_new")


def parameter_bridged(m: Mutant) -> None:
    name = m.pick("parameters")
    _bridge(m, "parameters", name, f"{name}_v")


def _bridge(m: Mutant, group: str, name: str, new: str) -> None:
    """Rename a member, and say so."""
    m.rename(name, new)
    form = m.data[group][new]
    past = form.get("renamed_from", [])
    form["renamed_from"] = [*([past] if isinstance(past, str) else past), name]


def argument_deprecated(m: Mutant) -> None:
    before = dict(m.data["arguments"])
    argument_removed(m)
    kept = m.data["arguments"]
    m.data["arguments"] = {n: kept.get(n, {"type": "deprecated"}) for n in before}


def package_bridged(m: Mutant) -> None:
    past = m.data.get("renamed_from", [])
    name = f"{m.data['package']}>{m.data['name']}"
    m.data["renamed_from"] = [*([past] if isinstance(past, str) else past), name]
    m.data["package"] += "_new"


def past_forgotten(m: Mutant) -> None:
    """A former name, or a deprecated argument, is no longer said."""
    if m.data.get("renamed_from") and m.random.random() < 0.3:
        del m.data["renamed_from"]
        return
    name = m.pick(
        "arguments", lambda f: f["type"] == "deprecated" or "renamed_from" in f
    )
    if m.data["arguments"][name].pop("renamed_from", None) is None:
        del m.data["arguments"][name]


def arguments_swapped(m: Mutant) -> None:
    m.reorder("arguments")


def argument_type(m: Mutant) -> None:
    name = m.pick(
        "arguments", _is("int", "float", "bool", "axis", "axes", "ints", "choice")
    )
    form = m.data["arguments"][name]
    to = m.random.choice(
        {
            "int": ["float", "axis", "ints"],
            "float": ["int"],
            "bool": ["int", "float"],
            "axis": ["int", "axes"],
            "axes": ["ints", "axis"],
            "ints": ["axes", "int"],
            "choice": ["str"],
        }[form["type"]]
    )
    default = form.get("default")
    new = {"type": to}
    if to in ("int", "float", "ints") and form["type"] in ("int", "float", "ints"):
        new |= {k: form[k] for k in ("min", "max") if k in form}
    if form.get("optional") and to in ("int", "float", "str"):
        new["optional"] = True
    if to == "ints" and form["type"] == "int":
        new["length"] = 1
        m.substitute(name, f"{name}[0]")
    if form["type"] == "ints" and to == "int":
        raise InapplicableError
    if default is not None:
        if to == "int":
            default = int(default)
        if to == "float":
            default = float(default)
        new["default"] = default
    m.data["arguments"][name] = new


def optional(m: Mutant) -> None:
    name = m.pick("arguments", _is("int", "float", "bool", "str", "choice"))
    form = m.data["arguments"][name]
    if form.pop("optional", False):
        if form.get("default") is None:
            form["default"] = {"int": 2, "float": 1.0, "bool": True, "str": "x"}.get(
                form["type"], (form.get("choices") or [""])[0]
            )
    else:
        form["optional"] = True
        text = repr(str(form.get("default")))
        usual = {"int": "1", "float": "1.0", "bool": "True"}.get(form["type"], text)
        m.substitute(name, f"({usual} if {name} is None else {name})")


def choices(m: Mutant) -> None:
    name = m.pick("arguments", _is("choice"))
    form = m.data["arguments"][name]
    if m.random.random() < 0.5:
        form["choices"] = [*form["choices"], "other"]
    else:
        gone = m.random.choice(form["choices"])
        form["choices"] = [c for c in form["choices"] if c != gone]
        if form.get("default") == gone:
            form["default"] = form["choices"][0] if form["choices"] else ""


def array_argument(m: Mutant) -> None:
    name = m.pick("arguments", _is("array"))
    form = m.data["arguments"][name]
    if m.random.random() < 0.5:
        form["dtype"] = m.random.choice(
            ["float", "float32", "float64", "int32", "int64"]
        )
    elif "rank" in form:
        del form["rank"]
    else:
        form["rank"] = 1


def input_renamed(m: Mutant) -> None:
    name = m.pick("inputs", lambda f: "shape" in f)
    m.rename(name, f"{name}_x")


def inputs_swapped(m: Mutant) -> None:
    m.reorder("inputs")


def input_added(m: Mutant) -> None:
    first = next(iter(m.data["inputs"]))
    if "other_input" in m.data["inputs"]:
        raise InapplicableError
    shape = list(m.data["inputs"][first]["shape"])
    optional = m.random.random() < 0.5
    m.data["inputs"]["other_input"] = {
        "shape": shape,
        **({"optional": True} if optional else {}),
    }
    use = "{0} + 0.0 * sum(other_input)"
    m.wrap(f"{{0}} if other_input is None else {use}" if optional else use)
    m.data.pop("examples", None)


def input_removed(m: Mutant) -> None:
    if len(m.data["inputs"]) < 2:
        raise InapplicableError
    name = m.pick("inputs")
    keep = next(n for n in m.data["inputs"] if n != name)
    if m.data["inputs"][name] != m.data["inputs"][keep]:
        m.substitute(name, "1.0")
    else:
        m.substitute(name, keep)
    del m.data["inputs"][name]
    m.data.pop("examples", None)


def input_shape(m: Mutant) -> None:
    name = m.pick("inputs", lambda f: "shape" in f)
    shape = list(m.data["inputs"][name]["shape"])
    at = m.random.randrange(len(shape))
    kind = m.random.choice(["fix", "free", "dots", "undot", "more", "less", "number"])
    if (
        kind == "fix"
        and isinstance(shape[at], str)
        and shape[at] not in ("batch", "...")
    ):
        size = shape[at]
        shape[at] = 3
        m.data["inputs"][name]["shape"] = shape
        m.substitute(size, "3")
    elif kind == "free" and isinstance(shape[at], int):
        shape[at] = "free_size"
    elif kind == "number" and isinstance(shape[at], int):
        shape[at] += 1
    elif kind == "dots" and "..." not in shape:
        shape.insert(max(1, at), "...")
    elif kind == "undot" and "..." in shape:
        shape.remove("...")
    elif kind == "more":
        shape.insert(max(1, at), "more_size")
    elif kind == "less" and len(shape) > 1 and shape[at] != "batch":
        del shape[at]
    else:
        raise InapplicableError
    m.data["inputs"][name]["shape"] = shape
    if m.random.random() < 0.8:
        m.data.pop("examples", None)


def input_dtype(m: Mutant) -> None:
    name = m.pick("inputs", lambda f: "shape" in f)
    m.data["inputs"][name]["dtype"] = m.random.choice(["float", "int32"])
    m.forget_outputs()


def size_renamed(m: Mutant) -> None:
    sizes = [
        s
        for f in m.data["inputs"].values()
        for s in f.get("shape", [])
        if isinstance(s, str) and s not in ("batch", "...")
    ]
    if not sizes:
        raise InapplicableError
    name = m.random.choice(sizes)
    m.rename(name, f"{name}_size")


def _weights(form: Data) -> bool:
    return form["role"] == "weight"


def _constants(form: Data) -> bool:
    return form["role"] == "constant"


def parameter_renamed(m: Mutant) -> None:
    name = m.pick("parameters")
    m.rename(name, f"{name}_v")


def parameters_swapped(m: Mutant) -> None:
    m.reorder("parameters")


def weight_added(m: Mutant) -> None:
    if "fresh" in (m.data.get("parameters") or {}):
        raise InapplicableError
    form: Data = {
        "role": "weight",
        "shape": [],
        "initializer": m.random.choice(["ones", "zeros"]),
    }
    sizes = [f["shape"][-1] for f in m.data["inputs"].values() if f.get("shape")][:1]
    if m.random.random() < 0.5 and sizes and sizes[0] not in ("...", "batch"):
        form["shape"] = sizes
    if m.random.random() < 0.3:
        form["trainable"] = False
    if m.random.random() < 0.4 and (m.data.get("arguments") or {}).get("gated") is None:
        default = m.random.random() < 0.5
        m.data["arguments"] = {
            **(m.data.get("arguments") or {}),
            "gated": {"type": "bool", "default": default},
        }
        form["when"] = "gated"
        m.wrap("{0} * sum(fresh) if gated else {0}")
    else:
        m.wrap("{0} * sum(fresh)")
    parameters = list((m.data.get("parameters") or {}).items())
    parameters.insert(m.random.randint(0, len(parameters)), ("fresh", form))
    m.data["parameters"] = dict(parameters)
    m.forget_outputs()


def parameter_removed(m: Mutant) -> None:
    name = m.pick("parameters")
    m.substitute(name, "1.0")
    del m.data["parameters"][name]
    m.drop_examples("weights", name)


def weight_shape(m: Mutant) -> None:
    name = m.pick("parameters", _weights)
    form = m.data["parameters"][name]
    shape = list(form["shape"])
    kind = m.random.choice(["one", "double", "swap", "more", "spell"])
    if not shape and kind != "more":
        raise InapplicableError
    at = m.random.randrange(len(shape)) if shape else 0
    if kind == "one":
        shape[at] = 1
    elif kind == "double":
        shape[at] = f"{shape[at]} * 2"
    elif kind == "swap" and len(shape) > 1:
        shape[0], shape[1] = shape[1], shape[0]
    elif kind == "more":
        shape.insert(0, 1)
    elif kind == "spell":
        shape[at] = f"({shape[at]}) + 0"
    else:
        raise InapplicableError
    form["shape"] = shape
    m.drop_examples("weights", name)


def weight_dtype(m: Mutant) -> None:
    name = m.pick("parameters", _weights)
    form = m.data["parameters"][name]
    form["dtype"] = m.random.choice(["float", "float32", "int32"])
    if form["dtype"] == "int32":
        form |= {"trainable": False, "initializer": "ones"}
        form.pop("regularizer", None)
        form.pop("constraint", None)
        m.substitute(name, f"cast({name}, 'float')")
        m.drop_examples("weights", name)


def weight_trainable(m: Mutant) -> None:
    name = m.pick("parameters", _weights)
    form = m.data["parameters"][name]
    form["trainable"] = not form.get("trainable", True)
    if not form["trainable"]:
        form.pop("regularizer", None)
        form.pop("constraint", None)


def weight_setting(m: Mutant) -> None:
    name = m.pick("parameters", _weights)
    form = m.data["parameters"][name]
    key, value = m.random.choice(
        [
            ("initializer", "ones"),
            ("initializer", "zeros"),
            ("initializer", {"name": "random_normal", "stddev": 0.2}),
            ("regularizer", "l2"),
            ("regularizer", {"name": "l1", "l1": 0.1}),
            ("constraint", "non_neg"),
            ("autocast", False),
            ("configurable", True),
            ("configurable", False),
            ("configurable", ["initializer"]),
        ]
    )
    if form.get(key) == value:
        form.pop(key)
    else:
        form[key] = value


def weight_when(m: Mutant) -> None:
    name = m.pick("parameters", _weights)
    form = m.data["parameters"][name]
    if "when" in form:
        old = form.pop("when")
        if m.random.random() < 0.5:
            form["when"] = (
                f"{old} or True" if m.random.random() < 0.5 else f"not (not {old})"
            )
        return
    if "switch" in (m.data.get("arguments") or {}):
        raise InapplicableError
    default = m.random.random() < 0.5
    m.data["arguments"] = {
        **(m.data.get("arguments") or {}),
        "switch": {"type": "bool", "default": default},
    }
    form["when"] = "switch"
    m.substitute(name, f"({name} if switch else 1.0)")


def role(m: Mutant) -> None:
    name = m.pick("parameters")
    form = m.data["parameters"][name]
    if form["role"] == "weight":
        shape = form["shape"]
        form.clear()
        listed = "".join(f"{size}, " for size in shape)
        form |= m.random.choice(
            [
                {"role": "constant", "value": f"ones(({listed}))"},
                {"role": "constant", "value": f"ones(({listed}))", "storage": "weight"},
                {"role": "constant", "shape": shape, "initializer": "random_normal"},
            ]
        )
    else:
        shape = form.get("shape")
        if shape is None:
            value = form.get("value")
            if not isinstance(value, list):
                raise InapplicableError
            shape = [len(value)]
        form.clear()
        form |= {
            "role": "weight",
            "shape": shape,
            "trainable": m.random.random() < 0.5,
            "initializer": "ones",
        }
    m.drop_examples("weights", name)


def constant_value(m: Mutant) -> None:
    name = m.pick("parameters", lambda f: _constants(f) and "value" in f)
    form = m.data["parameters"][name]
    value = form["value"]
    if isinstance(value, str):
        form["value"] = m.random.choice(
            [f"({value}) * 2", f"({value}) * 1", f"({value}) + 0.5"]
        )
    elif isinstance(value, list):
        form["value"] = value[::-1]
    else:
        form["value"] = value + 1
    m.forget_outputs()


def constant_place(m: Mutant) -> None:
    name = m.pick("parameters", lambda f: _constants(f) and "initializer" not in f)
    form = m.data["parameters"][name]
    if form.pop("storage", None) is None:
        form["storage"] = m.random.choice(["weight", "attribute"])


def constant_dtype(m: Mutant) -> None:
    name = m.pick("parameters", _constants)
    m.data["parameters"][name]["dtype"] = m.random.choice(["float", "float32", "int32"])
    m.forget_outputs()


def constant_drawn(m: Mutant) -> None:
    name = m.pick("parameters", lambda f: _constants(f) and "initializer" in f)
    form = m.data["parameters"][name]
    form["initializer"] = m.random.choice(
        ["random_uniform", {"name": "random_normal", "seed": 3}, "ones"]
    )


def constant_added(m: Mutant) -> None:
    if "table_new" in (m.data.get("parameters") or {}):
        raise InapplicableError
    form = m.random.choice(
        [
            {"role": "constant", "value": 0.5},
            {"role": "constant", "value": [0.5, 1.5]},
            {"role": "constant", "value": [0.5, 1.5], "storage": "weight"},
            {"role": "constant", "shape": [2], "initializer": "random_normal"},
        ]
    )
    (
        m.wrap("{0} * sum(table_new)" if form["value"] != 0.5 else "{0} * table_new")
        if "value" in form
        else m.wrap("{0} * sum(table_new)")
    )
    parameters = list((m.data.get("parameters") or {}).items())
    parameters.insert(m.random.randint(0, len(parameters)), ("table_new", form))
    m.data["parameters"] = dict(parameters)
    m.forget_outputs()


def seed_added(m: Mutant) -> None:
    if any(f["type"] == "seed" for f in (m.data.get("arguments") or {}).values()):
        raise InapplicableError
    m.data["arguments"] = {
        **(m.data.get("arguments") or {}),
        "own_seed": {"type": "seed"},
    }


def body_scaled(m: Mutant) -> None:
    m.wrap("{0} * 1.5")
    m.forget_outputs()


def body_training(m: Mutant) -> None:
    m.wrap("{0} * 1.5 if training else {0}")


def body_reduced(m: Mutant) -> None:
    m.wrap("sum({0}, axis=-1, keepdims=True)")
    m.forget_outputs()
    m.data["outputs"] = {**m.data["outputs"], "shape": "like inputs"}


def body_local(m: Mutant) -> None:
    names = re.findall(r"^\s*(\w+) = ", m.data["call"], re.M)
    taken = {
        *(m.data.get("arguments") or {}),
        *(m.data.get("parameters") or {}),
        *m.data["inputs"],
    }
    names = [n for n in names if n not in taken]
    if not names:
        raise InapplicableError
    name = m.random.choice(names)
    m.data["call"] = re.sub(
        rf"(?<![\w.]){name}(?!\w)(?!=[^=])", f"{name}_local", m.data["call"]
    )


def output_dtype(m: Mutant) -> None:
    m.wrap("cast({0}, 'int32')")
    outputs = m.data["outputs"]
    m.data["outputs"] = {**outputs, "dtype": "int32"}
    m.forget_outputs()


def class_renamed(m: Mutant) -> None:
    m.data["name"] += "Next"


def package_changed(m: Mutant) -> None:
    m.data["package"] += "_next"


def docs(m: Mutant) -> None:
    m.data["summary"] = "Says something else."


def attribute(m: Mutant) -> None:
    attributes = m.data.setdefault("attributes", {})
    if attributes:
        attributes.popitem()
    else:
        attributes["shown_size"] = m.random.choice([3, "2 * 4"])
    if not attributes:
        del m.data["attributes"]


def flag(m: Mutant) -> None:
    if "loud" in m.data["inputs"]:
        kind = m.random.random()
        if kind < 0.5:
            del m.data["inputs"]["loud"]
            m.substitute("loud", "False")
        else:
            m.data["inputs"]["loud"]["default"] = True
        return
    m.data["inputs"]["loud"] = {"type": "bool", "default": False}
    m.wrap("{0} * 2.0 if loud else {0}")


def sublayer(m: Mutant) -> None:
    name = m.pick("sublayers")
    form = m.data["sublayers"][name]
    kind = m.random.choice(["rename", "bias", "units", "count", "swap", "when"])
    if kind == "rename":
        m.rename(name, f"{name}_s")
    elif kind == "bias":
        arguments = form.setdefault("arguments", {})
        arguments["use_bias"] = not arguments.get("use_bias", True)
    elif kind == "units" and "units" in form.get("arguments", {}):
        form["arguments"]["units"] = f"{form['arguments']['units']} + 0"
    elif kind == "count" and "count" in form:
        form["count"] = f"{form['count']} + {m.random.choice([0, 1])}"
    elif kind == "swap":
        m.reorder("sublayers")
    else:
        raise InapplicableError
    m.forget_outputs()


def sublayer_added(m: Mutant) -> None:
    sizes = next(iter(m.data["inputs"].values())).get("shape", [])
    if (
        not sizes
        or sizes[-1] in ("...", "batch")
        or "mixing_layer" in (m.data.get("sublayers") or {})
    ):
        raise InapplicableError
    first = next(iter(m.data["inputs"]))
    form = {"layer": "Dense", "arguments": {"units": 1}, "shape": f"like {first}"}
    m.data["sublayers"] = {**(m.data.get("sublayers") or {}), "mixing_layer": form}
    m.wrap(f"{{0}} * sum(mixing_layer({first}))")
    m.forget_outputs()


def outputs(m: Mutant) -> None:
    """A further output, one less, or the two in another order."""
    m.data.pop("examples", None)
    lines = m.data["call"].rstrip("\n").split("\n")
    head, _, value = lines[-1].partition("return ")
    declared = m.data["outputs"]
    if not value or lines[-1].count("return ") > 1:
        raise InapplicableError
    if "shape" in declared:
        first = next(iter(m.data["inputs"]))
        lines[-1] = f"{head}return ({value}), {first}"
        m.data["outputs"] = {
            "result": declared,
            "given_back": {
                "shape": f"like {first}",
                "dtype": m.data["inputs"][first].get("dtype", "float"),
            },
        }
    elif set(declared) == {"result", "given_back"}:
        one, _, other = value.rpartition(", ")
        if m.random.random() < 0.5:
            lines[-1] = f"{head}return {one}"
            m.data["outputs"] = declared["result"]
        else:
            lines[-1] = f"{head}return {other}, {one}"
            m.data["outputs"] = dict(reversed(declared.items()))
    else:
        raise InapplicableError
    m.data["call"] = "\n".join(lines) + "\n"


def approval(m: Mutant) -> None:
    """A break is approved, whether it is there or not: that breaks nobody."""
    code = m.random.choice(list(approvable().values()))
    groups = ("arguments", "inputs", "parameters", "sublayers", "attributes")
    names = [name for group in groups for name in m.data.get(group) or {}]
    entry = {"code": code.id, "reason": "It is meant."}
    if code.about is not None:
        entry["name"] = m.random.choice(names)
    m.data.setdefault("approved", []).append(entry)


MUTATIONS: tuple[Callable[[Mutant], None], ...] = (
    default_changed,
    default_dropped,
    default_given,
    bounds,
    bounds,
    argument_removed,
    argument_added,
    argument_added,
    argument_renamed,
    argument_bridged,
    argument_deprecated,
    parameter_bridged,
    package_bridged,
    past_forgotten,
    past_forgotten,
    arguments_swapped,
    argument_type,
    argument_type,
    optional,
    choices,
    array_argument,
    input_renamed,
    inputs_swapped,
    input_added,
    input_removed,
    input_shape,
    input_shape,
    input_dtype,
    size_renamed,
    parameter_renamed,
    parameters_swapped,
    weight_added,
    weight_added,
    parameter_removed,
    weight_shape,
    weight_shape,
    weight_dtype,
    weight_trainable,
    weight_setting,
    weight_setting,
    weight_when,
    role,
    role,
    constant_value,
    constant_place,
    constant_dtype,
    constant_drawn,
    constant_added,
    seed_added,
    body_scaled,
    body_training,
    body_reduced,
    body_local,
    output_dtype,
    class_renamed,
    package_changed,
    docs,
    attribute,
    flag,
    sublayer,
    sublayer,
    sublayer_added,
    outputs,
    outputs,
    approval,
    *mutate_calls.MUTATIONS,
    *mutate_kinds.MUTATIONS,
    *mutate_rework.MUTATIONS,
    *mutate_sublayers.MUTATIONS,
)


def mutate(
    data: Data, seed: random.Random, first: Callable[[Mutant], None], count: int
) -> Mutant:
    """A spec with a change, and up to `count` others.

    Raises:
        InapplicableError: the first change cannot be made.
    """
    mutant = Mutant(copy.deepcopy(data), seed)
    if not _make(mutant, first):
        raise InapplicableError
    for _ in range(40):
        if len(mutant.done) > count:
            break
        _make(mutant, seed.choice(MUTATIONS))
    return mutant


def _make(mutant: Mutant, mutation: Callable[[Mutant], None]) -> bool:
    """Make a change, if it can be made."""
    kept = copy.deepcopy((mutant.data, mutant.renamed, mutant.arguments))
    folder = mutant.folder
    try:
        mutation(mutant)
    except (InapplicableError, KeyError, TypeError, ValueError, IndexError):
        mutant.data, mutant.renamed, mutant.arguments = kept
        mutant.folder = folder
        return False
    mutant.done.append(name_of(mutation))
    return True


def name_of(mutation: Callable[[Mutant], None]) -> str:
    """The name of a kind of change."""
    return f"{mutation.__module__}.{mutation.__name__}"
