"""A generated class, read with `ast`, and what a rule about it is."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

Complaints = Iterator[ast.AST]
"""The places where a rule is broken."""


@dataclass(frozen=True)
class Emitted:
    """A generated module with one layer.

    Attributes:
        module: the module, parsed.
    """

    module: ast.Module

    @cached_property
    def layer(self) -> ast.ClassDef:
        """The class of the layer."""
        (found,) = (n for n in self.module.body if isinstance(n, ast.ClassDef))
        return found

    @cached_property
    def methods(self) -> dict[str, ast.FunctionDef]:
        """Its methods by name."""
        nodes = self.layer.body
        return {n.name: n for n in nodes if isinstance(n, ast.FunctionDef)}

    @cached_property
    def made(self) -> tuple[ast.FunctionDef, ...]:
        """The methods that may set up a layer: `__init__` and `build`."""
        methods = self.methods
        return tuple(methods[m] for m in ("__init__", "build") if m in methods)

    @cached_property
    def called(self) -> tuple[ast.FunctionDef, ...]:
        """All other methods."""
        return tuple(m for m in self.methods.values() if m not in self.made)

    @cached_property
    def attributes(self) -> tuple[tuple[str, ast.expr], ...]:
        """The attributes that `__init__` and `build` set, each with its value."""
        return tuple(
            (target.attr, node.value)
            for method in self.made
            for node in ast.walk(method)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Attribute)
        )

    @cached_property
    def arrays(self) -> frozenset[str]:
        """The attributes that are NumPy arrays from then on."""
        arrays = {name for name, value in self.attributes if _yields_array(value)}
        dropped = {
            name
            for name, value in self.attributes
            if isinstance(value, ast.Constant) and value.value is None
        }
        return frozenset(arrays - dropped)

    def weights(self) -> Iterator[ast.Call]:
        """The calls of `add_weight` in `build`."""
        if build := self.methods.get("build"):
            yield from calls(build, "self.add_weight")


def _yields_array(value: ast.expr) -> bool:
    roots = (n for n in ast.walk(value) if isinstance(n, ast.Call))
    return any(ast.unparse(n.func).startswith("np.") for n in roots)


def calls(node: ast.AST, *beginnings: str) -> Iterator[ast.Call]:
    """The calls below a node of what begins with one of these words."""
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and _name(each).startswith(beginnings):
            yield each


def _name(call: ast.Call) -> str:
    return ast.unparse(call.func)


def keywords(call: ast.Call) -> dict[str | None, ast.expr]:
    """What a call gives by keyword; `None` stands for `**`."""
    return {each.arg: each.value for each in call.keywords}


def reads(node: ast.AST, *names: str) -> Iterator[ast.Attribute]:
    """Where one of these attributes of `self` is read below a node."""
    for each in ast.walk(node):
        match each:
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Load()):
                if name in names:
                    yield each


def assignments(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements below a node that set an attribute."""
    for each in ast.walk(node):
        match each:
            case ast.Assign(targets=targets):
                pass
            case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
                targets = [target]
            case _:
                continue
        if any(isinstance(target, ast.Attribute) for target in targets):
            yield each


@dataclass(frozen=True)
class Rule:
    """What no generated layer may do.

    Attributes:
        check: finds where a layer does it.
        wrong: the methods of a layer that does.
        imports: lines before its class.
    """

    check: Callable[[Emitted], Complaints]
    wrong: str
    imports: str = field(default="import keras")

    @property
    def name(self) -> str:
        """What it is called in the list of pitfalls."""
        return self.check.__name__
