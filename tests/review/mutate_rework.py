"""Random changes that teams make when they rework a layer: the same, kept otherwise."""

import re
from collections.abc import Callable

from mutant import Data, InapplicableError, Mutant


def keys_reordered(m: Mutant) -> None:
    """Keys whose order means nothing are written in another."""

    def shuffled(form: Data) -> Data:
        keys = list(form)
        m.random.shuffle(keys)
        return {key: form[key] for key in keys}

    m.data = shuffled(m.data)
    for group in ("arguments", "inputs", "parameters", "sublayers"):
        for name, form in (m.data.get(group) or {}).items():
            m.data[group][name] = shuffled(form)


def expressions_spelled(m: Mutant) -> None:
    """What is returned stands in parentheses, and sizes do."""
    m.wrap("{0}")
    for form in (m.data.get("parameters") or {}).values():
        if "shape" in form:
            form["shape"] = [
                f"( {size} )" if str(size).isidentifier() else size
                for size in form["shape"]
            ]


def names_exchanged(m: Mutant) -> None:
    """Two members have each other's names: what is called so is another."""
    group = m.random.choice(["arguments", "parameters", "inputs", "sublayers"])
    names = list(m.data.get(group) or {})
    if len(names) < 2:
        raise InapplicableError
    one, other = m.random.sample(names, 2)
    kept = dict(m.arguments), dict(m.renamed)
    for old, new in ((one, "between_names"), (other, one), ("between_names", other)):
        m.rename(old, new)
    m.arguments, m.renamed = kept  # who knows a member by its name gets the other
    m.drop_examples("weights", one)
    m.data.pop("examples", None)


def argument_inferred(m: Mutant) -> None:
    """A number that was given is read off an input."""
    name = m.pick("arguments", lambda f: f["type"] == "int" and not f.get("optional"))
    sizes = [
        size
        for form in m.data["inputs"].values()
        for size in form.get("shape", [])
        if str(size).isidentifier() and size not in ("batch", name)
    ]
    if not sizes:
        raise InapplicableError
    del m.data["arguments"][name]
    m.substitute(name, m.random.choice(sizes))
    m.data.pop("examples", None)


def condition_inverted(m: Mutant) -> None:
    """What was done if an argument or a flag is true is done if it is false."""
    group = m.random.choice(["arguments", "inputs"])
    name = m.pick(group, lambda f: f.get("type") == "bool" and not f.get("optional"))
    m.substitute(name, f"(not {name})")
    m.data.pop("examples", None)


def threshold(m: Mutant) -> None:
    """What is made depends on whether a number is large, or one of some."""
    integers = [
        name
        for name, form in (m.data.get("arguments") or {}).items()
        if form["type"] == "int" and not form.get("optional")
    ]
    name = m.pick("parameters", lambda f: f["role"] == "weight" and "value" not in f)
    form = m.data["parameters"][name]
    number = m.random.randint(2, 30)
    kind = m.random.choice(["when", "requires", "shape"])
    if kind == "when" and integers and "when" not in form:
        test = f"{m.random.choice(integers)} {m.random.choice('<>')} {number}"
        _use(m, name, f"({name} if {test} else 1.0)")
        form["when"] = test
    elif kind == "requires":
        sizes = [s for s in form["shape"] if str(s).isidentifier()]
        test = m.random.choice(["{0} < {1}", "{0} != {1}", "{0} % {1} != 1"])
        that = test.format(m.random.choice([*integers, *sizes]), number)
        m.data["requires"] = [*(m.data.get("requires") or []), {"that": that}]
    elif kind == "shape" and form["shape"]:
        _use(m, name, f"sum({name})")
        sizes = [f"minimum({size}, {number})" for size in form["shape"]]
        form["shape"] = sizes
    else:
        raise InapplicableError
    m.data.pop("examples", None)


