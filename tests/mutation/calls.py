"""Site -> other nodes: operators on calls, their arguments and keywords."""

import ast
from collections.abc import Iterator

from tests.mutation.sites import Site, changed, swapped, with_item, without

_SIBLINGS = (
    ("mean", "sum"),
    ("max", "min"),
    ("amax", "amin"),
    ("maximum", "minimum"),
    ("argmax", "argmin"),
    ("any", "all"),
    ("sin", "cos"),
    ("tan", "tanh"),
    ("sinh", "cosh"),
    ("exp", "expm1"),
    ("log", "log1p"),
    ("sqrt", "rsqrt"),
    ("square", "abs"),
    ("floor", "ceil"),
    ("sigmoid", "tanh"),
    ("silu", "gelu"),
    ("relu", "elu"),
    ("softmax", "log_softmax"),
    ("ones", "zeros"),
    ("ones_like", "zeros_like"),
    ("var", "std"),
    ("cumsum", "cumprod"),
    ("tril", "triu"),
    ("greater", "less"),
    ("greater_equal", "less_equal"),
    ("equal", "not_equal"),
    ("logical_and", "logical_or"),
    ("concatenate", "stack"),
    ("zeros", "ones"),
    ("array", "asarray"),
    ("asarray", "array"),
    ("int", "float"),
    ("float", "int"),
    ("assign", "assign_add"),
    ("RandomNormal", "RandomUniform"),
    ("GlorotUniform", "GlorotNormal"),
    ("HeNormal", "HeUniform"),
)
_SIBLING = {**{b: a for a, b in _SIBLINGS}, **dict(_SIBLINGS)}
_COMMUTATIVE = {
    "add",
    "equal",
    "isinstance",
    "logical_and",
    "logical_or",
    "max",
    "maximum",
    "min",
    "minimum",
    "multiply",
    "not_equal",
}
_NO_WRAPPERS = {"enumerate", "isinstance", "len", "range", "super", "zip"}
_OPTIONS = {"initializer", "regularizer", "constraint"}


def sibling(site: Site) -> Iterator[ast.AST]:
    """`ops.mean(x)` -> `ops.sum(x)`; `np.array(x)` -> `np.asarray(x)`."""
    if isinstance(node := site.node, ast.Call) and called(node) in _SIBLING:
        if _makes_array(node):
            return
        other = _SIBLING[called(node)]
        if isinstance(node.func, ast.Attribute):
            yield changed(node, func=changed(node.func, attr=other))
        elif isinstance(node.func, ast.Name):
            yield changed(node, func=changed(node.func, id=other))


def _makes_array(node: ast.Call) -> bool:
    """Whether it is an array of a list: a new one by `array` and by `asarray`."""
    match node:
        case ast.Call(args=[ast.List(), *_]):
            return called(node) in ("array", "asarray")
    return False


def unwrapped(site: Site) -> Iterator[ast.AST]:
    """`ops.cast(x, dtype)` -> `x`; `x.tolist()` -> `x`."""
    match node := site.node:
        case ast.Call() if isinstance(site.parent, ast.Expr):
            return  # see `statement`
        case ast.Call(args=[first, *_]) if called(node) not in _NO_WRAPPERS:
            yield first
        case ast.Call(func=ast.Attribute(value=ast.Attribute() as value), args=[]):
            if _root(value) == "self" and not node.keywords:
                yield value


def dtype(site: Site) -> Iterator[ast.AST]:
    """`dtype=self.compute_dtype` -> `dtype="float32"`, and by position of a cast."""
    match node := site.node:
        case ast.keyword(arg="dtype"):
            yield from (changed(node, value=other) for other in _dtypes(node.value))
        case ast.Call(args=[_, given]) if called(node) == "cast":
            for other in _dtypes(given):
                yield changed(node, args=with_item(node.args, 1, other))


def _dtypes(value: ast.expr) -> Iterator[ast.expr]:
    """Other dtypes; `word` deals with literal ones."""
    if not isinstance(value, ast.Constant):
        yield ast.Constant("float32")
    match value:
        case ast.Attribute(value=ast.Name(id="self"), attr="compute_dtype"):
            yield changed(value, attr="variable_dtype")
        case ast.Attribute(value=ast.Name(id="self"), attr="variable_dtype"):
            yield changed(value, attr="compute_dtype")


def axis(site: Site) -> Iterator[ast.AST]:
    """`axis=-1` -> `axis=0`, `axis=-1`, `axis=None`."""
    match node := site.node:
        case ast.keyword(arg="axis" | "axes"):
            for value in (0, -1, None):
                yield changed(node, value=_constant(value))


def _constant(value: int | None) -> ast.expr:
    if value is not None and value < 0:
        return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    return ast.Constant(value)


def keyword(site: Site) -> Iterator[ast.AST]:
    """`f(a, b=c)` -> `f(a)`; `f(**kwargs)` -> `f()`."""
    if isinstance(node := site.node, ast.Call):
        for index in range(len(node.keywords)):
            yield changed(node, keywords=without(node.keywords, index))


def options(site: Site) -> Iterator[ast.AST]:
    """`f(regularizer=a, constraint=b)` -> `f(regularizer=b, constraint=a)`."""
    if isinstance(node := site.node, ast.Call):
        for index, (one, other) in enumerate(
            zip(node.keywords, node.keywords[1:], strict=False)
        ):
            if {one.arg, other.arg} <= _OPTIONS:
                pair = [
                    changed(one, value=other.value),
                    changed(other, value=one.value),
                ]
                rest = node.keywords[index + 2 :]
                yield changed(node, keywords=[*node.keywords[:index], *pair, *rest])


def positions(site: Site) -> Iterator[ast.AST]:
    """`f(a, b)` -> `f(b, a)`."""
    if isinstance(node := site.node, ast.Call) and not _commutes(node):
        for index in range(len(node.args) - 1):
            yield changed(node, args=swapped(node.args, index))


def _commutes(node: ast.Call) -> bool:
    """Whether the order of the arguments is nothing; `ops.max` has an axis."""
    is_builtin = isinstance(node.func, ast.Name)
    name = called(node)
    return name in _COMMUTATIVE and (is_builtin or name not in ("max", "min"))


def called(node: ast.Call) -> str:
    """The last name of what is called."""
    match node.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def _root(node: ast.AST) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
