"""Typed tree -> what it says, whatever its names: equal for trees that do the same.

Variables are numbered in the order in which they appear, sizes named by where they are
read, arguments of ops by the op's parameters. Places in the text, types and the stage
at which a value is known do not count.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from layergen.expr import ir
from layergen.expr.ops import OPS

Token = Callable[[ir.Symbol], Hashable]
"""What a symbol that is no variable stands for."""

_VARIABLES = (ir.Origin.LOCAL, ir.Origin.FUNCTION)

_PASSED_OVER = frozenset({"span", "type", "known", "doc"})


def canonical(tree: Any, token: Token) -> Hashable:
    """What a tree (or a tuple of trees) says."""
    return _Canon(token).of(tree)


class _Canon:
    def __init__(self, token: Token) -> None:
        self._token = token
        self._numbers: dict[str, int] = {}
        self._count = 0

    def of(self, tree: Any) -> Hashable:
        match tree:
            case ir.Symbol():
                return self._symbol(tree)
            case ir.Comprehension():
                return self._comprehension(tree)
            case ir.Function():
                return self._function(tree)
            case ir.Call():
                return ("Call", tree.op, *(map(self._pair, _bound(tree))))
            case tuple():
                return tuple(map(self.of, tree))
            case np.ndarray():
                return "array", tree.shape, str(tree.dtype), tree.tobytes()
        if is_dataclass(tree):
            inner = (getattr(tree, f.name) for f in _said(type(tree)))
            return (type(tree).__name__, *map(self.of, inner))
        return (type(tree).__name__, repr(tree))

    def _pair(self, pair: tuple[str, ir.Expr]) -> Hashable:
        return pair[0], self.of(pair[1])

    def _symbol(self, symbol: ir.Symbol) -> Hashable:
        if symbol.origin not in _VARIABLES:
            return self._token(symbol)
        if symbol.name not in self._numbers:
            self._bind(symbol.name)
        return "local", self._numbers[symbol.name]

    def _bind(self, name: str) -> None:
        self._numbers[name] = self._count
        self._count += 1

    def _function(self, tree: ir.Function) -> Hashable:
        """Its parameters and variables are its own, as those of a comprehension."""
        outer = (dict(self._numbers), self._count)
        for symbol in (*tree.parameters, *ir.targets(tree.body)):
            self._bind(symbol.name)
        inner = (self.of(tree.parameters), self.of(tree.body))
        self._numbers, self._count = outer
        return "Function", self.of(tree.symbol), *inner

    def _comprehension(self, tree: ir.Comprehension) -> Hashable:
        """Its variables are its own, so that their names may mean others outside."""
        iterable = self.of(tree.iterable)
        outer = (dict(self._numbers), self._count)
        for target in tree.targets:
            self._bind(target.name)
        inner = (self.of(tree.targets), self.of(tree.element), self.of(tree.test))
        self._numbers, self._count = outer
        return "Comprehension", iterable, *inner


def _said(kind: type) -> list[Any]:
    return [f for f in fields(kind) if f.compare and f.name not in _PASSED_OVER]


def _bound(call: ir.Call) -> list[tuple[str, ir.Expr]]:
    """The arguments of a call by name, in the order of their names."""
    names = [f"*{i}" for i in range(len(call.args))]
    parameters = OPS[call.op].parameters if call.op in OPS else ()
    if not any(p.is_variadic for p in parameters):
        names[: len(parameters)] = [p.name for p in parameters[: len(call.args)]]
    return sorted((*zip(names, call.args, strict=True), *call.keywords))


def uses(trees: Any, token: Token) -> Mapping[Hashable, "Counter[str]"]:
    """How each symbol is used: what it is directly inside of, and where in it."""
    found: dict[Hashable, Counter[str]] = {}
    for symbol, place in _places(trees, ""):
        if symbol.origin not in _VARIABLES:
            found.setdefault(token(symbol), Counter())[place] += 1
    return found


def _places(tree: Any, place: str) -> Iterator[tuple[ir.Symbol, str]]:
    match tree:
        case ir.Name(symbol=symbol):
            yield symbol, place
        case ir.Update(target=target, value=value):
            yield target, "Update"
            yield from _places(value, "Update value")
        case ir.Call():
            for name, value in _bound(tree):
                yield from _places(value, f"{tree.op} {name}")
        case tuple():
            for item in tree:
                yield from _places(item, place)
        case _ if is_dataclass(tree) and not isinstance(tree, ir.Symbol):
            what = getattr(tree, "operator", None) or getattr(tree, "name", "")
            for each in _said(type(tree)):
                inner = f"{type(tree).__name__} {what} {each.name}"
                yield from _places(getattr(tree, each.name), inner)
