"""Forward pass -> which tensors carry a mask unseen, and where that goes wrong.

Keras keeps masks on tensors. An input brings its own; the functions of the language
drop it; a sublayer may put that of its first tensor on what it returns. Two things
follow, in a layer that says what becomes of masks. A sublayer that takes a mask gets
the one that its tensor carries, whether the spec shows it or not: so it must show it.
What is returned with a mask on it keeps that one: Keras does not ask the layer then.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from layergen.codes import language, roles
from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.layer import Input, Masking, name_masks

Carried = frozenset[str]
"""The inputs whose masks a tensor may carry."""

_NONE: Carried = frozenset()
_MADE = "another mask"
"""Stands for the mask that a sublayer produces."""


@dataclass(frozen=True)
class _State:
    """What is known at a place.

    Attributes:
        carried: the inputs whose masks each variable may carry.
        bare: the inputs that have no mask here, as in the branch of `mask is None`.
    """

    carried: Mapping[str, Carried]
    bare: Carried = _NONE


def check_carried(
    body: ir.Body, inputs: tuple[Input, ...], masking: Masking, found: Diagnostics
) -> None:
    """Record masks that a sublayer gets unseen, or that what is returned keeps."""
    if masking.kind == "none" or inputs[0].is_list:
        return
    kept = {inputs[0].name} if masking.kind == "passes" else set()
    owners = {mask: name for name, mask in name_masks(inputs).items()}
    _Checking(owners, kept, found).run(body, _State({}))


class _Checking:
    """What the statements of one forward pass share."""

    def __init__(
        self, owners: Mapping[str, str], kept: set[str], found: Diagnostics
    ) -> None:
        self.owners, self.kept, self.found = owners, kept, found

    def run(self, body: ir.Body, state: _State) -> _State:
        """What is known after the statements."""
        for statement in body:
            if isinstance(statement, ir.Function):
                continue  # no sublayer is called in it
            value = ir.expression(statement)
            self._check_calls(value, state)
            match statement:
                case ir.Assign(targets=targets):
                    first, *others = (target.name for target in targets)
                    known = {**state.carried, **dict.fromkeys(others, _NONE)}
                    known[first] = self._carried(value, state)
                    state = replace(state, carried=known)
                case ir.Return():
                    self._check_returned(value, state)
                case ir.If(test=test, then=then, otherwise=otherwise):
                    holds, fails = self._branches(test, state)
                    ends = self.run(then, holds), self.run(otherwise, fails)
                    state = replace(_join(*ends), bare=state.bare)
                case ir.For(body=inner):
                    state = _join(state, self.run(inner, state))
                    state = _join(state, self.run(inner, state))
        return state

    def _carried(self, expr: ir.Expr, state: _State) -> Carried:
        """The inputs whose masks a value may carry."""
        match expr:
            case ir.Name(symbol=symbol) if symbol.origin is ir.Origin.INPUT:
                return frozenset({symbol.name}) - state.bare
            case ir.Name(symbol=symbol):
                return state.carried.get(symbol.name, _NONE) - state.bare
            case ir.Conditional(test=test, then=then, otherwise=otherwise):
                holds, fails = self._branches(test, state)
                return self._carried(then, holds) | self._carried(otherwise, fails)
            case ir.Apply(callee=callee) if isinstance(callee.type, ir.CallableType):
                of_type = callee.type
                if of_type.masking == "produces":
                    return frozenset({_MADE})
                first = next((value for _, value in _given(expr)), None)
                if of_type.masking == "passes" and first is not None:
                    return self._carried(first, state)
        return _NONE

    def _branches(self, test: ir.Expr, state: _State) -> tuple[_State, _State]:
        """What is known where a test holds, and where it does not."""
        match test:
            case ir.Compare(
                operator="is" | "is not" as sign, left=ir.Name(symbol=symbol)
            ) if (symbol.name in self.owners):
                name = self.owners[symbol.name]
                without = replace(state, bare=state.bare | {name})
                return (without, state) if sign == "is" else (state, without)
        return state, state

    def _check_calls(self, expr: ir.Expr, state: _State) -> None:
        """Record the calls of sublayers within an expression that get masks unseen."""
        match expr:
            case ir.Conditional(test=test, then=then, otherwise=otherwise):
                holds, fails = self._branches(test, state)
                self._check_calls(test, state)
                self._check_calls(then, holds)
                self._check_calls(otherwise, fails)
                return
            case ir.Apply(callee=callee) if isinstance(callee.type, ir.CallableType):
                self._check_call(expr, state)
        for child in ir.children(expr):
            self._check_calls(child, state)

    def _check_call(self, call: ir.Apply, state: _State) -> None:
        of_type, given = _type_of(call), {name for name, _ in call.keywords}
        for name, value in _given(call):
            mask = of_type.mask_of(name)
            if mask is None or mask in given or not self._carried(value, state):
                continue
            message = f"Keras gives `{call.callee}` the mask that `{value}` carries"
            note = f"pass it on by name: `{call.callee}({value}, {mask}=...)`"
            self.found.add(language.BAD_CALL, message, call.span, note)

    def _check_returned(self, value: ir.Expr, state: _State) -> None:
        first = _first(value)
        if self._carried(first, state) - self.kept:
            message = f"`{first}` is returned with a mask on it, and keeps that"
            note = "`masking: passes` is for the mask of the first input"
            self.found.add(roles.BAD_MASKING, message, first.span, note)


def _first(value: ir.Expr) -> ir.Expr:
    """The first of several outputs: it has the mask."""
    return value.items[0] if isinstance(value, ir.Display) and value.items else value


def _type_of(call: ir.Apply) -> ir.CallableType:
    assert isinstance(call.callee.type, ir.CallableType)
    return call.callee.type


def _given(call: ir.Apply) -> Iterator[tuple[str, ir.Expr]]:
    """The tensors that a call gives, by the names of the parameters, in their order."""
    names = _type_of(call).parameters
    given = {**dict(zip(names, call.args, strict=False)), **dict(call.keywords)}
    yield from ((name, given[name]) for name in names if name in given)


def _join(one: _State, other: _State) -> _State:
    """What is known after one of two ways."""
    names = {*one.carried, *other.carried}
    either = {n: one.carried.get(n, _NONE) | other.carried.get(n, _NONE) for n in names}
    return _State(either, one.bare & other.bare)
