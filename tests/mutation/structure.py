"""Site -> other nodes: operators on statements, conditions, displays and methods."""

import ast
from collections.abc import Iterator

from tests.mutation.sites import (
    Site,
    changed,
    is_docstring,
    swapped,
    with_item,
    without,
)
from tests.mutation.values import OPPOSITES, is_number

_BLOCKS = ("body", "orelse")


def statement(site: Site) -> Iterator[ast.AST]:
    """A block -> the same without one of its statements, or a class without a method.

    Left to `condition`: a plain `if`, and all that an `if` holds.
    """
    for name in _BLOCKS:
        block = getattr(site.node, name, None)
        if isinstance(block, list) and isinstance(site.node, ast.stmt):
            whole = isinstance(site.node, ast.If) and len(block) == 1
            for index, item in enumerate(block):
                plain = isinstance(item, ast.If) and not item.orelse
                if not (whole or plain or is_docstring(item)):
                    rest: list[ast.stmt] = without(block, index)
                    yield changed(site.node, **{name: rest or [ast.Pass()]})


def condition(site: Site) -> Iterator[ast.AST]:
    """`if a:` -> `if not a:`, `if True:`, `if False:`; also in expressions."""
    match site.node:
        case ast.If() | ast.IfExp() | ast.While():
            for test in (_negated(site.node.test), *_always()):
                yield changed(site.node, test=test)
        case ast.comprehension(ifs=ifs):
            for index, test in enumerate(ifs):
                for other in (_negated(test), *_always()):
                    yield changed(site.node, ifs=with_item(ifs, index, other))


def _always() -> tuple[ast.expr, ast.expr]:
    return ast.Constant(True), ast.Constant(False)


def _negated(test: ast.expr) -> ast.expr:
    match test:
        case ast.UnaryOp(op=ast.Not()):
            return test.operand
        case ast.Compare(ops=[op]):
            return changed(test, ops=[OPPOSITES[type(op)]()])
    return ast.UnaryOp(ast.Not(), test)


def tuple_entry(site: Site) -> Iterator[ast.AST]:
    """`(a, b)` -> `(b,)`, `(a,)`, `(b, a)`, `(a + 1, b)`, `(a, b + 1)`."""
    if isinstance(node := site.node, ast.Tuple) and isinstance(node.ctx, ast.Load):
        types = _is_types(site)
        for index, item in enumerate(node.elts):
            yield changed(node, elts=without(node.elts, index))
            if isinstance(item, ast.Name | ast.Attribute | ast.Subscript) and not types:
                more = ast.BinOp(item, ast.Add(), ast.Constant(1))
                yield changed(node, elts=with_item(node.elts, index, more))
        for index in range(len(node.elts) - 1):
            if not types and not _is_choice(site):
                yield changed(node, elts=swapped(node.elts, index))


def _is_types(site: Site) -> bool:
    """Whether the tuple is the second argument of `isinstance`."""
    match site.parent:
        case ast.Call(func=ast.Name(id="isinstance")):
            return True
    return False


def _is_choice(site: Site) -> bool:
    """Whether the tuple is what `in` looks through."""
    return isinstance(site.parent, ast.Compare)


def output_shape(site: Site) -> Iterator[ast.AST]:
    """`return tuple(shape)` -> `return tuple(shape[:-1])`, `list(shape)`."""
    match site.node:
        case ast.Return(value=ast.Call(func=ast.Name(id="tuple"), args=[shape])):
            if site.method == "compute_output_shape":
                name = ast.Name("list", ast.Load())
                yield changed(site.node, value=ast.Call(name, [shape], []))
                for part in (
                    ast.Slice(None, _minus_one()),
                    ast.Slice(None, None, _minus_one()),
                ):
                    call = ast.Call(
                        ast.Name("tuple", ast.Load()),
                        [ast.Subscript(shape, part, ast.Load())],
                        [],
                    )
                    yield changed(site.node, value=call)


def _minus_one() -> ast.expr:
    return ast.UnaryOp(ast.USub(), ast.Constant(1))


def bounds(site: Site) -> Iterator[ast.AST]:
    """`x[1:]` -> `x[:]`; `range(n)` -> `range(n + 1)`."""
    match node := site.node:
        case ast.Slice(lower=lower, upper=upper):
            if lower is not None:
                yield changed(node, lower=None)
            if upper is not None:
                yield changed(node, upper=None)
        case ast.Call(func=ast.Name(id="range"), args=[*args]):
            more = ast.BinOp(args[-1], ast.Add(), ast.Constant(1))
            if not is_number(args[-1]):
                yield changed(node, args=[*args[:-1], more])


def config(site: Site) -> Iterator[ast.AST]:
    """`{"a": self.a}` in `get_config` -> `{}`, `{"a_x": self.a}`, `{"a": 1}`."""
    if isinstance(node := site.node, ast.Dict) and site.method == "get_config":
        for index, key in enumerate(node.keys):
            values = without(node.values, index)
            yield changed(node, keys=without(node.keys, index), values=values)
            if isinstance(key, ast.Constant):
                renamed = with_item(node.keys, index, ast.Constant(f"{key.value!s}_x"))
                yield changed(node, keys=renamed)
                for value in (None, 1):
                    values = with_item(node.values, index, ast.Constant(value))
                    yield changed(node, values=values)


def decorator(site: Site) -> Iterator[ast.AST]:
    """`@register` -> nothing."""
    if isinstance(node := site.node, ast.FunctionDef | ast.ClassDef):
        for index in range(len(node.decorator_list)):
            yield changed(node, decorator_list=without(node.decorator_list, index))
