"""Random changes of the layers that a layer owns."""

import re
from collections.abc import Callable

from mutant import Data, InapplicableError, Mutant

VARIANTS = 8
"""Changed versions of a spec that another one names, which lie beside it."""

OTHERS: dict[str, tuple[str, Data]] = {
    "Dropout": ("GaussianNoise", {"stddev": 0.1}),
    "LayerNormalization": ("RMSNormalization", {}),
    "BatchNormalization": ("LayerNormalization", {}),
    "GlobalAveragePooling1D": ("GlobalMaxPooling1D", {}),
    "Embedding": ("Embedding", {"input_dim": 9, "output_dim": 2}),
    "Conv2D": ("DepthwiseConv2D", {"kernel_size": 3, "padding": "same"}),
    "Dense": ("Identity", {}),
}
"""Layers that may stand where others stood."""

SETTINGS = (
    ("activation", "relu"),
    ("activation", "tanh"),
    ("use_bias", True),
    ("use_bias", False),
    ("units", 3),
    ("epsilon", 0.01),
    ("center", False),
    ("scale", False),
    ("momentum", 0.5),
    ("rate", 0.25),
    ("kernel_initializer", "he_normal"),
    ("kernel_regularizer", "l2"),
    ("kernel_constraint", "non_neg"),
    ("dilation_rate", 2),
    ("groups", 1),
    ("input_dim", 20),
)
"""Arguments of layers of Keras."""


def removed(m: Mutant) -> None:
    name = m.pick("sublayers", lambda f: "count" not in f)
    call = rf"(?<![\w.]){name}\(([\w.\[\]]+)(, [^()]*)?\)"
    m.data["call"], found = re.subn(call, r"\1", m.data["call"])
    if not found:
        raise InapplicableError
    del m.data["sublayers"][name]
    if not m.data["sublayers"]:
        del m.data["sublayers"]
    m.data.pop("examples", None)


def of_another_class(m: Mutant) -> None:
    name = m.pick("sublayers", lambda f: f["layer"] in OTHERS)
    form = m.data["sublayers"][name]
    form["layer"], arguments = OTHERS[form["layer"]]
    form["arguments"] = dict(arguments)
    m.data.pop("examples", None)


def of_a_changed_spec(m: Mutant) -> None:
    name = m.pick("sublayers", lambda f: f["layer"].endswith((".yaml", ".json")))
    form = m.data["sublayers"][name]
    stem = re.split(r"\.|_\d", form["layer"])[0]
    form["layer"] = f"{stem}_{m.random.randrange(VARIANTS)}.json"
    m.data.pop("examples", None)


def set_otherwise(m: Mutant) -> None:
    name = m.pick("sublayers")
    arguments = m.data["sublayers"][name].setdefault("arguments", {})
    key, value = m.random.choice(SETTINGS)
    if arguments.get(key) == value:
        del arguments[key]
    else:
        arguments[key] = value
    m.data.pop("examples", None)


def larger(m: Mutant) -> None:
    name = m.pick("sublayers", lambda f: f.get("arguments"))
    arguments = m.data["sublayers"][name]["arguments"]
    key = m.random.choice(list(arguments))
    value = arguments[key]
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise InapplicableError
    number = isinstance(value, int | float)
    arguments[key] = value + 1 if number else f"({value}) * 2"
    m.data.pop("examples", None)


def listed(m: Mutant) -> None:
    """One layer becomes a list of one, or the reverse."""
    name = m.pick("sublayers", lambda f: f.get("count", 1) == 1)
    form = m.data["sublayers"][name]
    if form.pop("count", None) is None:
        form["count"] = 1
        m.substitute(name, f"{name}[0]")
    elif f"{name}[0]" in m.data["call"]:
        m.data["call"] = m.data["call"].replace(f"{name}[0]", name)
    else:
        raise InapplicableError
    m.data.pop("examples", None)


def optional(m: Mutant) -> None:
    """A condition comes, goes, or is written otherwise."""
    name = m.pick("sublayers", lambda f: "count" not in f)
    form = m.data["sublayers"][name]
    if "when" in form:
        old = form.pop("when")
        written = m.random.choice(["", f"{old} or True", f"not (not {old})"])
        if written:
            form["when"] = written
        return
    if "mixed" in (m.data.get("arguments") or {}):
        raise InapplicableError
    arguments = {"mixed": {"type": "bool", "default": m.random.random() < 0.5}}
    m.data["arguments"] = {**(m.data.get("arguments") or {}), **arguments}
    call = rf"(?<![\w.])({name}\(([\w.\[\]]+)(, [^()]*)?\))"
    m.data["call"] = re.sub(call, r"(\1 if mixed else \2)", m.data["call"])
    form["when"] = "mixed"
    m.forget_outputs()


def shaped(m: Mutant) -> None:
    """The shape is written otherwise, or is another."""
    name = m.pick("sublayers", lambda f: not isinstance(f.get("shape"), dict))
    form = m.data["sublayers"][name]
    first = next(iter(m.data["inputs"]))
    shape = form.get("shape", f"like {first}")
    if isinstance(shape, str):
        sizes = m.data["inputs"].get(shape.removeprefix("like "), {}).get("shape")
        form["shape"] = list(sizes) if sizes else f"like {first}"
        return
    at = m.random.randrange(len(shape))
    if shape[at] in ("batch", "..."):
        raise InapplicableError
    form["shape"] = [*shape[:at], f"({shape[at]}) + 0", *shape[at + 1 :]]


def in_place_of_a_weight(m: Mutant) -> None:
    """A product with a kernel becomes a dense layer of the kernel's name."""
    found = re.search(r"matmul\((\w+), (\w+)\)", m.data["call"])
    if found is None or found[2] not in (m.data.get("parameters") or {}):
        raise InapplicableError
    value, name = found[1], found[2]
    form = m.data["parameters"].pop(name)
    if len(form.get("shape", ())) != 2 or value not in m.data["inputs"]:
        raise InapplicableError
    arguments = {"units": form["shape"][1], "use_bias": m.random.random() < 0.3}
    made = {"layer": "Dense", "arguments": arguments, "shape": f"like {value}"}
    m.data["call"] = m.data["call"].replace(found[0], f"{name}({value})")
    m.data["sublayers"] = {**(m.data.get("sublayers") or {}), name: made}
    m.data.pop("examples", None)


MUTATIONS: tuple[Callable[[Mutant], None], ...] = (
    removed,
    of_another_class,
    of_a_changed_spec,
    of_a_changed_spec,
    set_otherwise,
    larger,
    listed,
    optional,
    shaped,
    in_place_of_a_weight,
)
