"""Random changes of calls: bodies, flags, masks, outputs, requirements, examples."""

import re
from collections.abc import Callable

from mutant import Data, InapplicableError, Mutant


def _is_single(m: Mutant) -> bool:
    return "shape" in m.data["outputs"]


def _sizes(m: Mutant) -> list[str]:
    """The names of sizes of inputs."""
    shapes = (form.get("shape", []) for form in m.data["inputs"].values())
    sizes = {size for shape in shapes for size in shape if isinstance(size, str)}
    return sorted(sizes - {"batch", "..."})


def _tensors(m: Mutant) -> list[str]:
    return [
        name
        for name, form in m.data["inputs"].items()
        if "shape" in form and not form.get("list") and not form.get("optional")
    ]


def _with_argument(m: Mutant, name: str, form: Data) -> None:
    """A new argument, which no other change has made."""
    if name in (m.data.get("arguments") or {}):
        raise InapplicableError
    m.data["arguments"] = {**(m.data.get("arguments") or {}), name: form}


def _with_flag(m: Mutant, name: str, form: Data) -> None:
    if name in m.data["inputs"]:
        raise InapplicableError
    m.data["inputs"][name] = form


def required(m: Mutant) -> None:
    numbers = [
        name
        for name, form in (m.data.get("arguments") or {}).items()
        if form.get("type") in ("int", "float") and not form.get("optional")
    ]
    placed = f"{next(iter(m.data['inputs']))}.shape[1]"
    name = m.random.choice([*numbers, *_sizes(m), placed])
    test = m.random.choice(["{0} >= 2", "{0} != 3", "{0} < 6", "{0} * 2 > 0"])
    condition = {"that": test.format(name), "message": "It must fit."}
    m.data["requires"] = [*(m.data.get("requires") or []), condition]


def required_otherwise(m: Mutant) -> None:
    """A requirement goes, or is written otherwise, or says another thing."""
    conditions = m.data.get("requires") or []
    if not conditions:
        raise InapplicableError
    i = m.random.randrange(len(conditions))
    kind = m.random.choice(["removed", "worded", "twice", "other"])
    if kind == "removed":
        del conditions[i]
        if not conditions:
            del m.data["requires"]
    elif kind == "worded":
        conditions[i]["message"] = "Something must fit."
    elif kind == "twice":
        conditions[i]["that"] = f"not (not ({conditions[i]['that']}))"
    else:
        conditions[i]["that"] += f" or {m.random.choice(_sizes(m) or ['1'])} == 4"


def mask_taken(m: Mutant) -> None:
    name = m.pick("inputs", lambda f: "shape" in f and not f.get("list"))
    form = m.data["inputs"][name]
    if form.pop("mask", None) is None:
        form["mask"] = True
        m.data["masking"] = m.random.choice(["passes", "consumes"])
        if m.random.random() < 0.5 and len(m.data["inputs"]) == 1:
            m.wrap("{0} if mask is None else {0} * 2.0")
    elif not any(f.get("mask") for f in m.data["inputs"].values()):
        m.data.pop("masking", None)
    m.data.pop("examples", None)


def masking(m: Mutant) -> None:
    first = next(iter(m.data["inputs"]))
    produced = {"produces": m.random.choice(["mask", f"{first} != 0", "None"])}
    old = m.data.pop("masking", None)
    new = m.random.choice(["passes", "consumes", "none", produced, None])
    if new == old:
        raise InapplicableError
    if new is not None:
        m.data["masking"] = new
    for example in m.data.get("examples", []):
        example.pop("output_mask", None)


def attribute_otherwise(m: Mutant) -> None:
    name = m.pick("attributes")
    value = m.data["attributes"][name]
    if m.random.random() < 0.3:
        m.data["attributes"][f"{name}_shown"] = m.data["attributes"].pop(name)
    else:
        text = m.random.choice(["({0}) + 1", "({0}) * 1", "({0}) + 0"])
        listed = isinstance(value, list)
        m.data["attributes"][name] = [1, 2] if listed else text.format(value)


