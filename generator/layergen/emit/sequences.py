"""Python sequences and parts of tensors -> source, as a `Doc`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from layergen.emit.doc import (
    Doc,
    call,
    comprehension,
    concat,
    keyword,
    list_of,
    parenthesized,
    tuple_of,
)
from layergen.emit.layout import layout
from layergen.emit.stage import Stage
from layergen.expr import ir
from layergen.expr.builtins import BUILTINS, REDUCING
from layergen.expr.promote import element

_WIDE = 10**6

LAZY: Final = frozenset({"enumerate", "range", "reversed", "zip"})
"""Functions of Python whose result is no tuple, and may be read only once."""

_IN_TURN: Final = frozenset({"enumerate", "tuple", "zip"}) | REDUCING
"""Functions of Python that read a sequence once."""


@dataclass(frozen=True)
class SequencePrinter:
    """Prints what makes sequences, and what takes parts of them and of tensors."""

    stage: Stage

    def expr(self, expr: ir.Expr) -> Doc:
        """The source of an expression."""
        raise NotImplementedError

    def _inside(self, expr: ir.Expr, least: int) -> Doc:
        """An operand, in parentheses if it binds less than `least`."""
        doc = self.expr(expr)
        return parenthesized(doc) if ir.binding(expr) < least else doc

    def _display(self, expr: ir.Display) -> Doc:
        tensors = not all(_is_plain_item(item) for item in expr.items)
        form = list_of if expr.is_list and tensors else tuple_of
        return form([self.expr(item) for item in expr.items])

    def _items(self, items: tuple[ir.Expr | ir.Slice | ir.Dots, ...]) -> list[Doc]:
        """The items of an index; `:` has room where black gives it room."""
        docs: dict[ir.Expr, Doc] = {
            part: self.expr(part) for item in items for part in ir.index_parts(item)
        }
        texts = {part: layout(doc, width=_WIDE) for part, doc in docs.items()}
        roomy = any(not _is_plain(text) for text in texts.values())
        return [
            (
                _slice(item, texts, roomy)
                if isinstance(item, ir.Slice)
                else ("..." if isinstance(item, ir.Dots) else docs[item])
            )
            for item in items
        ]

    def _builtin(self, expr: ir.Builtin) -> Doc:
        """A function of Python; what it yields is kept, as it may be read twice."""
        args = expr.args
        if expr.name == "tuple" and _is_tuple(args[0]):
            return self.expr(args[0])
        return (
            call("tuple", [self.iterable(expr)])
            if expr.name in LAZY
            else self.iterable(expr)
        )

    def iterable(self, expr: ir.Expr) -> Doc:
        """A sequence whose elements are taken in turn, once."""
        if not isinstance(expr, ir.Builtin):
            return self.expr(expr)
        spelled = BUILTINS[expr.name].spelled or expr.name
        in_turn = expr.name in _IN_TURN
        if expr.name == "tuple" and _is_tuple(expr.args[0]):
            return self.expr(expr.args[0])
        print_arg = self.iterable if in_turn else self.expr
        if expr.name == "reversed" and _is_range(expr.args[0]):
            print_arg = self.iterable
        if expr.name in REDUCING and isinstance(expr.args[0], ir.Comprehension):
            return concat(spelled, self._generator(expr.args[0]))
        printed = [print_arg(arg) for arg in expr.args]
        if expr.name == "zip":
            printed.append(keyword("strict", "True"))
        return call(spelled, printed)

    def _comprehension(self, expr: ir.Comprehension) -> Doc:
        if isinstance(expr.element.type, ir.ScalarType):  # JAX takes no list of axes
            return concat("tuple", self._generator(expr))
        return comprehension("[", *self._clauses(expr), "]")

    def _generator(self, expr: ir.Comprehension) -> Doc:
        return comprehension("(", *self._clauses(expr), ")")

    def _clauses(self, expr: ir.Comprehension) -> tuple[Doc, list[tuple[str, Doc]]]:
        """The element, and the clauses behind it."""
        names = ", ".join(symbol.name for symbol in expr.targets)
        source = self.iterable(expr.iterable)
        if ir.binding(expr.iterable) < 2:
            source = parenthesized(source)
        clauses = [(f"for {names} in ", source)]
        if expr.test is not None:
            clauses.append(("if ", self._inside(expr.test, 2)))
        return self.expr(expr.element), clauses


def _is_range(expr: ir.Expr) -> bool:
    return isinstance(expr, ir.Builtin) and expr.name == "range"


def _is_tuple(expr: ir.Expr) -> bool:
    """Whether an expression is printed as a tuple anyway."""
    if isinstance(expr, ir.Comprehension):
        return isinstance(expr.element.type, ir.ScalarType)
    return isinstance(expr, ir.Display)


def _is_plain_item(item: ir.Expr) -> bool:
    """Whether what stands in a list is a Python number, or several."""
    of_type = element(item.type) if isinstance(item, ir.Spread) else item.type
    return isinstance(of_type, ir.ScalarType)


def _is_plain(text: str) -> bool:
    """Whether black leaves `:` tight beside an operand: a name or a whole number."""
    return text.removeprefix("-").isidentifier() or text.removeprefix("-").isdigit()


def _slice(item: ir.Slice, texts: Mapping[ir.Expr, str], roomy: bool) -> str:
    start, stop, step = (
        "" if part is None else texts[part]
        for part in (item.start, item.stop, item.step)
    )
    room = " " if roomy else ""
    text = f"{start}{room if start else ''}:{room if stop else ''}{stop}"
    if not step:
        return text
    return f"{text}{room if stop else ''}:{room}{step}"
