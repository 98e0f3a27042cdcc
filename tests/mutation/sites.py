"""Module -> sites: the nodes that may be changed, each with what is near.

Left out is what a test cannot or should not tell: docstrings, annotations, imports, and
the words of error messages.
"""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

Step = tuple[str, int | None]
"""A field of a node, with an index if the field is a list."""

T = TypeVar("T")
N = TypeVar("N", bound=ast.AST)

_LEFT_OUT = {
    ast.AnnAssign: {"annotation"},
    ast.arg: {"annotation"},
    ast.FunctionDef: {"returns"},
    ast.Raise: {"exc"},
}
_NO_CODE = (ast.Import, ast.ImportFrom, ast.JoinedStr, ast.expr_context, ast.operator)


@dataclass(frozen=True)
class Site:
    """A node, and where it stands.

    Attributes:
        node: what an operator may replace.
        path: the way to it from the module.
        parent: the node above it.
        method: name of the function that it is in, if any.
        names: variables of that function, in order of appearance.
        attributes: what the class assigns to `self`, in order of appearance.
    """

    node: ast.AST
    path: tuple[Step, ...] = ()
    parent: ast.AST | None = None
    method: str = ""
    names: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()


def sites(module: ast.Module) -> Iterator[Site]:
    """Every site of the module, outer before inner."""
    return _below(Site(module, attributes=_attributes(module)))


def _below(site: Site) -> Iterator[Site]:
    yield site
    node, method, names = site.node, site.method, site.names
    if isinstance(node, ast.FunctionDef):
        method, names = node.name, _variables(node)
    for step, child in children(node):
        if not isinstance(child, _NO_CODE) and not is_docstring(child):
            path = (*site.path, step)
            yield from _below(Site(child, path, node, method, names, site.attributes))


def children(node: ast.AST) -> Iterator[tuple[Step, ast.AST]]:
    """The nodes below a node that are code, with the step to each."""
    for name, value in ast.iter_fields(node):
        if name in _LEFT_OUT.get(type(node), ()):
            continue
        if isinstance(value, ast.AST):
            yield (name, None), value
        elif isinstance(value, list):
            items = enumerate(value)
            yield from (((name, i), x) for i, x in items if isinstance(x, ast.AST))


def is_docstring(node: ast.AST) -> bool:
    """Whether the node is a statement that does nothing: a string."""
    match node:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
    return False


def replaced(root: ast.AST, path: tuple[Step, ...], new: ast.AST) -> ast.AST:
    """A copy of the tree with another node at the end of the path."""
    if not path:
        return new
    (name, index), *rest = path
    value = getattr(root, name)
    if index is None:
        return changed(root, **{name: replaced(value, tuple(rest), new)})
    items = list(value)
    items[index] = replaced(items[index], tuple(rest), new)
    return changed(root, **{name: items})


def changed(node: N, **fields: object) -> N:
    """A copy of the node with other fields."""
    result = copy.copy(node)
    for name, value in fields.items():
        setattr(result, name, value)
    return result


def without(items: list[T], index: int) -> list[T]:
    """The list without one item."""
    return [*items[:index], *items[index + 1 :]]


def swapped(items: list[T], index: int) -> list[T]:
    """The list with an item and the next one in each other's place."""
    return [*items[:index], items[index + 1], items[index], *items[index + 2 :]]


def with_item(items: list[T], index: int, item: T) -> list[T]:
    """The list with another item at the index."""
    return [*items[:index], item, *items[index + 1 :]]


def _attributes(module: ast.Module) -> tuple[str, ...]:
    found = (
        node.attr
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    )
    return tuple(dict.fromkeys(found))


def _variables(function: ast.FunctionDef) -> tuple[str, ...]:
    arguments = function.args
    given = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    names = [argument.arg for argument in given if argument.arg != "self"]
    names += [
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
    return tuple(dict.fromkeys(names))