def output_by_condition(m: Mutant) -> None:
    """A second output that is there if a flag or an argument says so."""
    tensors = _tensors(m)
    if not _is_single(m) or not tensors:
        raise InapplicableError
    form: Data = {"type": "bool", "default": m.random.random() < 0.5}
    add = m.random.choice([_with_flag, _with_argument])
    add(m, "reported", form)
    lines = m.data["call"].rstrip("\n").split("\n")
    head, _, value = lines[-1].partition("return ")
    if head:
        raise InapplicableError
    lines[-1:] = ["if reported:", f"    return {value}, {tensors[0]}", lines[-1]]
    m.data["call"] = "\n".join(lines) + "\n"
    dtype = m.data["inputs"][tensors[0]].get("dtype", "float")
    told = {"shape": f"like {tensors[0]}", "dtype": dtype, "when": "reported"}
    m.data["outputs"] = {"result": m.data["outputs"], "told": told}
    m.data.pop("examples", None)


def output_counted(m: Mutant) -> None:
    """One output becomes a list, or a list gets longer."""
    outputs = m.data["outputs"]
    if not _is_single(m):
        raise InapplicableError
    if "count" not in outputs:
        count = m.random.choice([1, 2])
        m.wrap(f"[{', '.join(['{0}'] * count)}]")
        m.data["outputs"] = {**outputs, "count": count}
    elif outputs["count"] == 1:
        m.wrap("[{0}[0], {0}[0]]")
        outputs["count"] = 2
    else:
        raise InapplicableError
    m.data.pop("examples", None)


def output_renamed(m: Mutant) -> None:
    if _is_single(m):
        raise InapplicableError
    names = list(m.data["outputs"])
    old = m.random.choice(names)
    m.data["outputs"] = {
        f"{name}_y" if name == old else name: form
        for name, form in m.data["outputs"].items()
    }
    m.data.pop("examples", None)


def flag_of_numbers(m: Mutant) -> None:
    """A flag that is an integer comes, gets bounds, or another default."""
    if "level" not in m.data["inputs"]:
        m.data["inputs"]["level"] = {"type": "int", "default": 2}
        m.wrap("{0} * level")
        m.forget_outputs()
        return
    form = m.data["inputs"]["level"]
    key = m.random.choice(["min", "max", "default"])
    if key in form and key != "default":
        del form[key]
    else:
        form[key] = m.random.choice([0, 1, 2, 3])
    m.forget_outputs()


def flag_renamed(m: Mutant) -> None:
    name = m.pick("inputs", lambda f: "type" in f)
    m.rename(name, f"{name}_flag")
    m.data.pop("examples", None)


def flag_or_argument(m: Mutant) -> None:
    """What the call was given is given to the constructor, or the reverse."""
    if m.random.random() < 0.6:
        name = m.pick("inputs", lambda f: "type" in f)
        _with_argument(m, name, m.data["inputs"].pop(name))
    else:
        name = m.pick(
            "arguments",
            lambda f: f["type"] in ("bool", "int") and f.get("default") is not None,
        )
        form = m.data["arguments"].pop(name)
        m.data["inputs"][name] = form
    m.data.pop("examples", None)


def function_of_its_own(m: Mutant) -> None:
    if "def adjust(" in m.data["call"]:
        old, new = m.random.choice(
            [("value * 1.0", "value * 2.0"), ("adjust", "adapt"), ("value", "amount")]
        )
        m.data["call"] = re.sub(rf"\b{re.escape(old)}(?!\w)", new, m.data["call"])
    else:
        m.wrap("adjust({0})")
        body = "def adjust(value):\n    return value * 1.0\n\n"
        m.data["call"] = body + m.data["call"]
    m.forget_outputs()


