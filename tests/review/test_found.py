"""What random changes have shown: a spec, what becomes of it, and whom that breaks.

Each was told wrongly once, and found by `test_claims.py`.
"""

import dataclasses

import pytest

from layergen.codes.review import Breaks
from layergen.compiler import check_source
from layergen.layer import Layer
from layergen.review.compare import compare_layers
from layergen.source import Source

HEAD = "layergen: 1\nname: Found\npackage: demo\nsummary: Text.\n"
EMBEDDING = """
arguments: {{{name}: {{type: int, {limit}}}}}
inputs: {{ids: {{shape: [batch], dtype: int32}}}}
sublayers:
  table: {{layer: Embedding, arguments: {{input_dim: {name}, output_dim: 2}}}}
call: |
  return table(ids)
outputs: {{shape: [batch, 2]}}
examples:
  - {{arguments: {{{name}: 5}}, inputs: [2, 0]}}
"""
SCALE = """
arguments: {{units: {{type: int, min: 1}}}}
inputs: {{inputs: {{shape: {shape}}}}}
parameters:
  gain: {{role: weight, shape: ["inputs.shape[-1]"], initializer: ones}}
call: |
  return inputs * gain
outputs: {{shape: like inputs}}
"""
KERNEL = """
arguments: {{units: {{type: int, min: 1}}}}
inputs: {{inputs: {{shape: [batch, {size}]}}}}
parameters:
  kernel: {{role: weight, shape: [{size}, 2]}}
call: |
  return inputs @ kernel * units
outputs: {{shape: [batch, 2]}}
"""
MIDDLE = """
inputs: {{inputs: {{shape: [batch, {first}, features]}}}}
parameters:
  gain: {{role: weight, shape: [features], initializer: ones}}
call: |
  return inputs * gain
outputs: {{shape: like inputs}}
"""
TWO = """
inputs: {{inputs: {{shape: [batch, 3]}}, other: {{shape: [batch, {size}]}}}}
call: |
  return inputs * sum(other)
outputs: {{shape: like inputs}}
"""
AXES = """
arguments: {{axes: {{type: {type}}}}}
inputs: {{inputs: {{shape: [batch, n]}}}}
call: |
  return inputs * float(sum(axes))
outputs: {{shape: like inputs}}
examples:
  - {{arguments: {{axes: {example}}}, inputs: [[1.0]]}}
"""
FLAT = """
inputs: {{inputs: {{shape: [batch, height, width]}}}}
parameters:
  kernel: {{role: weight, shape: ["prod(inputs.shape[1:])", {units}]}}
call: |
  return reshape(inputs, (batch, prod(inputs.shape[1:]))) @ kernel
outputs: {{shape: [batch, {units}]}}
"""
PLACES = """
inputs: {{{inputs}}}
call: |
  return sum(left) - sum(right) + 0.0 * left
outputs: {{shape: like left}}
"""
AXIS = """
{axis}
inputs: {{inputs: {{shape: [batch, n]}}}}
parameters:
  {constant}
  gain: {{role: weight, shape: ["inputs.shape[axis]"], initializer: ones}}
call: |
  return inputs * gain
outputs: {{shape: like inputs}}
"""
SIZED = """
inputs: {{inputs: {{shape: [batch, n]}}}}
requires:
  - {{that: "{test}", message: It must fit.}}
call: |
  return inputs * 2.0
outputs: {{shape: like inputs}}
"""
CELL = """
arguments: {{{name}: {{type: int, min: 1}}}}
inputs: {{inputs: {{shape: [batch, features]}}, state: {{shape: [batch, {name}]}}}}
parameters:
  kernel: {{role: weight, shape: [features, {name}]}}
call: |
  return inputs @ kernel + state
outputs: {{shape: [batch, {name}]}}
"""
TABLE = """
arguments: {{{name}: {{type: array, dtype: int32, rank: 1}}}}
inputs: {{inputs: {{shape: [batch]}}}}
parameters:
  table: {{role: constant, value: {value}, storage: weight}}
call: |
  return inputs * cast(table[0] + table[1], "float")
outputs: {{shape: like inputs}}
examples:
  - {{arguments: {{{name}: [2, 0, 1]}}, inputs: [1.0]}}
"""
LIMITED = """
arguments: {{units: {{type: int, min: 1}}, mode: {{type: str, default: plain}}}}
inputs: {{inputs: {{shape: [batch, features]}}}}
requires:
  - {{that: "{test}", message: It must fit.}}
parameters:
  kernel: {{role: weight, shape: [features, "{size}"]}}
  bias: {{role: weight, when: "{when}", shape: ["{size}"], initializer: zeros}}
call: |
  outputs = inputs @ kernel
  return outputs + bias if {when} else outputs
outputs: {{shape: [batch, "{size}"]}}
"""
BOTH = """
arguments: {{units: {{type: int, min: 1}}, deep: {{type: bool, default: false}}}}
inputs: {{inputs: {{shape: [batch, features]}}}}
parameters:
  kernel: {{role: weight, shape: [features, units]}}
  bias: {{role: weight, when: {test}, shape: [units], initializer: zeros}}
call: |
  outputs = inputs @ kernel
  return outputs + bias if {test} else outputs
outputs: {{shape: [batch, units]}}
"""
STATE = """
arguments: {{units: {{type: int, min: 1}}}}
inputs: {{inputs: {{shape: [batch, features]}}, state: {{shape: [batch, units]}}}}
parameters:
  kernel: {{role: weight, shape: [features, "{size}"]}}
call: |
  return sum(inputs @ kernel, axis=-1, keepdims=True) + state[:, :{size}]
outputs: {{shape: [batch, "{size}"]}}
"""
PLAIN = {"test": "units > 0", "size": "units", "when": "mode == 'plain'"}
WIDE = "{shape: [batch, features]}"
SIAMESE = """
inputs: {{{inputs}}}
parameters:
  kernel: {{role: weight, shape: [features, 2]}}
call: |
  return sum(left @ kernel) - sum(right @ kernel) + 0.0 * left
outputs: {{shape: like left}}
"""
SAVED = """
inputs: {{inputs: {{shape: [batch, features]}}}}
parameters:
  {parameter}
call: |
  return inputs * {weight}
outputs: {{shape: like inputs}}
"""
LISTED = """
inputs: {{inputs: {{shape: [batch, features]{listed}}}}}
{parameters}
call: |
  return {read} * {gain}
outputs: {{shape: like inputs}}
"""
RETURNED = """
arguments: {{{arguments}}}
inputs: {{inputs: {{shape: [batch, features]}}}}
call: |
  return {result}
outputs: {{shape: like inputs}}
"""
LEVELS = """
arguments: {{levels: {{type: {type}}}}}
inputs: {{inputs: {{shape: [batch, length, features]}}}}
call: |
  return [inputs[:, ::2 ** i] for i in range({count})]
outputs: {{shape: [batch, (length - 1) // 2 ** i + 1, features], count: {count}}}
"""
COPIES = """
inputs: {{inputs: {{shape: [batch, features]}}}}
call: |
  return {result}
outputs: {{shape: like inputs{count}}}
"""
UNITS = """
arguments: {{units: {{type: {type}, min: 1}}}}
inputs: {{inputs: {{shape: [batch, features]}}}}
parameters:
  kernel: {{role: weight, shape: [features, "{units}"]}}
call: |
  return inputs @ kernel
outputs: {{shape: [batch, "{units}"]}}
"""
STORED = """
arguments: {{entries: {{type: array, dtype: float{rank}}}}}
inputs: {{ids: {{shape: [batch], dtype: int32}}}}
parameters:
  table: {{role: constant, value: entries, storage: weight}}
call: |
  return take(table, ids, axis=0)
outputs: {{shape: [batch]}}
examples:
  - {{arguments: {{entries: [0.1, 0.2, 0.3]}}, inputs: [2, 0]}}
"""
CENTERING = """
arguments:
  {one}: {{type: float, default: 0.99, min: 0, max: 1}}
  {other}: {{type: bool, default: true}}
inputs: {{inputs: {{shape: [batch, features]}}}}
parameters:
  {beta}
  gamma: {{role: weight, shape: [features]}}
call: |
  outputs = inputs * gamma * {one}
  return outputs + {read} if {other} else outputs
outputs: {{shape: like inputs}}
"""
SEVERAL = """
inputs:
  inputs: {{shape: [batch, features]}}
  loud: {{type: bool, default: false}}
call: |
  {call}
outputs: {{{outputs}}}
"""
FEW = """
arguments: {{units: {{type: int, min: 1}}, smooth: {{type: bool, default: true}}}}
inputs: {{inputs: {{shape: [batch, ..., features]}}}}
requires: {requires}
parameters:
  kernel: {{role: weight, shape: [features, 2 * units]}}
  bias: {{role: weight, shape: [2 * units], {when}}}
call: |
  hidden = inputs @ kernel
  hidden = hidden + bias if {test} else hidden
  return glu(silu(hidden) if smooth else hidden, axis=-1)
outputs: {{shape: [batch, ..., units]}}
"""
GAIN = "parameters: {gain: {role: weight, shape: [features]}}"
FACTOR = "factor: {type: float, default: 2.0}"
GONE = "factor: {type: deprecated}"
FIRST = "inputs: {shape: [batch, features]}"
OTHER = "other: {shape: [batch, n], list: true, count: 1}"
SECOND = """
inputs: {{{inputs}}}
parameters:
  gain: {{role: weight, shape: [n]}}
call: |
  return inputs * sum({other} * gain)
outputs: {{shape: like inputs}}
"""
MIXED = """
inputs: {{inputs: {{shape: [batch, n]{listed}}}, other: {{shape: [batch, features]}}}}
call: |
  return other * sum({read})
outputs: {{shape: like other}}
"""
LEAKY = """
arguments:
  {units}: {{type: int, min: 1}}
  {leak}: {{type: float, default: 0.5, min: 0, max: 1}}
inputs: {{inputs: {{shape: [batch, features]}}, state: {{shape: [batch, {units}]}}}}
parameters:
  kernel: {{role: weight, shape: [features, {units}]}}
call: |
  return inputs @ kernel + {leak} * state
outputs: {{shape: [batch, {units}]}}
"""
BETA = "beta: {role: weight, when: center, shape: [features]}"