def training_ignored(m: Mutant) -> None:
    """What is done in training is not; where there is an `else`, `if` says never."""
    if not re.search(r"\btraining\b", m.data["call"]):
        raise InapplicableError
    block = r"(?m)^( *)if training:\n(?:\1 +.*\n)++(?!\1else)"
    call = re.sub(block, "", m.data["call"])
    # `if False` would be refused: its branch is never reached
    never = "(training and not training)"
    m.data["call"] = re.sub(r"\btraining\b", never, call)
    m.forget_outputs()


def statement_removed(m: Mutant) -> None:
    """A state is not assigned any more, or a loss is not added."""
    lines = m.data["call"].rstrip("\n").split("\n")
    places = [i for i, x in enumerate(lines) if ".assign(" in x or "add_loss(" in x]
    if not places:
        raise InapplicableError
    at = m.random.choice(places)
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    lines[at] = f"{indent}unused_value = 0"
    m.data["call"] = "\n".join(lines) + "\n"


def _weight(m: Mutant, least: int) -> tuple[str, Data]:
    """A weight of so many axes or more."""
    name = m.pick(
        "parameters",
        lambda f: f["role"] == "weight"
        and "value" not in f
        and len(f["shape"]) >= least,
    )
    m.drop_examples("weights", name)
    return name, m.data["parameters"][name]


def weight_transposed(m: Mutant) -> None:
    """It is kept with its axes the other way round."""
    name, form = _weight(m, 2)
    _use(m, name, f"transpose({name})")
    form["shape"] = form["shape"][::-1]


def weight_flattened(m: Mutant) -> None:
    name, form = _weight(m, 2)
    sizes = [str(size) for size in form["shape"]]
    _use(m, name, f"reshape({name}, ({', '.join(sizes)}))")
    form["shape"] = [" * ".join(f"({size})" for size in sizes)]


def weight_with_axis(m: Mutant) -> None:
    """It has an axis of length 1 before the others."""
    name, form = _weight(m, 0)
    _use(m, name, f"{name}[0]")
    form["shape"] = [1, *form["shape"]]


def weight_split(m: Mutant) -> None:
    """Two take its place, of the same shape or each of half the features."""
    name, form = _weight(m, 0)
    one, other = f"{name}_left", f"{name}_right"
    if not form["shape"] or m.random.random() < 0.5:
        _use(m, name, f"({one} + {other})")
        halves = [form["shape"], form["shape"]]
    else:
        _use(m, name, f"concatenate([{one}, {other}], axis=0)")
        first, *rest = form["shape"]
        halves = [[f"({first}) // 2", *rest], [f"({first}) - ({first}) // 2", *rest]]
    made: Data = {}
    for key, old in m.data["parameters"].items():
        if key == name:
            made |= {
                one: {**old, "shape": halves[0]},
                other: {**old, "shape": halves[1]},
            }
        else:
            made[key] = old
    m.data["parameters"] = made


def weights_tied(m: Mutant) -> None:
    """One of two weights of a shape does for both."""
    name, form = _weight(m, 0)
    same = [
        other
        for other, f in m.data["parameters"].items()
        if other != name and f["role"] == "weight" and f.get("shape") == form["shape"]
    ]
    if not same:
        raise InapplicableError
    gone = m.random.choice(same)
    del m.data["parameters"][gone]
    m.substitute(gone, name)
    m.drop_examples("weights", gone)


def _use(m: Mutant, name: str, form: str) -> None:
    """Read a weight by an expression, but where it is assigned."""
    if f"{name}.assign" in m.data["call"]:
        raise InapplicableError
    call = rf"(?<![\w.]){name}(?!\w)"
    m.data["call"] = re.sub(call, form, m.data["call"])


