"""Site -> other nodes: operators on values, names, arithmetic and comparisons."""

import ast
from collections.abc import Iterator

from tests.mutation.sites import Site, changed, swapped, with_item, without

_ARITHMETIC: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Div, ast.Mult),
    ast.Mod: (ast.FloorDiv, ast.Mult),
    ast.Pow: (ast.Mult,),
}
_IN_ORDER = (ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult)
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPPOSITES = {old: new[-1] for old, new in _COMPARISONS.items()}
_WORDS = {
    "zeros": "ones",
    "ones": "zeros",
    "float64": "float32",
    "float32": "float64",
    "int32": "float32",
    "int64": "int32",
    "bool": "int32",
    "mean": "sum",
    "sum": "mean",
}
_TABLE = 4
"""Numbers from which a display is a table, of which only some entries are changed."""


def arithmetic(site: Site) -> Iterator[ast.AST]:
    """`a + b` -> `a - b`."""
    if isinstance(node := site.node, ast.BinOp):
        for other in _ARITHMETIC.get(type(node.op), ()):
            yield changed(node, op=other())


def operand(site: Site) -> Iterator[ast.AST]:
    """`a - b` -> `a`, `b`, `b - a`; `-a` -> `a`; `not a` -> `a`."""
    match node := site.node:
        case ast.BinOp():
            yield from (node.left, node.right)
            if isinstance(node.op, _IN_ORDER):
                yield changed(node, left=node.right, right=node.left)
        case ast.UnaryOp():
            yield node.operand


def comparison(site: Site) -> Iterator[ast.AST]:
    """`a < b` -> `a <= b`, `a >= b`; `a < b < c` -> `a < b`, `b < c`."""
    if isinstance(node := site.node, ast.Compare):
        for index, op in enumerate(node.ops):
            for other in _COMPARISONS[type(op)]:
                yield changed(node, ops=with_item(node.ops, index, other()))
        if len(node.ops) > 1:
            first, *rest = node.comparators
            yield changed(node, ops=node.ops[:-1], comparators=node.comparators[:-1])
            yield changed(node, left=first, ops=node.ops[1:], comparators=rest)


def logic(site: Site) -> Iterator[ast.AST]:
    """`a and b` -> `a or b`, `a`, `b`."""
    if isinstance(node := site.node, ast.BoolOp):
        yield changed(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        for index in range(len(node.values)):
            rest = without(node.values, index)
            yield rest[0] if len(rest) == 1 else changed(node, values=rest)


def number(site: Site) -> Iterator[ast.AST]:
    """`2` -> `3`, `4`, `0`; of a table, see `entry`."""
    if is_number(site.node) and not _is_table(site.parent):
        value = site.node.value  # type: ignore[attr-defined]
        for other in (value + 1, value * 2, type(value)(0)):
            if other != value:
                yield ast.Constant(other)


def entry(site: Site) -> Iterator[ast.AST]:
    """`[1, 2, 3, 4]` -> `[2, 2, 3, 4]`, `[2, 1, 3, 4]`, and the same further on."""
    if _is_table(node := site.node):
        assert isinstance(node, ast.List | ast.Tuple)
        last = len(node.elts) - 1
        for index in dict.fromkeys((0, last // 2, last)):
            old = ast.literal_eval(node.elts[index])
            new = ast.Constant(not old if isinstance(old, bool) else old + 1)
            yield changed(node, elts=with_item(node.elts, index, new))
        yield changed(node, elts=swapped(node.elts, 0))


def boolean(site: Site) -> Iterator[ast.AST]:
    """`trainable=False` -> `trainable=True`."""
    match site.node:
        case ast.Constant(value=bool(value)) if not _is_table(site.parent):
            yield ast.Constant(not value)


def none(site: Site) -> Iterator[ast.AST]:
    """`None` -> `True`, as a default or value."""
    match site.node:
        case ast.Constant(value=None) if not isinstance(site.parent, ast.Compare):
            yield ast.Constant(True)


def word(site: Site) -> Iterator[ast.AST]:
    """`"kernel"` -> `"kernel_x"`; a dtype or initializer by another."""
    if isinstance(node := site.node, ast.Constant) and isinstance(node.value, str):
        yield ast.Constant(_WORDS.get(node.value, f"{node.value}_x"))


def variable(site: Site) -> Iterator[ast.AST]:
    """`shift` -> the next variable of the function."""
    match node := site.node:
        case ast.Name(id=name, ctx=ast.Load()):
            if name in site.names and len(site.names) > 1:
                yield changed(node, id=_next(site.names, name))


def attribute(site: Site) -> Iterator[ast.AST]:
    """`self.scale` -> the next attribute that the class assigns."""
    match node := site.node:
        case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Load()):
            if name in site.attributes and len(site.attributes) > 1:
                yield changed(node, attr=_next(site.attributes, name))


def is_number(node: ast.AST | None) -> bool:
    """Whether the node is a number, without a sign."""
    if not isinstance(node, ast.Constant) or isinstance(node.value, bool):
        return False
    return isinstance(node.value, int | float)


def _is_table(node: ast.AST | None) -> bool:
    if not isinstance(node, ast.List | ast.Tuple) or len(node.elts) < _TABLE:
        return False
    return all(_is_entry(item) for item in node.elts)


def _is_entry(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=bool()):
            return True
        case ast.UnaryOp(op=ast.USub()):
            return is_number(node.operand)
    return is_number(node)


def _next(names: tuple[str, ...], name: str) -> str:
    return names[(names.index(name) + 1) % len(names)]