def compiled(form: str, **names: str) -> Layer:
    source = Source("found.yaml", HEAD + form.format(**names).lstrip())
    found, wrong = check_source(source)
    assert found is not None, wrong
    return found


CASES = {
    "an argument that is renamed and gets a default takes the same value": (
        (EMBEDDING, {"name": "rows", "limit": "min: 1"}),
        (EMBEDDING, {"name": "entries", "limit": "default: 3"}),
        "caller config",
    ),
    "an axis given twice is taken": (
        (AXES, {"type": "ints, length: 2", "example": "[1, 1]"}),
        (AXES, {"type": "axes", "example": "[1]"}),
        "",
    ),
    "sizes that only `call` needs to be equal are not asked for": (
        (TWO, {"size": "3"}),
        (TWO, {"size": "4"}),
        "caller",
    ),
    "all sizes but the batch, read at once": (
        (FLAT, {"units": "2"}),
        (FLAT, {"units": "3"}),
        "caller checkpoint",
    ),
    "a size that must be that of an argument": (
        (KERNEL, {"size": "features"}),
        (KERNEL, {"size": "units"}),
        "caller config",
    ),
    "inputs that change places, of which neither is asked for what the other lacks": (
        (PLACES, {"inputs": "left: {shape: [batch, n]}, right: {shape: [batch, m]}"}),
        (PLACES, {"inputs": "right: {shape: [batch, m]}, left: {shape: [batch, n]}"}),
        "caller numeric",
    ),
    "inputs that change places, of other numbers of axes": (
        (PLACES, {"inputs": "left: {shape: [batch, n]}, right: {shape: [batch]}"}),
        (PLACES, {"inputs": "right: {shape: [batch]}, left: {shape: [batch, n]}"}),
        "caller config numeric",
    ),
    "inputs that change places, where `build` reads the first": (
        (SIAMESE, {"inputs": f"left: {WIDE}, right: {WIDE}"}),
        (SIAMESE, {"inputs": f"right: {WIDE}, left: {WIDE}"}),
        "caller numeric",
    ),
    "a weight that becomes a saved constant of another name": (
        (
            SAVED,
            {
                "parameter": "gain: {role: weight, shape: [features]}",
                "weight": "gain",
            },
        ),
        (
            SAVED,
            {
                "parameter": "scale: {role: constant, storage: weight,"
                ' value: "ones((features,))"}',
                "weight": "scale",
            },
        ),
        "caller training",
    ),
    "an axis that was an argument and is a constant": (
        (AXIS, {"axis": "arguments: {axis: {type: axis, default: 1}}", "constant": ""}),
        (AXIS, {"axis": "", "constant": "axis: {role: constant, value: 1}"}),
        "caller config",
    ),
    "an argument that has the name of another size now": (
        (CELL, {"name": "units"}),
        (CELL, {"name": "features"}),
        "caller config",
    ),
    "an array that has another name and is used otherwise has its size": (
        (TABLE, {"name": "order", "value": "order"}),
        (TABLE, {"name": "entries", "value": "entries * 2"}),
        "caller config numeric",
    ),
    "a number of units from which on there are no more": (
        (LIMITED, PLAIN),
        (LIMITED, {**PLAIN, "size": "units if units < 30 else 30"}),
        "caller checkpoint",
    ),
    "a number of features from which on there is another weight": (
        (LIMITED, PLAIN),
        (LIMITED, {**PLAIN, "size": "units if features < 40 else units + 1"}),
        "caller checkpoint",
    ),
    "a number of units from which on a weight is gone": (
        (LIMITED, {**PLAIN, "when": "units > 16"}),
        (LIMITED, {**PLAIN, "when": "units > 17"}),
        "checkpoint numeric",
    ),
    "a limit on the product of two numbers": (
        (LIMITED, PLAIN),
        (LIMITED, {**PLAIN, "test": "units * features < 100"}),
        "caller config",
    ),
    "a text for which alone there is a weight": (
        (LIMITED, {**PLAIN, "when": "mode in ('plain', 'special')"}),
        (LIMITED, PLAIN),
        "checkpoint numeric",
    ),
    "a number and a flag of which a weight needs both": (
        (BOTH, {"test": "deep and units > 16"}),
        (BOTH, {"test": "deep and units > 20"}),
        "checkpoint numeric",
    ),
    "a number that is a size of an input too": (
        (STATE, {"size": "units"}),
        (STATE, {"size": "minimum(units, 20)"}),
        "caller checkpoint numeric",
    ),
    "a requirement that reads a size by its place": (
        (SIZED, {"test": "inputs.ndim == 2"}),
        (SIZED, {"test": "inputs.shape[1] % 2 < 2"}),
        "caller config",
    ),
    "two sizes of one input that must be equal, one of them of a weight": (
        (MIDDLE, {"first": "length"}),
        (MIDDLE, {"first": "features"}),
        "caller config",
    ),
    "a list of one tensor that becomes the tensor, of which nothing reads the shape": (
        (
            LISTED,
            {
                "listed": ", list: true, count: 1",
                "parameters": "",
                "read": "inputs[0]",
                "gain": "2.0",
            },
        ),
        (LISTED, {"listed": "", "parameters": "", "read": "inputs", "gain": "2.0"}),
        "caller numeric",
    ),
    "a list of one tensor that becomes the tensor, whose size a weight has": (
        (
            LISTED,
            {
                "listed": ", list: true, count: 1",
                "parameters": GAIN,
                "read": "inputs[0]",
                "gain": "gain",
            },
        ),
        (LISTED, {"listed": "", "parameters": GAIN, "read": "inputs", "gain": "gain"}),
        "caller config numeric",
    ),
    "a list of one tensor, not the first, whose size a weight has": (
        (SECOND, {"inputs": f"{FIRST}, {OTHER}", "other": "other[0]"}),
        (
            SECOND,
            {"inputs": f"{FIRST}, other: {{shape: [batch, n]}}", "other": "other"},
        ),
        "caller config numeric",
    ),
    "a list of one tensor, where the output has the shape of another": (
        (MIXED, {"listed": ", list: true, count: 1", "read": "inputs[0]"}),
        (MIXED, {"listed": "", "read": "inputs"}),
        "caller numeric",
    ),
    "an argument that gets the name of one without effect": (
        (
            RETURNED,
            {
                "arguments": f"{GONE}, loud: {{type: float, default: 2.0}}",
                "result": "inputs * loud",
            },
        ),
        (RETURNED, {"arguments": FACTOR, "result": "inputs * factor"}),
        "caller config numeric",
    ),
    "an argument whose effect another has": (
        (RETURNED, {"arguments": FACTOR, "result": "inputs * factor"}),
        (
            RETURNED,
            {
                "arguments": f"{GONE}, loud: {{type: float, default: 2.0}}",
                "result": "inputs * loud",
            },
        ),
        "numeric",
    ),
    "an argument that said that it has the name of one without effect": (
        (
            RETURNED,
            {
                "arguments": f"{GONE}, loud: {{type: float, default: 2.0}}",
                "result": "inputs * loud",
                "name": "loud",
            },
        ),
        (
            RETURNED,
            {
                "arguments": "factor:"
                " {type: float, default: 2.0, renamed_from: loud}",
                "result": "inputs * factor",
                "name": "factor",
            },
        ),
        "caller",
    ),
    "an argument that is gone, whose name is another's former one": (
        (
            RETURNED,
            {
                "arguments": f"{FACTOR}, loud: {{type: float, default: 2.0}}",
                "result": "inputs * factor * loud",
            },
        ),
        (
            RETURNED,
            {
                "arguments": "loud:"
                " {type: float, default: 2.0, renamed_from: factor}",
                "result": "inputs * loud",
            },
        ),
        "caller numeric",
    ),
    "an argument that is gone, whose values another does not take": (
        (
            RETURNED,
            {
                "arguments": "loud: {type: int, default: 2}, "
                "mode: {type: choice, choices: [a, b], default: a}",
                "result": "inputs * loud if mode == 'a' else inputs",
            },
        ),
        (
            RETURNED,
            {
                "arguments": "loud: {type: int, default: 2, renamed_from: mode}",
                "result": "inputs * loud",
            },
        ),
        "caller config numeric",
    ),
    "an argument that has an effect again": (
        (RETURNED, {"arguments": GONE, "result": "inputs * 2.0"}),
        (RETURNED, {"arguments": FACTOR, "result": "inputs * factor"}),
        "caller numeric",
    ),
    "a name without effect that is another's former name": (
        (
            RETURNED,
            {
                "arguments": f"{GONE}, loud: {{type: float, default: 2.0}}",
                "result": "inputs * loud",
            },
        ),
        (
            RETURNED,
            {
                "arguments": "loud:"
                " {type: float, default: 2.0, renamed_from: factor}",
                "result": "inputs * loud",
            },
        ),
        "caller",
    ),
    "a list of outputs that is as long for any argument": (
        (LEVELS, {"type": "int, default: 3, min: 1", "count": "levels"}),
        (LEVELS, {"type": "deprecated", "count": "3"}),
        "caller config numeric",
    ),
    "two outputs of a list, of which one is left": (
        (COPIES, {"result": "[inputs * 2.0, inputs * 2.0]", "count": ", count: 2"}),
        (COPIES, {"result": "inputs * 2.0", "count": ""}),
        "caller config numeric",
    ),
    "a list of one output that is no list any more": (
        (COPIES, {"result": "[inputs * 2.0]", "count": ", count: 1"}),
        (COPIES, {"result": "inputs * 2.0", "count": ""}),
        "caller numeric",
    ),
    "an output for which one of a list has come": (
        (
            SEVERAL,
            {
                "call": "return inputs + 1.0, [inputs * 2.0] if loud else [-inputs]",
                "outputs": "sum: {shape: like inputs}, "
                "parts: {shape: like inputs, count: 1}",
            },
        ),
        (
            SEVERAL,
            {
                "call": "return [inputs * 2.0 if loud else -inputs, inputs + 1.0]",
                "outputs": "shape: like inputs, count: 2",
            },
        ),
        "caller numeric",
    ),
    "outputs of which one is there if the other is not": (
        (
            SEVERAL,
            {
                "call": "return (inputs, inputs * 2.0) if loud else inputs",
                "outputs": "one: {shape: like inputs}, "
                "other: {shape: like inputs, when: loud}",
            },
        ),
        (
            SEVERAL,
            {
                "call": "return inputs if loud else (inputs, inputs * 2.0)",
                "outputs": "one: {shape: like inputs}, "
                "other: {shape: like inputs, when: not loud}",
            },
        ),
        "caller config numeric",
    ),
    "a number of units that was given in a list": (
        (UNITS, {"type": "ints, length: 1", "units": "units[0]"}),
        (UNITS, {"type": "int", "units": "units"}),
        "caller config numeric",
    ),
    "a list of numbers that must be longer": (
        (UNITS, {"type": "ints", "units": "sum(units)"}),
        (UNITS, {"type": "ints, length: 2", "units": "sum(units)"}),
        "caller config",
    ),
    "a stored array whose rank must be that of its example": (
        (STORED, {"rank": ""}),
        (STORED, {"rank": ", rank: 1"}),
        "caller config",
    ),
    "arguments that change names, one of which is a size": (
        (LEAKY, {"units": "units", "leak": "leak"}),
        (LEAKY, {"units": "leak", "leak": "units"}),
        "caller config numeric",
    ),
    "arguments that change names, by one of which there was a weight": (
        (
            CENTERING,
            {"one": "momentum", "other": "center", "beta": BETA, "read": "beta"},
        ),
        (
            CENTERING,
            {"one": "center", "other": "momentum", "beta": "", "read": "gamma"},
        ),
        "caller checkpoint config numeric",
    ),
    "a small size that is refused, where a weight has a threshold too": (
        (FEW, {"requires": "[]", "when": "when: units > 0", "test": "units > 0"}),
        (
            FEW,
            {
                "requires": "[{that: features >= 2, message: It must fit.}]",
                "when": "when: units < 5",
                "test": "units < 5",
            },
        ),
        "caller checkpoint config numeric",
    ),
}


@pytest.mark.parametrize("what", CASES)
def test_found(what: str) -> None:
    (before, old), (after, new), says = CASES[what]
    changes = compare_layers(compiled(before, **old), compiled(after, **new))
    broken = {str(each) for change in changes for each in change.breaks}
    assert " ".join(sorted(broken)) == says, changes


def test_a_class_that_could_not_be_tried() -> None:
    """What nothing is known of may have variables, which its name finds."""
    form = """
arguments: {{table: {{type: array, rank: 2}}}}
inputs: {{inputs: {{shape: [batch, features]}}}}
parameters:
  kernel: {{role: weight, shape: [features, 2]}}
call: |
  return inputs @ table @ kernel
outputs: {{shape: [batch, 2]}}
"""
    before = compiled(form)
    after = dataclasses.replace(before, name="Other")
    renamed = compare_layers(before, after)[0]
    assert renamed.breaks == {Breaks.CALLER, Breaks.CONFIG, Breaks.CHECKPOINT}