def scanned(m: Mutant) -> None:
    """The outputs are added up step by step, from the first sample to the last."""
    if "def advance(" in m.data["call"]:
        new = m.random.choice(["state * 0.5 + x", "x + state", "state - x"])
        m.data["call"] = m.data["call"].replace("state + x", new)
    else:
        m.wrap("scan(advance, zeros_like({0}[0]), {0})[1]")
        body = (
            "def advance(state, x):\n    state = state + x\n    return state, state\n"
        )
        m.data["call"] = f"{body}\n{m.data['call']}"
    m.forget_outputs()


def loss_added(m: Mutant) -> None:
    tensors = _tensors(m)
    lines = m.data["call"].rstrip("\n").split("\n")
    if not tensors or not lines[-1].startswith("return "):
        raise InapplicableError
    value = m.random.choice([f"mean({tensors[0]})", f"0.1 * sum({tensors[0]})"])
    lines.insert(len(lines) - 1, f"add_loss({value})")
    m.data["call"] = "\n".join(lines) + "\n"


def drawn(m: Mutant) -> None:
    """Random numbers, with which an argument `seed` comes."""
    draw = m.random.choice(
        ["random.dropout({0}, 0.5)", "{0} + 0.1 * random.normal({0}.shape)"]
    )
    m.wrap(draw)
    m.forget_outputs()


def no_longer_drawn(m: Mutant) -> None:
    pattern = r"random\.dropout\(([\w.]+), [^()]*(?:\([^()]*\))?\)"
    m.data["call"], dropped = re.subn(pattern, r"\1", m.data["call"])
    pattern = r"random\.\w+\(([\w.]+)(?:, [^()]*)?\)"
    m.data["call"], others = re.subn(pattern, r"zeros(\1)", m.data["call"])
    if not dropped + others:
        raise InapplicableError
    m.forget_outputs()


def state_assigned(m: Mutant) -> None:
    states = [
        name
        for name, form in (m.data.get("parameters") or {}).items()
        if form["role"] == "weight" and form.get("trainable") is False
    ]
    lines = m.data["call"].rstrip("\n").split("\n")
    if not states or not lines[-1].startswith("return "):
        raise InapplicableError
    name = m.random.choice(states)
    update = ["if training:", f"    {name}.assign({name} * 2)"]
    lines[-1:] = [*update, lines[-1]]
    m.data["call"] = "\n".join(lines) + "\n"


def examples(m: Mutant) -> None:
    found = m.data.get("examples") or []
    if len(found) > 1 and m.random.random() < 0.5:
        m.data["examples"] = found[1:]
    elif found:
        m.data["examples"] = [*found, found[0]]
    else:
        raise InapplicableError


def documented(m: Mutant) -> None:
    group = m.random.choice(["arguments", "inputs", "parameters", "sublayers"])
    if m.random.random() < 0.3:
        m.data["description"] = "More about it.\n"
        m.data["references"] = ["Somebody, 2020"]
    else:
        m.data[group][m.pick(group)]["doc"] = "Says more."


def sizes_joined(m: Mutant) -> None:
    """Two sizes must be the same now."""
    sizes = _sizes(m)
    if len(sizes) < 2:
        raise InapplicableError
    one, other = m.random.sample(sizes, 2)
    m.rename(one, other)
    m.data.pop("examples", None)


def sizes_parted(m: Mutant) -> None:
    """A size of two inputs may be two now."""
    name = m.pick("inputs", lambda f: "shape" in f)
    shape = m.data["inputs"][name]["shape"]
    at = m.random.randrange(len(shape))
    if shape[at] not in _sizes(m):
        raise InapplicableError
    shape[at] = "other_size"


def size_of_an_argument(m: Mutant) -> None:
    """An input has a size that an argument gives."""
    name = m.pick("inputs", lambda f: "shape" in f)
    shape = m.data["inputs"][name]["shape"]
    numbers = [
        n
        for n, form in (m.data.get("arguments") or {}).items()
        if form.get("type") == "int" and form.get("min", 0) > 0
    ]
    at = m.random.randrange(len(shape))
    if not numbers or shape[at] not in _sizes(m):
        raise InapplicableError
    number = m.random.choice(numbers)
    m.substitute(shape[at], number)
    shape = m.data["inputs"][name]["shape"]
    m.data["inputs"][name]["shape"] = [*shape[:at], number, *shape[at + 1 :]]
    m.data.pop("examples", None)


