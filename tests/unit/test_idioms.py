"""What generated code writes where a person would: names, appends, casts of sizes."""

import pytest

from layergen.artifact import Target
from layergen.compiler import compile_source
from layergen.diagnostics import Severity
from layergen.source import Source

SPEC = """\
layergen: 1
name: Sample
package: demo
summary: Computes something.
arguments:
  wide: {type: bool, default: true}
  axis: {type: axis, default: -1}
inputs:
  inputs: {shape: [batch, length, features]}
PARAMETERS
call: |
  CALL
outputs: {shape: SHAPE}
"""
SAME = "like inputs"


def module_of(
    call: str, shape: str = SAME, parameters: str = "", spec: str = SPEC
) -> str:
    """The generated module, formatted."""
    text = spec.replace("CALL", call.replace("\n", "\n  ")).replace("SHAPE", shape)
    source = Source("sample.yaml", text.replace("PARAMETERS\n", parameters))
    compilation = compile_source(source, Target())
    errors = [d for d in compilation.diagnostics if d.code.severity is Severity.ERROR]
    assert not errors
    found = {a.path: a.content.decode() for a in compilation.artifacts}
    return found["generated/demo/sample.py"]


ALL_OF = "return concatenate(parts, axis=1)[:, :length]"


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (f"parts = []\nparts.append(inputs)\n{ALL_OF}", ["parts = []", ".append("]),
        (f"parts = [inputs]\nparts = [*parts, inputs]\n{ALL_OF}", [".append(inputs)"]),
        (
            f"parts = [inputs]\nothers = parts\nparts = [*parts, others[0]]\n{ALL_OF}",
            ["parts = [*parts, others[0]]"],
        ),
        (
            f"parts = [inputs]\nfor x in parts:\n    parts = [*parts, x]\n{ALL_OF}",
            ["parts = [*parts, x]"],
        ),
        (
            "x = [inputs]\nx = [*x, inputs]\nx = stack(x)\nreturn x[0]",
            ["x.append(inputs)"],
        ),
    ],
)
def test_lists_grow_in_place_if_they_have_one_name(
    call: str, expected: list[str]
) -> None:
    module = module_of(call)
    assert all(line in module for line in expected), module


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("return inputs / length", "inputs / ops.cast(ops.shape(inputs)[1], self.comp"),
        (
            "n = length - 1\nreturn inputs * n",
            "inputs * ops.cast(n, self.compute_dtype",
        ),
        (
            'x = cast(inputs, "float32") * length\nreturn cast(x, "float")',
            'ops.cast(ops.shape(inputs)[1], "float32")',
        ),
        (
            'x = cast(inputs, "float32")\nreturn cast(x + arange(features), "float")',
            'dtype="int32"), "float32")',
        ),
        (
            "return inputs + (arange(length) - length)[:, None]",
            'dtype="int32") - length)',
        ),
        ("return inputs * len(inputs.shape)", "inputs * len("),
        ("return inputs / sqrt(length)", "inputs / math.sqrt(inputs.shape[1])"),
    ],
)
def test_sizes_that_a_graph_may_not_know(call: str, expected: str) -> None:
    module = module_of(call)
    assert expected in module, module


def test_sizes_that_are_read_twice_have_names() -> None:
    call = "x = reshape(inputs, (batch, length * features))\n"
    call += "return reshape(x, (batch, length, features))"
    assert "batch, length, features = ops.shape(inputs)" in module_of(call)
    call = "x = inputs[:, :length // 2]\n"
    call += "return concatenate([x, inputs[:, length // 2:]], axis=1)"
    assert "        length = ops.shape(inputs)[1]\n" in module_of(call)


def test_arrays_that_only_make_others_are_variables() -> None:
    constants = (
        "parameters:\n"
        "  steps: {role: constant, value: arange(features) * 0.5}\n"
        "  waves: {role: constant, value: sin(steps)}\n"
    )
    module = module_of("return inputs + waves", parameters=constants)
    assert "        steps = np.arange(features) * 0.5\n" in module
    assert "        self._waves = np.sin(steps)\n" in module
    assert "self._steps" in module_of("return inputs * waves + steps", SAME, constants)


def test_a_shape_that_an_argument_decides() -> None:
    module = module_of(
        "return concatenate([inputs, inputs], axis=-1) if wide else inputs",
        '[batch, length, "2 * features if wide else features"]',
    )
    assert "        if self.wide:\n            return (*input_shape[:-1], " in module
    assert "if `wide`, else of the" in module


