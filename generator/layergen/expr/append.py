"""Python `ast` -> the same, with `xs.append(x)` spelled `xs = [*xs, x]`.

A list of the language is a value: nothing that has another name for it sees it grow.
So only a list with a single name may be appended to; there Python means the same.
"""

import ast
from collections.abc import Iterator


def spell_appends(module: ast.Module) -> ast.Module:
    """The module, in which lists that have one name only grow by assignment."""
    appends = [node for node in ast.walk(module) if append_target(node)]
    refused = {
        name
        for name in {append_target(node) for node in appends}
        if _has_other_name(module, name) or _grows_while_read(module, name)
    }
    return _Speller(refused).visit(module) if appends else module


def append_target(node: ast.AST) -> str:
    """The list to which a statement appends, or nothing."""
    match node:
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(value=ast.Name(id=name), attr="append"),
                args=[value],
                keywords=[],
            )
        ) if not isinstance(value, ast.Starred):
            return name
    return ""


class _Speller(ast.NodeTransformer):
    def __init__(self, refused: set[str]) -> None:
        self.refused = refused

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        name = append_target(node)
        if not name or name in self.refused:
            return node
        assert isinstance(node.value, ast.Call)
        before = ast.Starred(ast.Name(name, ast.Load()), ast.Load())
        grown = ast.List([before, node.value.args[0]], ast.Load())
        spelled = ast.Assign([ast.Name(name, ast.Store())], grown)
        given = node.value.args[0]
        for new in (spelled, spelled.targets[0], grown, before, before.value):
            ast.copy_location(new, node)
        assert isinstance(node.value.func, ast.Attribute)
        for new in (spelled.targets[0], before, before.value):
            ast.copy_location(new, node.value.func.value)
        assert given is grown.elts[1]
        return spelled


def _has_other_name(module: ast.Module, name: str) -> bool:
    """Whether a list is assigned to another name, or stands in another list."""
    values = (n.value for n in ast.walk(module) if isinstance(n, ast.Assign))
    appended = (
        node.value.args[0]
        for node in ast.walk(module)
        if append_target(node)
        and isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
    )
    return any(name in _kept(value) for value in (*values, *appended))


def _kept(value: ast.expr) -> Iterator[str]:
    """The names whose values an assigned value is, or holds."""
    match value:
        case ast.Name(id=name):
            yield name
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from _kept(part)
        case ast.IfExp(body=then, orelse=otherwise):
            yield from _kept(then)
            yield from _kept(otherwise)
        case ast.ListComp(elt=element):
            yield from _kept(element)


def _grows_while_read(module: ast.Module, name: str) -> bool:
    """Whether a loop over a list appends to it: in Python it would not end."""
    return any(
        isinstance(loop, ast.For)
        and any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(loop.iter))
        and any(append_target(node) == name for node in ast.walk(loop))
        for loop in ast.walk(module)
    )