def sublayer_doubled(m: Mutant) -> None:
    """Another like it is applied beside it, before or after it in the spec."""
    name = m.pick("sublayers", lambda f: "count" not in f)
    call = rf"(?<![\w.])({name})(\([\w.\[\]]+(?:, [^()]*)?\))"
    both = rf"(\1\2 + {name}_beside\2)"
    m.data["call"], found = re.subn(call, both, m.data["call"])
    if not found:
        raise InapplicableError
    beside = {f"{name}_beside": dict(m.data["sublayers"][name])}
    if m.random.random() < 0.5:
        m.data["sublayers"] = {**m.data["sublayers"], **beside}
    else:
        m.data["sublayers"] = {**beside, **m.data["sublayers"]}
    m.data.pop("examples", None)


def input_listed(m: Mutant) -> None:
    """A tensor comes in a list of one."""
    name = m.pick(
        "inputs",
        lambda f: "shape" in f
        and not (f.get("list") or f.get("optional") or f.get("mask")),
    )
    m.data["inputs"][name] |= {"list": True, "count": 1}
    m.data["call"] = re.sub(rf"(?<![\w.]){name}(?!\w)", f"{name}[0]", m.data["call"])
    m.data.pop("examples", None)


def input_transposed(m: Mutant) -> None:
    """The last two axes of an input come the other way round."""
    name = m.pick("inputs", lambda f: "..." not in f.get("shape", ["..."]))
    form = m.data["inputs"][name]
    if len(form["shape"]) < 3 or form.get("list") or form.get("optional"):
        raise InapplicableError
    axes = list(range(len(form["shape"])))
    axes[-2:] = axes[:-3:-1]
    shape = list(form["shape"])
    for output in [m.data["outputs"], *m.data["outputs"].values()]:
        if isinstance(output, dict) and output.get("shape") == f"like {name}":
            output["shape"] = shape
    read = f"transpose({name}, axes=({', '.join(map(str, axes))}))"
    m.data["call"] = re.sub(rf"(?<![\w.]){name}(?!\w)", read, m.data["call"])
    form["shape"] = [shape[axis] for axis in axes]
    m.data.pop("examples", None)


def input_of_booleans(m: Mutant) -> None:
    name = m.pick("inputs", lambda f: "shape" in f and not f.get("list"))
    if m.data["inputs"][name].get("dtype") == "bool":
        raise InapplicableError
    kind = m.data["inputs"][name].get("dtype", "float")
    m.data["inputs"][name]["dtype"] = "bool"
    read = f"cast({name}, '{kind}')"
    m.data["call"] = re.sub(rf"(?<![\w.]){name}(?!\w)", read, m.data["call"])
    m.data.pop("examples", None)


def mask_shape(m: Mutant) -> None:
    """The shape of a mask is written, or is another."""
    name = m.pick("inputs", lambda f: f.get("mask") is True and "shape" in f)
    form = m.data["inputs"][name]
    cut = m.random.choice([len(form["shape"]), len(form["shape"]) - 1, 1])
    form["mask"] = form["shape"][:cut]
    m.data.pop("examples", None)


def output_spelled(m: Mutant) -> None:
    """`like inputs` is written as a list of sizes, or a size otherwise."""
    forms = [m.data["outputs"], *m.data["outputs"].values()]
    form = m.random.choice([f for f in forms if isinstance(f, dict) and "shape" in f])
    shape = form["shape"]
    if isinstance(shape, str):
        form["shape"] = list(m.data["inputs"][shape.removeprefix("like ")]["shape"])
        return
    at = m.random.randrange(len(shape))
    if shape[at] in ("batch", "..."):
        raise InapplicableError
    form["shape"] = [*shape[:at], f"({shape[at]}) * 1", *shape[at + 1 :]]


MUTATIONS: tuple[Callable[[Mutant], None], ...] = (
    keys_reordered,
    expressions_spelled,
    names_exchanged,
    names_exchanged,
    argument_inferred,
    condition_inverted,
    threshold,
    threshold,
    training_ignored,
    statement_removed,
    weight_transposed,
    weight_flattened,
    weight_with_axis,
    weight_split,
    weights_tied,
    sublayer_doubled,
    input_listed,
    input_transposed,
    input_of_booleans,
    mask_shape,
    output_spelled,
)
