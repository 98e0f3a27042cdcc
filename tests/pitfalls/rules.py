"""What generated layers never do, since it goes wrong somewhere: constants, weights.

Each rule finds it in the text of a layer; the layer beside the rule does it.
"""

import ast
import re
from collections.abc import Callable

from tests.pitfalls.rule import (
    Complaints,
    Emitted,
    Rule,
    assignments,
    calls,
    keywords,
    reads,
)

RULES: list[Rule] = []

_IMPORTS = re.compile(
    r"import (keras|math|pathlib|random|warnings|numpy as np)"
    r"|from (collections\.abc|typing|numpy\.typing) import .*"
    r"|from keras import ops|from \.[\w.]* import \w+"
)
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def rule(
    wrong: str, imports: str = "import keras"
) -> Callable[[Callable[[Emitted], Complaints]], Callable[[Emitted], Complaints]]:
    """Add a function to the rules, with methods that break it."""

    def add(check: Callable[[Emitted], Complaints]) -> Callable[[Emitted], Complaints]:
        RULES.append(Rule(check, wrong, imports))
        return check

    return add


@rule("def build(self, shape): self._ramp = keras.ops.arange(shape[-1])")
@rule("def __init__(self): self._one = ops.ones(3) * 2")
@rule("def build(self, shape): self._table = keras.initializers.Orthogonal()(shape)")
@rule("def build(self, shape): self._table = self.table_initializer(shape)")
def no_tensor_is_kept(layer: Emitted) -> Complaints:
    """A tensor belongs to a graph, a device and a dtype."""
    for _, value in layer.attributes:
        yield from calls(value, "ops.", "keras.ops.", "keras.backend.convert")
        for call in calls(value, ""):
            made = isinstance(call.func, ast.Call)
            if made or ast.unparse(call.func).endswith("_initializer"):
                yield call


@rule("def call(self, x):\n  self._last = x\n  return x")
@rule("def call(self, x):\n  self.count += 1\n  return x")
@rule("def call(self, x):\n  setattr(self, 'cache', x)\n  return x")
def nothing_is_kept_in_the_call(layer: Emitted) -> Complaints:
    """What a call keeps belongs to the graph that it was traced in."""
    for method in layer.called:
        yield from assignments(method)
        yield from calls(method, "setattr")


@rule("def build(self, shape): self.w = keras.Variable([1.0])")
@rule("def build(self, shape): self.w = tf.Variable(1.0)", "import tensorflow as tf")
@rule("def call(self, x): return torch.relu(x)", "import torch")
@rule("def __init__(self): self.hits = keras.metrics.Mean()")
def keras_makes_all_variables(layer: Emitted) -> Complaints:
    """Keras finds only the variables that it makes itself."""
    yield from calls(layer.module, "keras.Variable", "keras.metrics")
    for node in ast.walk(layer.module):
        is_import = isinstance(node, ast.Import | ast.ImportFrom)
        if is_import and not _IMPORTS.fullmatch(ast.unparse(node)):
            yield node


@rule("def call(self, x): return x * np.sqrt(2.0)")
@rule("def call(self, x): return keras.ops.multiply(x, np.float32(2))")
def numpy_stays_out_of_the_call(layer: Emitted) -> Complaints:
    """NumPy fails on symbolic tensors, or cuts off gradients."""
    for method in layer.called:
        yield from calls(method, "np.")


@rule("def build(self, shape): self._noise = np.random.normal(size=shape)")
def numpy_draws_nothing(layer: Emitted) -> Complaints:
    """What NumPy draws is neither seeded by Keras nor saved."""
    for node in ast.walk(layer.module):
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "np.random":
            yield node


_KEPT = "def __init__(self): self._t = np.array([1.0], dtype='float64')\n"


