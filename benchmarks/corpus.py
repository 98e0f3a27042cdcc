"""Numbers -> specs in a folder: as many different valid ones as a benchmark needs.

    python benchmarks/corpus.py NUMBER FOLDER

Spec `i` is the same in every run. Families take turns; names, sizes, defaults,
sentences and optional parts vary within each.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import yaml

Form = dict[str, Any]

_FIRST = ("Bounded", "Causal", "Damped", "Gated", "Local", "Paired", "Quiet", "Tied")
_SECOND = ("Edge", "Frame", "Graph", "Image", "Patch", "Pixel", "Query", "Token")
_THIRD = ("", "Masked", "Scaled")
_PACKAGES = ("audio", "graphs", "language", "layers", "vision")
_FACTORS = ("alpha", "gain_factor", "strength", "temperature", "sharpness_of_response")
_INPUTS = ("inputs", "features_in", "signal", "hidden_states")
_WIDTHS = ("features", "channels", "depth")
_INITIALIZERS = ("glorot_uniform", "he_normal", "lecun_normal", "random_normal")
_DOCS = (
    "Fixed factor applied to the result.",
    "How strongly the correction acts.",
    "Factor by which the response is multiplied before anything is added to it.",
    "Share of the earlier value that a step keeps, chosen once for a whole model.",
)
_PARAGRAPHS = (
    "The projection is linear.",
    "It is meant for short sequences, whose statistics differ from batch to batch, and"
    " keeps the numbers small enough for half precision.",
    "Every entry is computed from its own row only. Rows may therefore be shuffled,"
    " padded or cut off without a change of the others.",
)


def make_spec(number: int) -> str:
    """The text of a spec."""
    random = Random(number)
    family = _FAMILIES[number % len(_FAMILIES)]
    turn, names = number // len(_FAMILIES), []
    for words in (_THIRD, _FIRST, _SECOND):
        turn, word = divmod(turn, len(words))
        names.append(words[word])
    form = family(random)
    form = {
        "layergen": 1,
        "name": "".join(names) + form.pop("noun"),
        "package": random.choice(_PACKAGES),
        **form,
    }
    if random.random() < 0.5:
        count = random.randint(1, 3)
        form["description"] = "\n\n".join(random.sample(_PARAGRAPHS, count))
    if random.random() < 0.2:
        form["references"] = [f"Author et al., Layers with {names[2]}s, 2021."]
    text: str = yaml.safe_dump(form, sort_keys=False, default_flow_style=None)
    return text


def _tensor(random: Random, shape: list[Any], **more: Any) -> tuple[str, Form]:
    name = random.choice(_INPUTS)
    return name, {name: {"shape": shape, **more}}


def _factor(random: Random) -> tuple[str, Form]:
    name = random.choice(_FACTORS)
    value = random.choice((0.5, 1.0, 1.5, 2.0))
    form = {"type": "float", "default": value, "doc": random.choice(_DOCS)}
    form |= random.choice(({}, {"above": 0}, {"min": 0, "max": 8}))
    return name, {name: form}


def _units(random: Random) -> Form:
    form: Form = {"type": "int", "min": 1, "doc": "Size of the last axis."}
    return form | random.choice(({}, {"default": 4}))


def _weight(random: Random, shape: list[Any], **more: Any) -> Form:
    initializer: Any = random.choice(_INITIALIZERS)
    if random.random() < 0.2:
        stddev = random.choice((0.02, 0.05))
        initializer = {"name": "truncated_normal", "stddev": stddev}
    configurable = random.choice((True, True, False, ["initializer"]))
    form = {"role": "weight", "shape": shape, "initializer": initializer}
    return form | {"configurable": configurable} | more


def _flag(doc: str, default: bool = True) -> Form:
    return {"type": "bool", "default": default, "doc": doc}


def _projection(random: Random) -> Form:
    width = random.choice(_WIDTHS)
    x, inputs = _tensor(random, ["batch", "...", width])
    factor, factors = _factor(random)
    activation = random.choice(("relu", "tanh", "gelu", "softplus"))
    lines = [f"outputs = {factor} * matmul({x}, kernel)"]
    parameters: Form = {"kernel": _weight(random, [width, "units"])}
    arguments: Form = {"units": _units(random), **factors}
    if random.random() < 0.6:
        arguments["use_bias"] = _flag("Whether a bias is added.")
        parameters["bias"] = _weight(
            random, ["units"], when="use_bias", initializer="zeros"
        )
        lines += ["if use_bias:", "    outputs = outputs + bias"]
    return {
        "noun": "Projection",
        "summary": "A linear projection with a fixed factor and an activation.",
        "arguments": arguments,
        "inputs": inputs,
        "parameters": parameters,
        "call": "\n".join([*lines, f"return {activation}(outputs)", ""]),
        "outputs": {"shape": ["batch", "...", "units"]},
    }


def _norm(random: Random) -> Form:
    width = random.choice(_WIDTHS)
    x, inputs = _tensor(random, ["batch", "...", width])
    epsilon = random.choice((0.001, 0.0001, 1e-05))
    return {
        "noun": "Normalization",
        "summary": "Normalizes every sample over its last axis.",
        "arguments": {
            "epsilon": {"type": "float", "default": epsilon, "above": 0},
            "center": _flag("Whether an offset is added."),
            "scale": _flag("Whether the result is multiplied by a weight."),
        },
        "inputs": inputs,
        "parameters": {
            "gamma": _weight(random, [width], when="scale", initializer="ones"),
            "beta": _weight(random, [width], when="center", initializer="zeros"),
        },
        "call": f"average = mean({x}, axis=-1, keepdims=True)\n"
        f"variance = var({x}, axis=-1, keepdims=True)\n"
        f"outputs = ({x} - average) * rsqrt(variance + epsilon)\n"
        "if scale:\n    outputs = outputs * gamma\n"
        "if center:\n    outputs = outputs + beta\n"
        "return outputs\n",
        "outputs": {"shape": f"like {x}"},
    }


def _moving(random: Random) -> Form:
    width = random.choice(_WIDTHS)
    x, inputs = _tensor(random, ["batch", width])
    state = random.choice(("moving_mean", "running_average"))
    momentum = random.choice((0.9, 0.99, 0.999))
    return {
        "noun": "Centering",
        "summary": f"Subtracts a mean and keeps `{state}` for inference.",
        "arguments": {
            "momentum": {"type": "float", "default": momentum, "min": 0, "max": 1}
        },
        "inputs": inputs,
        "parameters": {
            state: {
                "role": "weight",
                "trainable": False,
                "shape": [width],
                "initializer": "zeros",
            }
        },
        "call": "if training:\n"
        f"    average = mean({x}, axis=0)\n"
        f"    {state}.assign({state} * momentum + average * (1.0 - momentum))\n"
        f"else:\n    average = {state}\n"
        f"return {x} - average\n",
        "outputs": {"shape": f"like {x}"},
    }


def _table(random: Random) -> Form:
    rows = random.randint(3, 6)
    table = [[round(random.uniform(-2, 2), 2) for _ in "ab"] for _ in range(rows)]
    return {
        "noun": "Lookup",
        "summary": "Reads rows of a fixed table and adds them up.",
        "arguments": {"lookup_table": {"type": "array", "dtype": "float", "rank": 2}},
        "inputs": {"indices": {"shape": ["batch"], "dtype": "int32"}},
        "parameters": {"table": {"role": "constant", "value": "lookup_table"}},
        "call": "rows = take(table, indices, axis=0)\nreturn sum(rows, axis=-1)\n",
        "outputs": {"shape": ["batch"]},
        "examples": [{"arguments": {"lookup_table": table}, "inputs": [1, 0, 2]}],
    }


def _phase(random: Random) -> Form:
    width = random.choice(_WIDTHS)
    x, inputs = _tensor(random, ["batch", "...", width])
    wave = random.choice(("sin", "cos"))
    factor, factors = _factor(random)
    return {
        "noun": "Phase",
        "summary": "Shifts each feature by a phase of its own.",
        "arguments": factors,
        "inputs": inputs,
        "parameters": {
            "phase": {
                "role": "constant",
                "shape": [width],
                "value": f"arange({width}) * (pi / {width})",
            }
        },
        "call": f"return {factor} * {wave}({x} + phase)\n",
        "outputs": {"shape": f"like {x}"},
    }


def _gate(random: Random) -> Form:
    width = random.choice(_WIDTHS)
    x, inputs = _tensor(random, ["batch", "...", width])
    squash = random.choice(("sigmoid", "silu", "tanh"))
    gate = random.choice(("gate_kernel", "update_gate_kernel"))
    return {
        "noun": "Gate",
        "summary": "Multiplies one projection by another that was squashed.",
        "arguments": {"units": _units(random)},
        "inputs": inputs,
        "parameters": {
            "value_kernel": _weight(random, [width, "units"]),
            gate: _weight(random, [width, "units"]),
            "gate_bias": _weight(random, ["units"], initializer="zeros"),
        },
        "call": f"gate = {squash}(matmul({x}, {gate}) + gate_bias)\n"
        f"return gate * matmul({x}, value_kernel)\n",
        "outputs": {"shape": ["batch", "...", "units"]},
    }


def _random_features(random: Random) -> Form:
    width = random.choice(_WIDTHS)
    x, inputs = _tensor(random, ["batch", "...", width])
    stddev = random.choice((0.5, 1.0, 2.0))
    initializer = {"name": "random_normal", "stddev": stddev}
    return {
        "noun": "RandomFeatures",
        "summary": "Cosines and sines of random projections, drawn once.",
        "arguments": {"units": _units(random)},
        "inputs": inputs,
        "parameters": {
            "directions": {
                "role": "constant",
                "shape": [width, "units"],
                "initializer": initializer,
            }
        },
        "call": f"angles = matmul({x}, directions)\n"
        "waves = concatenate([cos(angles), sin(angles)], axis=-1)\n"
        "return waves / sqrt(units)\n",
        "outputs": {"shape": ["batch", "...", "2 * units"]},
    }


def _attention(random: Random) -> Form:
    factor, factors = _factor(random)
    width = random.choice(_WIDTHS)
    return {
        "noun": "Attention",
        "summary": "Attends from one sequence to another with a single head.",
        "arguments": {"units": _units(random), **factors},
        "inputs": {
            "query": {"shape": ["batch", "target_length", width]},
            "value": {"shape": ["batch", "source_length", width]},
        },
        "parameters": {
            "query_kernel": _weight(random, [width, "units"]),
            "key_kernel": _weight(random, [width, "units"]),
            "value_kernel": _weight(random, [width, "units"]),
        },
        "call": "queries = matmul(query, query_kernel)\n"
        "keys = transpose(matmul(value, key_kernel), axes=(0, 2, 1))\n"
        f"scores = softmax({factor} * matmul(queries, keys) / sqrt(units), axis=-1)\n"
        "return matmul(scores, matmul(value, value_kernel))\n",
        "outputs": {"shape": ["batch", "target_length", "units"]},
    }


def _choice(random: Random) -> Form:
    width = random.choice(_WIDTHS)
    x, inputs = _tensor(random, ["batch", "steps", width])
    modes = random.sample(("mean", "max", "sum", "last"), random.randint(2, 4))
    bodies = {
        "mean": f"mean({x}, axis=1)",
        "max": f"max({x}, axis=1)",
        "sum": f"sum({x}, axis=1)",
        "last": f"take({x}, -1, axis=1)",
    }
    lines = []
    for mode in modes[:-1]:
        lines += [f'if mode == "{mode}":', f"    return gain * {bodies[mode]}"]
    return {
        "noun": "Pooling",
        "summary": "Pools over the steps in a way that the caller chooses.",
        "arguments": {
            "mode": {
                "type": "choice",
                "choices": modes,
                "default": modes[0],
                "doc": "How the steps are brought together.",
            }
        },
        "inputs": inputs,
        "parameters": {"gain": _weight(random, [width], initializer="ones")},
        "call": "\n".join([*lines, f"return gain * {bodies[modes[-1]]}", ""]),
        "outputs": {"shape": ["batch", width]},
    }


def _shuffle(random: Random) -> Form:
    size = random.randint(3, 8)
    x, inputs = _tensor(random, ["batch", "...", size])
    gains = [round(random.uniform(0.2, 4.0), 3) for _ in range(size)]
    return {
        "noun": "Shuffle",
        "summary": "Reorders channels, keeps some, and weighs them.",
        "inputs": inputs,
        "parameters": {
            "order": {
                "role": "constant",
                "value": random.sample(range(size), size),
            },
            "kept": {
                "role": "constant",
                "value": [random.random() < 0.7 for _ in range(size - 1)] + [True],
            },
            "gain": {"role": "constant", "value": gains},
            "offset": {"role": "constant", "value": round(random.random(), 2)},
        },
        "call": f"shuffled = take({x}, order, axis=-1)\n"
        "return where(kept, shuffled * gain, offset)\n",
        "outputs": {"shape": f"like {x}"},
    }


def _band(random: Random) -> Form:
    width = random.choice(_WIDTHS)
    x, inputs = _tensor(random, ["batch", "...", width])
    factor, factors = _factor(random)
    return {
        "noun": "Band",
        "summary": "Mixes neighbouring features and limits the result.",
        "arguments": {
            **factors,
            "limit": {"type": "float", "default": 6.0, "above": 0},
        },
        "inputs": inputs,
        "parameters": {
            "band": {
                "role": "constant",
                "shape": [width, width],
                "value": f"tril(ones(({width}, {width})), k=1) / {width}",
            },
            "offset": _weight(random, [width], initializer="zeros"),
        },
        "call": f"mixed = {factor} * matmul({x}, band) + offset\n"
        "return minimum(maximum(mixed, -limit), limit)\n",
        "outputs": {"shape": f"like {x}"},
    }


def _blend(random: Random) -> Form:
    width = random.choice(_WIDTHS)
    factor, factors = _factor(random)
    squash = random.choice(("tanh", "sigmoid"))
    return {
        "noun": "Blend",
        "summary": "Blends two tensors by a learned share of each feature.",
        "arguments": factors,
        "inputs": {
            "first": {"shape": ["batch", width], "doc": "What is kept."},
            "second": {"shape": ["batch", width], "doc": "What is mixed in."},
        },
        "parameters": {"share": _weight(random, [width], initializer="ones")},
        "call": f"kept = {squash}({factor} * share)\n"
        "return kept * first + (1.0 - kept) * second\n",
        "outputs": {"shape": ["batch", width]},
    }


_FAMILIES: tuple[Callable[[Random], Form], ...] = (
    _projection,
    _norm,
    _moving,
    _table,
    _phase,
    _gate,
    _random_features,
    _attention,
    _choice,
    _shuffle,
    _band,
    _blend,
)

MOST = len(_FAMILIES) * len(_FIRST) * len(_SECOND) * len(_THIRD)
"""Specs with names of their own."""


def write_specs(number: int, folder: Path) -> None:
    """Put specs into a folder, in four parts."""
    assert number <= MOST, f"there are {MOST} specs"
    for i in range(number):
        path = folder / f"part_{i % 4}" / f"spec_{i:04}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make_spec(i))


if __name__ == "__main__":
    write_specs(int(sys.argv[1]), Path(sys.argv[2]))
