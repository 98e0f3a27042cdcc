"""Forward pass -> which tensors carry a mask unseen, and where that goes wrong.

Keras keeps masks on tensors. An input brings its own; the functions of the language
drop it; a sublayer may put that of its first tensor on what it returns. Two things
follow, in a layer that says what becomes of masks. A sublayer that takes a mask gets
the one that its tensor carries, whether the spec shows it or not: so it must show it.
What is returned with a mask on it keeps that one: Keras does not ask the layer then.
"""

from collections.abc import Iterator, Mapping

from layergen.codes import language, roles
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.layer import Input, Masking

Carried = frozenset[str]
"""The inputs whose masks a tensor may carry."""

_NONE: Carried = frozenset()
_MADE = "another mask"
"""Stands for the mask that a sublayer produces."""


def check_carried(
    body: ir.Body, inputs: tuple[Input, ...], masking: Masking, found: Diagnostics
) -> None:
    """Record masks that a sublayer gets unseen, or that what is returned keeps."""
    if masking.kind == "none" or inputs[0].is_list:
        return
    kept = {inputs[0].name} if masking.kind == "passes" else set()
    checking = _Checking({member.name for member in inputs}, kept, found)
    checking.run(body, {})


class _Checking:
    """What the statements of one forward pass share."""

    def __init__(self, inputs: set[str], kept: set[str], found: Diagnostics) -> None:
        self.inputs, self.kept, self.found = inputs, kept, found

    def run(self, body: ir.Body, before: Mapping[str, Carried]) -> dict[str, Carried]:
        """What the variables carry after the statements."""
        known = dict(before)
        for statement in body:
            value = ir.expression(statement)
            for node in ir.walk(value):
                if isinstance(node, ir.Apply):
                    self._check_masks(node, known)
            match statement:
                case ir.Assign(targets=targets):
                    first, *others = targets
                    known[first.name] = self.carried(value, known)
                    known |= {other.name: _NONE for other in others}
                case ir.Return():
                    self._check_returned(value, known)
                case ir.If(then=then, otherwise=otherwise):
                    known = _join(self.run(then, known), self.run(otherwise, known))
                case ir.For(body=inner):
                    once = _join(known, self.run(inner, known))
                    known = _join(once, self.run(inner, once))
        return known

    def carried(self, expr: ir.Expr, known: Mapping[str, Carried]) -> Carried:
        """The inputs whose masks a value may carry."""
        match expr:
            case ir.Name(symbol=symbol) if symbol.origin is ir.Origin.INPUT:
                return frozenset({symbol.name}) & self.inputs
            case ir.Name(symbol=symbol):
                return known.get(symbol.name, _NONE)
            case ir.Conditional(then=then, otherwise=otherwise):
                return self.carried(then, known) | self.carried(otherwise, known)
            case ir.Apply(callee=callee):
                first = next((value for _, value in _given(expr)), None)
                of_type = callee.type
                assert isinstance(of_type, ir.CallableType)
                if of_type.masking == "produces":
                    return frozenset({_MADE})
                if of_type.masking == "passes" and first is not None:
                    return self.carried(first, known)
        return _NONE

    def _check_masks(self, call: ir.Apply, known: Mapping[str, Carried]) -> None:
        of_type = call.callee.type
        assert isinstance(of_type, ir.CallableType)
        given = {name for name, _ in call.keywords}
        for name, value in _given(call):
            mask = of_type.mask_of(name)
            if mask is None or mask in given or not self.carried(value, known):
                continue
            message = f"Keras gives `{call.callee}` the mask that `{value}` carries"
            note = f"pass it on by name: `{call.callee}({value}, {mask}=...)`"
            self.found.add(language.BAD_CALL, message, call.span, note)

    def _check_returned(self, value: ir.Expr, known: Mapping[str, Carried]) -> None:
        first = value.items[0] if isinstance(value, ir.Display) else value
        others = self.carried(first, known) - self.kept
        if others:
            message = f"`{first}` is returned with a mask on it, and keeps that"
            note = "`masking: passes` is for the mask of the first input"
            self.found.add(roles.BAD_MASKING, message, value.span, note)


def _given(call: ir.Apply) -> Iterator[tuple[str, ir.Expr]]:
    """The tensors that a call gives, by the names of the parameters, in their order."""
    of_type = call.callee.type
    assert isinstance(of_type, ir.CallableType)
    named = {**dict(zip(of_type.parameters, call.args, strict=False))}
    named |= dict(call.keywords)
    yield from ((n, named[n]) for n in of_type.parameters if n in named)


def _join(
    one: Mapping[str, Carried], other: Mapping[str, Carried]
) -> dict[str, Carried]:
    names = {**one, **other}
    return {name: one.get(name, _NONE) | other.get(name, _NONE) for name in names}