@rule(_KEPT + "def call(self, x): return x * self._t")
@rule(_KEPT + "def call(self, x): return ops.multiply(x, self._t)")
@rule(_KEPT + "def call(self, x): return x * ops.convert_to_tensor(self._t)")
@rule(_KEPT + "def call(self, x): return x * ops.convert_to_tensor(self._t, x.dtype)")
@rule(_KEPT + "def call(self, x): return ops.convert_to_tensor(self._t, dtype=x.dtype)")
def arrays_are_converted_to_a_known_dtype(layer: Emitted) -> Complaints:
    """The compute dtype of the moment, a dtype by name, or that of whole numbers."""
    whole = {f"self.{name}" for name, value in layer.attributes if _is_whole(value)}
    for method in layer.called:
        if method.name == "get_config":
            continue
        right = set()
        for call in calls(method, "ops.convert_to_tensor"):
            dtype = keywords(call).get("dtype")
            named = isinstance(dtype, ast.Constant)
            named |= dtype is None and ast.unparse(call.args[0]) in whole
            if named or (dtype and ast.unparse(dtype) == "self.compute_dtype"):
                right |= {id(argument) for argument in call.args}
        for read in reads(method, *layer.arrays):
            if id(read) not in right:
                yield read


def _is_whole(value: ast.expr) -> bool:
    """Whether an array is made with a dtype of integers or booleans."""
    source = ast.unparse(value)
    return bool(re.search(r"'(int32|int64|uint8|bool)'|\[(True|False)\b", source))


@rule("def __init__(self): self._dtype = self.compute_dtype")
@rule("def build(self, shape): self._t = np.ones(3, self.compute_dtype)")
def dtypes_are_read_in_the_call(layer: Emitted) -> Complaints:
    """The policy may depend on the path of the layer, and may change."""
    for method in layer.made:
        yield from reads(method, "compute_dtype", "variable_dtype", "dtype")


@rule(_KEPT)
def arrays_are_read_only(layer: Emitted) -> Complaints:
    """Else compiled functions and the layer may disagree."""
    frozen = {
        ast.unparse(call)
        for method in layer.made
        for call in calls(method, "self.")
        if ast.unparse(call).endswith(".setflags(write=False)")
    }
    for name, value in layer.attributes:
        if name in layer.arrays and f"self.{name}.setflags(write=False)" not in frozen:
            yield value


@rule("def __init__(self, t): self.t = np.asarray(t, dtype='float64')")
@rule("def __init__(self, t): self.t = np.array(t)")
def arrays_are_copies_of_a_fixed_dtype(layer: Emitted) -> Complaints:
    """A config holds lists, which do not tell the dtype; a caller may write."""
    for method in layer.made:
        yield from calls(method, "np.asarray", "np.frombuffer")
    for name, value in layer.attributes:
        cast = any(calls(layer.layer, f"self.{name}.astype"))
        for call in calls(value, "np.array"):
            written = isinstance(call.args[0], ast.List)  # its numbers say it
            if "dtype" not in keywords(call) and not cast and not written:
                yield call


@rule("def __init__(self): self.scale = np.float32(2)")
@rule("def __init__(self): self._table = [0.5, 1.5]")
def numbers_are_pythons_and_tables_are_arrays(layer: Emitted) -> Complaints:
    """A number of NumPy has a dtype that wins; a list is slow to convert."""
    for _, value in layer.attributes:
        for call in calls(value, "np."):
            if re.fullmatch(r"np\.(float|int|uint|bool)\w*", ast.unparse(call.func)):
                yield call
        if isinstance(value, ast.List):
            yield value


@rule("def __init__(self): self.w = self.add_weight(name='w', shape=(1,))")
@rule("def call(self, x): return x * self.add_weight(name='w', shape=(1,))")
@rule("def call(self, x): return keras.layers.Dense(3)(x)")
def build_makes_the_weights(layer: Emitted) -> Complaints:
    """Before, sizes are not known; after, Keras is done with building."""
    for method in layer.methods.values():
        if method.name != "build":
            yield from calls(method, "self.add_weight", "super().add_weight")
        if method not in layer.made:
            yield from calls(method, "keras.layers.")


