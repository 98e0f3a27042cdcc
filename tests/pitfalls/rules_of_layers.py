"""What generated layers never do: the config, the shape of the class, randomness."""

import ast

from tests.pitfalls.rule import Complaints, Emitted, calls, keywords
from tests.pitfalls.rules import rule

_NO_CONFIG = frozenset({"self", "kwargs"})
_PLAIN = frozenset(
    ("int", "float", "bool", "str", "random.randint", "keras.config.image_data_format")
) | {"keras.backend.standardize_dtype"}
"""What yields numbers, flags and texts."""


@rule("def __init__(self, **kwargs):\n  self.x = 1\n  super().__init__(**kwargs)")
@rule("def __init__(self, units, **kwargs): super().__init__(name='mine')")
@rule("def __init__(self, units): super().__init__()")
@rule("def __init__(self, units, **options): super().__init__(**options)")
def the_constructor_passes_on_what_keras_takes(layer: Emitted) -> Complaints:
    """First of all, and under the name `kwargs`, which Keras looks for."""
    method = layer.methods.get("__init__")
    if method is None:
        return
    statements = [s for s in method.body if not _is_docstring(s)]
    named = method.args.kwarg is not None and method.args.kwarg.arg == "kwargs"
    if not named or ast.unparse(statements[0]) != "super().__init__(**kwargs)":
        yield method


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


@rule("def __init__(self, **kwargs): self.built = True")
def keras_says_what_is_built(layer: Emitted) -> Complaints:
    """A layer that says so itself is never built."""
    for name, value in layer.attributes:
        if name in {"built", "trainable", "name", "dtype_policy"}:
            yield value


@rule("def __init__(self, units, **kwargs): self.units = units")
@rule(
    "def __init__(self, units, **kwargs): self.units = units\n"
    "def get_config(self): return {'units': self.units}"
)
@rule(
    "def __init__(self, units, old=None, **kwargs):\n"
    "  if old is not None: warnings.warn('It has no effect.')\n"
    "def get_config(self): return {**super().get_config(), 'old': None}"
)
@rule(
    "def __init__(self, units, rate, **kwargs): self.units = units\n"
    "def get_config(self): return {**super().get_config(), 'units': self.units}"
)
def the_config_has_every_argument(layer: Emitted) -> Complaints:
    """Beside what Keras puts into it; of a stored array the shape, and nothing of what
    is deprecated."""
    method = layer.methods.get("__init__")
    arguments = {a.arg for a in method.args.args} - _NO_CONFIG if method else set()
    arguments -= {a for a in arguments if f"{a}_shape" in arguments}
    arguments -= _deprecated(method) if method else set()
    config = layer.methods.get("get_config")
    if config is None:
        if arguments and method:
            yield method
        return
    returned = config.body[-1]
    if not (isinstance(returned, ast.Return) and isinstance(returned.value, ast.Dict)):
        yield returned
        return
    own = [k.value for k in returned.value.keys if isinstance(k, ast.Constant)]
    first = ast.unparse(returned.value.values[0])
    if first != "super().get_config()" or set(own) != arguments:
        yield returned


def _deprecated(method: ast.FunctionDef) -> set[str]:
    """The arguments of which the constructor says nothing but that they do nothing."""
    return {
        node.test.left.id
        for node in method.body
        if isinstance(node, ast.If)
        and isinstance(node.test, ast.Compare)
        and isinstance(node.test.left, ast.Name)
        and ast.unparse(node.body[0]).startswith("warnings.warn(")
    }


_INIT = "def __init__(self, x, **kwargs): self.x = {}\n"
_CONFIG = "def get_config(self): return {{**super().get_config(), 'x': {}}}"


@rule(_INIT.format("tuple(x)") + _CONFIG.format("self.x"))
@rule(_INIT.format("np.array(x, dtype='float64')") + _CONFIG.format("self.x"))
@rule(_INIT.format("keras.initializers.get(x)") + _CONFIG.format("self.x"))
@rule(_INIT.format("keras.layers.get(x)") + _CONFIG.format("self.x"))
@rule(_INIT.format("x") + _CONFIG.format("{'a': 1}"))
def the_config_holds_plain_values(layer: Emitted) -> Complaints:
    """Numbers, texts, and lists that are not the layer's own."""
    rich = {name for name, value in layer.attributes if _is_rich(value)}
    if (config := layer.methods.get("get_config")) is None:
        return
    for node in ast.walk(config):
        if not isinstance(node, ast.Dict):
            continue
        for key, value in zip(node.keys, node.values, strict=True):
            bare = isinstance(value, ast.Attribute) and value.attr in rich
            if key is not None and (bare or isinstance(value, ast.Dict | ast.Set)):
                yield value


def _is_rich(value: ast.expr) -> bool:
    """Whether it is no number, flag or text."""
    called = {ast.unparse(call.func) for call in calls(value, "")}
    return not called <= _PLAIN or isinstance(value, ast.Tuple | ast.List | ast.Dict)