def test_the_size_of_a_chosen_axis() -> None:
    weights = (
        "parameters:\n"
        '  a: {role: weight, shape: ["inputs.shape[axis]"]}\n'
        '  b: {role: weight, shape: ["inputs.shape[axis]"]}\n'
    )
    module = module_of("return inputs * sum(a * b)", parameters=weights)
    assert module.count("input_shape[self.axis]") == 1
    assert "InputSpec(ndim=3, axes={self.axis: axis_size})" in module


QUEUE = """\
parameters:
  queue: {role: weight, trainable: false, shape: [4, features], initializer: zeros}
"""
UPDATE = """\
new = mean(inputs, axis=1)
if training:
    queue.assign(VALUE)
return inputs + queue[:1]"""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            "scatter_update(queue, arange(4)[:1, None], new[:1])",
            "ops.cast(new[:1], self.queue.dtype)",
        ),
        ("concatenate([queue[1:], new[:1]], axis=0)", "[self.queue[1:], ops.cast(new"),
        ("roll(queue, 1, axis=0)", "gradient(ops.roll(self.queue, 1, axis=0))"),
        (
            "maximum(queue, new[:1] if wide else queue)",
            "ops.cast(new[:1], self.queue.dtype) if self.wide else self.queue",
        ),
        (
            "where(mean(new) > 0.0, queue * 0.5, cast(arange(4)[:, None], 'float'))",
            "where(ops.mean(new) > 0.0, self.queue * 0.5, ops.cast(",
        ),
        ("normalize(new[:1]) + zeros_like(queue)", "cast(ops.normalize(new[:1]), self"),
    ],
)
def test_a_state_is_not_rounded_on_its_way_into_its_new_value(
    value: str, expected: str
) -> None:
    module = module_of(UPDATE.replace("VALUE", value), parameters=QUEUE)
    update = module[module.index("self.queue.assign") : module.index("return inputs +")]
    written = " ".join(update.split()).replace("( ", "(").replace(" )", ")")
    assert expected in written, module
    assert "compute_dtype" not in update


def test_tensors_are_added_as_python_adds_them() -> None:
    call = "parts = [inputs * i for i in range(1, 4)]\nreturn sum(parts) / sum([1, 2])"
    assert "sum(parts) / sum((1, 2))" in module_of(call)
    assert "sum(inputs * i for i in range(1, 4))" in module_of(
        "return sum([inputs * i for i in range(1, 4)])"
    )


def test_places_in_a_tuple() -> None:
    call = "rows = list(range(0, 2))\nreturn take(inputs, [0, *rows], axis=1)"
    module = module_of(call, "[batch, 3, features]")
    assert "rows = tuple(range(2))" in module or "rows = tuple(range(0, 2))" in module
    assert "ops.take(inputs, (0, *rows), axis=1)" in module


def test_products_of_tensors_are_calls_that_take_vectors() -> None:
    weights = "parameters:\n  kernel: {role: weight, shape: [features, features]}\n"
    module = module_of("return 2 * (inputs @ (kernel @ kernel))", parameters=weights)
    product = "ops.matmul(self.kernel, self.kernel)"
    assert f"        return 2 * ops.matmul(inputs, {product})\n" in module
    constants = (
        "parameters:\n"
        "  steps: {role: constant, value: eye(features) * 0.5}\n"
        "  waves: {role: constant, value: steps @ steps}\n"
    )
    module = module_of("return inputs * waves[0]", parameters=constants)
    assert "        self._waves = steps @ steps\n" in module


def test_examples_leave_numbers_on_which_no_shape_depends() -> None:
    arguments = "arguments:\n  rate: {type: float, default: 0.5}\n"
    spec = SPEC.replace("arguments:\n", arguments) + (
        "examples:\n"
        "  - arguments: {rate: 0.75}\n"
        "    inputs: {shape: [1, 2, 3], seed: 1}\n"
    )
    assert "layer = Sample()\n" in module_of("return inputs * rate", spec=spec)
    call = "return concatenate([inputs, inputs], axis=-1) if rate > 0.7 else inputs"
    shape = '[batch, length, "2 * features if rate > 0.7 else features"]'
    assert "layer = Sample(rate=0.75)\n" in module_of(call, shape, spec=spec)


def test_the_example_with_the_fewest_choices_is_shown() -> None:
    examples = (
        "examples:\n"
        "  - arguments: {wide: false}\n"
        "    inputs: {shape: [1, 2, 3], seed: 1}\n"
        "  - inputs: {shape: [4, 5, 6], seed: 1}\n"
    )
    module = module_of("return inputs * (2 if wide else 1)", spec=SPEC + examples)
    assert "layer = Sample()\n" in module
    assert "keras.ops.ones((4, 5, 6))" in module
