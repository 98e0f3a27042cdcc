"""Parsed statements + the names in scope -> the typed body of a forward pass.

The binder is made in layers: `effects`, `variables`, `branches`, `statements`,
`definitions`, and here what `call` returns.
"""

from layergen.diagnostics import Diagnostics
from layergen.expr import ir
from layergen.expr.definitions import DefinitionBinder
from layergen.expr.parse import Parsed
from layergen.expr.returns import Returned, check_returned, seeming_result
from layergen.expr.scope import Scope


def bind_body(
    parsed: Parsed,
    scope: Scope,
    states: frozenset[str],
    outputs: tuple[Returned, ...],
    found: Diagnostics,
) -> ir.Body:
    """The typed body of `call`; mistakes go to `found`.

    Args:
        parsed: the statements.
        scope: the names of the spec.
        states: names of the weights that `.assign` may change.
        outputs: what it must return.
        found: takes the mistakes.
    """
    mistakes = Diagnostics()
    binder = _BodyBinder(parsed, scope, states, outputs, mistakes)
    body = binder.with_functions(binder.whole("call", seeming_result(parsed)))
    if not mistakes.has_errors:  # else what is not read may be so by mistake
        binder.warn_unused()
    found.extend(mistakes)
    return body


class _BodyBinder(DefinitionBinder):
    def __init__(
        self,
        parsed: Parsed,
        scope: Scope,
        states: frozenset[str],
        outputs: tuple[Returned, ...],
        found: Diagnostics,
    ) -> None:
        super().__init__(parsed, list(parsed.body), scope, states, found)
        self.functions = {}
        self.calls = {}
        self.outputs = outputs

    def returned(self, value: ir.Expr) -> ir.Expr:
        """Compare what is returned with the outputs."""
        check_returned(value, self.outputs, self.found)
        return value
