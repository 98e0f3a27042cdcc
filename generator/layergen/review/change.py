"""What a review finds: a `Change` has a code, whom it breaks, a place, two facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from layergen.codes.review import Breaks, ReviewCode
from layergen.diagnostics import Diagnostic, Severity
from layergen.source import Span

MOST_SHOWN = 200
"""Characters of a value that are shown."""


class Side(StrEnum):
    """Which of the two versions."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True)
class Witness:
    """Something that worked and that the change breaks.

    Attributes:
        arguments: constructor arguments of the layer before; others at their defaults.
        shapes: shapes of its inputs by name, of a list a list; None is an unknown size.
        by_keyword: whether the inputs must be given by name.
        flags: flags that the call must give.
        former: names under which an older version saved arguments, by those before.
        gone: arguments that an older version saved, and that have no effect.
        package: that in which an older version was registered, if another.
    """

    arguments: Mapping[str, Any]
    shapes: Mapping[str, Sequence[Any]]
    by_keyword: bool = False
    flags: Mapping[str, Any] = field(default_factory=dict)
    former: Mapping[str, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    package: str = ""


@dataclass(frozen=True)
class Change:
    """One change of a layer.

    Attributes:
        code: its kind.
        message: one short sentence, as in a diagnostic.
        name: the member of the layer that has changed, as it is called now, or was if
            it is gone; empty for the layer as a whole.
        span: where it is written: in the spec after the change if it can be seen there,
            else in the spec before.
        side: in which of the two specs.
        breaks: whom it breaks; some of those that the code names.
        before, after: the fact in both versions; empty if there is none.
        notes: help, a sentence each.
        witness: an instance that shows a break of checkpoint or config.
        approved: the reason why it may break what it breaks; None if it may not.
    """

    code: ReviewCode
    message: str
    span: Span
    side: Side = Side.AFTER
    breaks: frozenset[Breaks] = frozenset()
    before: str = ""
    after: str = ""
    notes: tuple[str, ...] = ()
    witness: Witness | None = field(default=None, compare=False, repr=False)
    approved: str | None = None
    name: str = field(kw_only=True)

    def __post_init__(self) -> None:
        assert bool(self.name) is (self.code.about is not None), self.code.id
        assert self.breaks <= self.code.breaks, (self.code.id, self.breaks)
        for name in ("before", "after"):
            text = " ".join(getattr(self, name).split())
            cut = text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}..."
            object.__setattr__(self, name, cut)

    def fails(self, failing: frozenset[Breaks]) -> bool:
        """Whether it breaks one of `failing`, and nobody has approved it."""
        return bool(self.breaks & failing) and self.approved is None

    def severity(self, failing: frozenset[Breaks]) -> Severity:
        """How bad it is where breaks of `failing` are errors."""
        if not self.breaks or self.approved is not None:
            return Severity.NOTE
        return Severity.ERROR if self.fails(failing) else Severity.WARNING

    def diagnostic(self, failing: frozenset[Breaks]) -> Diagnostic:
        """The change as a finding, without before and after."""
        code = replace(self.code, severity=self.severity(failing))
        return Diagnostic(code, self.message, self.span, self.notes)
