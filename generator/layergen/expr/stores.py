"""Python statements -> the names that they give a value."""

import ast
from collections.abc import Iterable, Iterator, Sequence

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def first_lines(nodes: Iterable[ast.stmt]) -> dict[str, int]:
    """For each name that is assigned to, the line where that happens first.

    What is inside of a function is the function's own; its name counts.
    """
    lines: dict[str, int] = {}
    for node in _walk(nodes, ()):
        name = _stored(node)
        if name and isinstance(node, ast.Name | ast.FunctionDef):
            lines[name] = min(node.lineno, lines.get(name, node.lineno))
    return lines


def variables(nodes: Iterable[ast.stmt]) -> frozenset[str]:
    """The names that have a value after statements, or may have one."""
    return frozenset(filter(None, map(_stored, _walk(nodes, _COMPREHENSIONS))))


def name_of(node: ast.FunctionDef | ast.arg, text: str) -> ast.Name:
    """The name of a function or of a parameter, as a node of its own.

    Args:
        node: what has the name.
        text: the source of the node, from its start.
    """
    name = node.name if isinstance(node, ast.FunctionDef) else node.arg
    start = node.col_offset + max(text.find(name), 0)
    return ast.Name(
        name,
        ast.Store(),
        lineno=node.lineno,
        col_offset=start,
        end_lineno=node.lineno,
        end_col_offset=start + len(name.encode()),
    )


def _stored(node: ast.AST) -> str:
    match node:
        case ast.FunctionDef(name=name):
            return name
        case ast.Name(id=name, ctx=ast.Store()):
            return name
    return ""


def _walk(
    nodes: Iterable[ast.AST], closed: Sequence[type] | tuple[()]
) -> Iterator[ast.AST]:
    """Nodes and all inside them, but for functions and what is `closed`."""
    for node in nodes:
        yield node
        if not isinstance(node, (ast.FunctionDef, *closed)):
            yield from _walk(ast.iter_child_nodes(node), closed)