@rule(
    "def build(self, shape):\n"
    "  self.w = self.add_weight(name='w', shape=(3,))\n"
    "  if shape[-1] is None: raise ValueError"
)
def build_checks_before_it_makes(layer: Emitted) -> Complaints:
    """A `build` that fails half-way leaves weights behind."""
    made = [weight.lineno for weight in layer.weights()]
    for node in ast.walk(layer.methods["build"]) if made else ():
        if isinstance(node, ast.Raise) and node.lineno > min(made):
            yield node


@rule("def build(self, shape): self.w = self.add_weight(shape=(3,))")
@rule("def build(self, shape): self.w = self.add_weight((3,), name='w')")
@rule("def build(self, shape): self.w = self.add_weight(name='w', shape=3)")
@rule("def build(self, shape): self.w = self.add_weight(name='a/b', shape=(3,))")
@rule(
    "def build(self, shape): self.w = self.add_weight(\n"
    "  name='w', shape=(3,), synchronization='on_read')"
)
@rule(
    "def build(self, shape): self.w = self.add_weight(\n"
    "  name='w', shape=(3,), overwrite_with_gradient=True)"
)
@rule(
    "def build(self, shape):\n"
    "  self.v = self.add_weight(name='w', shape=(3,))\n"
    "  self.w = self.add_weight(name='w', shape=(3,))"
)
def weights_have_names_and_shapes(layer: Emitted) -> Complaints:
    """By keyword; names are plain, and no two are equal."""
    known = {"name", "shape", "initializer", "regularizer", "constraint", "dtype"}
    known |= {"trainable", "autocast", "aggregation"}
    names = set()
    for weight in layer.weights():
        given = keywords(weight)
        name, shape = given.get("name"), given.get("shape")
        text = name.value if isinstance(name, ast.Constant) else ""
        named = isinstance(text, str) and _NAME.fullmatch(text) and text not in names
        sized = not isinstance(shape, ast.Constant | None)
        if weight.args or not named or not sized or not given.keys() <= known:
            yield weight
        names.add(text)


_TWO = """
def build(self, shape):
  self.v = self.add_weight(name='v', shape=(3,), initializer={0})
  self.w = self.add_weight(name='w', shape=(3,), initializer={0})
"""


@rule(_TWO.format("self.initializer"))
@rule(_TWO.format("drawn"))
def each_weight_has_its_own_initializer(layer: Emitted) -> Complaints:
    """One object draws the same numbers for every weight."""
    used = set()
    for weight in layer.weights():
        initializer = keywords(weight).get("initializer")
        if isinstance(initializer, ast.Name | ast.Attribute):
            if (text := ast.unparse(initializer)) in used:
                yield weight
            used.add(text)


@rule(
    "def build(self, shape): self.w = self.add_weight(\n"
    "  name='w', shape=(3,), initializer=lambda shape: keras.ops.ones((2, 3)))"
)
@rule(
    "def build(self, shape): self.w = self.add_weight(\n"
    "  name='w', shape=(3,), initializer=keras.initializers.Constant(self.table))"
)
@rule(
    "def build(self, shape): self.w = self.add_weight(\n"
    "  name='w', shape=(3,), initializer=[1.0, 2.0, 3.0])"
)
def values_of_weights_have_their_shape(layer: Emitted) -> Complaints:
    """Keras compares the shape of an array, and believes a function."""
    for weight in layer.weights():
        initializer = keywords(weight).get("initializer")
        if isinstance(initializer, ast.Lambda | ast.List):
            yield weight
        for call in calls(weight, "keras.initializers.Constant"):
            for value in (*call.args, *keywords(call).values()):
                if not isinstance(value, ast.Constant | ast.UnaryOp):
                    yield value