@rule("def call(self, x): return x")
def the_class_is_registered(layer: Emitted) -> Complaints:
    """Under the package of its spec: files are loaded without `custom_objects`."""
    found = [ast.unparse(each) for each in layer.layer.decorator_list]
    right = "keras.saving.register_keras_serializable(package="
    if not any(each.startswith(right) for each in found):
        yield layer.layer


@rule(
    "def call(self, x): return keras.random.dropout(\n"
    "  x, 0.1, seed=keras.random.SeedGenerator())"
)
@rule("def call(self, x): return x + keras.random.normal(x.shape, seed=3)")
@rule("def call(self, x): return x + keras.random.normal(x.shape)")
def the_constructor_makes_the_generator(layer: Emitted) -> Complaints:
    """A generator that a call makes is made anew in every trace; a seed draws again."""
    for method in layer.methods.values():
        if method.name != "__init__":
            yield from calls(method, "keras.random.SeedGenerator")
        for call in calls(method, "keras.random."):
            if ast.unparse(call.func).endswith("SeedGenerator"):
                continue
            seed = keywords(call).get("seed")
            if seed is None or ast.unparse(seed) != "self.seed_generator":
                yield call


@rule("def call(self, x, training): return x")
@rule("def call(self, x, training=True): return x")
def training_may_be_left_out(layer: Emitted) -> Complaints:
    """Keras then says which it is."""
    if "call" in layer.methods:
        arguments = layer.methods["call"].args
        names = {each.arg for each in (*arguments.args, *arguments.kwonlyargs)}
        if "training" in names and _defaults(arguments).get("training") != "None":
            yield arguments


def _defaults(arguments: ast.arguments) -> dict[str, str]:
    """The defaults of a signature as text, by the names of the parameters."""
    given = zip(reversed(arguments.args), reversed(arguments.defaults), strict=False)
    only = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    pairs = [*given, *only]
    return {a.arg: ast.unparse(value) for a, value in pairs if value is not None}


@rule("def build(self, shape): self.n = shape[-1].value")
@rule("def build(self, shape): self.n = shape.as_list()[-1]")
def shapes_are_tuples(layer: Emitted) -> Complaints:
    """As they are in Keras, and in what a file holds of them."""
    for node in ast.walk(layer.module):
        match node:
            case ast.Attribute(value=ast.Name(id="self")):
                pass
            case ast.Attribute(attr="as_list" | "value"):
                yield node


@rule("def build(self, shape): pass\ndef call(self, x, y): return x + y")
@rule(
    "def build(self, x_shape): pass\n"
    "def call(self, x, *, mode: int = 1): return x\n"
    "def compute_output_shape(self, shape): return shape"
)
def shapes_are_named_after_their_inputs(layer: Emitted) -> Complaints:
    """Else Keras hands over the first shape only."""
    if "call" not in layer.methods:
        return
    arguments = layer.methods["call"].args.args[1:]
    masks = {f"{a.arg}_mask" for a in arguments} | {"mask", "training", "previous_mask"}
    names = [a.arg for a in arguments if a.arg not in masks]
    several = {f"{name}_shape" for name in names}
    for method in ("build", "compute_output_shape"):
        if method in layer.methods:
            found = {a.arg for a in layer.methods[method].args.args[1:]}
            if not (found <= several or (len(names) == 1 and found == {"input_shape"})):
                yield layer.methods[method]


@rule("def call(self, x, causal: bool = False): return x")
def flags_are_given_by_keyword(layer: Emitted) -> Complaints:
    """Keras takes only tensors by position."""
    if "call" in layer.methods:
        for argument in layer.methods["call"].args.args:
            annotation = argument.annotation
            if annotation is not None and ast.unparse(annotation) in {"bool", "int"}:
                yield argument


@rule("def __init__(self, **kwargs): self.inner = keras.layers.Dense(3)")
@rule(
    "def __init__(self, **kwargs): self.inner = keras.layers.Dense(3)\n"
    "def build(self, input_shape): self.built = True"
)
def sublayers_are_built(layer: Emitted) -> Complaints:
    """Those that are not have no weights when a file is loaded."""
    build = layer.methods.get("build")
    text = ast.unparse(build) if build else ""
    for name, value in layer.attributes:
        owned = [
            call
            for call in calls(value, "keras.layers.")
            if not ast.unparse(call.func).endswith(("InputSpec", "Dropout"))
        ]
        alone = f"self.{name}.build(" in text
        listed = f"in self.{name}:" in text or f"self.{name}[" in text
        listed = listed or f"in enumerate(self.{name})" in text
        if owned and not (alone or listed):
            yield value


@rule("def call(self, x): return keras.ops.argmax(x)")
def outputs_are_described(layer: Emitted) -> Complaints:
    """Else Keras guesses the shape, or takes the compute dtype for the dtype."""
    if not {"compute_output_shape", "compute_output_spec"} & layer.methods.keys():
        yield layer.layer