def list_length(m: Mutant) -> None:
    name = m.pick("inputs", lambda f: f.get("list"))
    form = m.data["inputs"][name]
    key = m.random.choice(["min", "count"])
    if key in form and m.random.random() < 0.3:
        del form[key]
    else:
        form.pop("count", None)
        form.pop("min", None)
        form[key] = m.random.choice([1, 2, 3])
    m.data.pop("examples", None)


def may_be_left_out(m: Mutant) -> None:
    """An input becomes optional, or is needed now."""
    names = [n for n, form in m.data["inputs"].items() if "shape" in form]
    if len(names) < 2:
        raise InapplicableError
    form, name = m.data["inputs"][names[-1]], names[-1]
    if form.pop("optional", None) is None:
        form["optional"] = True
        given = f"({names[0]} if {name} is None else {name})"
        m.data["call"] = re.sub(rf"(?<![\w.]){name}\b", given, m.data["call"])
    else:
        m.data["call"] = m.data["call"].replace(f"{name} is None", "not training")
        m.data["call"] = m.data["call"].replace(f"{name} is not None", "training")
    m.data.pop("examples", None)


def output_removed(m: Mutant) -> None:
    """The last of several outputs is not returned any more."""
    if "shape" in m.data["outputs"]:
        raise InapplicableError
    *kept, gone = m.data["outputs"]
    if m.data["outputs"][gone].get("when"):
        raise InapplicableError
    pattern = r"(\n *return .*), (?:\[\w+\]|[\w.]+)(?=\n)"
    m.data["call"], found = re.subn(pattern, r"\1", f"\n{m.data['call']}")
    m.data["call"] = m.data["call"][1:]
    if not found:
        raise InapplicableError
    outputs = {name: m.data["outputs"][name] for name in kept}
    m.data["outputs"] = outputs if len(kept) > 1 else outputs[kept[0]]
    m.data.pop("examples", None)


def flag_removed(m: Mutant) -> None:
    name = m.pick("inputs", lambda f: "type" in f)
    value = m.data["inputs"].pop(name)["default"]
    m.substitute(name, f"({value!r})")
    m.data.pop("examples", None)


def flag_default(m: Mutant) -> None:
    name = m.pick("inputs", lambda f: "type" in f)
    form = m.data["inputs"][name]
    old = form["default"]
    form["default"] = not old if isinstance(old, bool) else old + 1
    m.data.pop("examples", None)


def outputs_exchanged(m: Mutant) -> None:
    """Two outputs are returned in the other order."""
    if "shape" in m.data["outputs"] or len(m.data["outputs"]) != 2:
        raise InapplicableError
    pattern = r"return (\[\w+\]|[\w.]+), (\[\w+\]|[\w.]+)(?=\n)"
    m.data["call"], found = re.subn(pattern, r"return \2, \1", m.data["call"])
    if not found:
        raise InapplicableError
    m.data["outputs"] = dict(reversed(m.data["outputs"].items()))
    m.data.pop("examples", None)


MUTATIONS: tuple[Callable[[Mutant], None], ...] = (
    required,
    required,
    required_otherwise,
    mask_taken,
    masking,
    attribute_otherwise,
    output_by_condition,
    output_counted,
    output_renamed,
    flag_of_numbers,
    flag_renamed,
    flag_or_argument,
    function_of_its_own,
    scanned,
    loss_added,
    drawn,
    no_longer_drawn,
    state_assigned,
    examples,
    documented,
    sizes_joined,
    sizes_parted,
    size_of_an_argument,
    list_length,
    may_be_left_out,
    output_removed,
    outputs_exchanged,
    flag_removed,
    flag_default,
)
