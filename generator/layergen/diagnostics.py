"""What is told to a user: a `Diagnostic` has a code, one sentence, a place and help.

A stage collects every diagnostic that it can find in a `Diagnostics`, and raises
once, at its end. An exception of any other kind means a fault of layergen's own.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from layergen.source import Span


class Severity(StrEnum):
    """How bad a finding is. Errors stop the build, warnings and notes do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Code:
    """One kind of finding, as `layergen explain` tells it.

    Attributes:
        id: stable identifier, such as `LG301`; never used again for something else.
        title: a few words, in lower case.
        severity: what a finding of this kind does to the build.
        means: what is wrong, in one or two sentences.
        why: why it matters.
        wrong: a complete spec (YAML) that yields this code, or a command line or
            setting for a code that no spec can yield; tests run the specs.
        right: the same, mended.
    """

    id: str
    title: str
    severity: Severity = field(default=Severity.ERROR, kw_only=True)
    means: str = field(kw_only=True)
    why: str = field(kw_only=True)
    wrong: str = field(kw_only=True)
    right: str = field(kw_only=True)


@dataclass(frozen=True)
class Diagnostic:
    """One finding.

    Attributes:
        code: its kind.
        message: one short sentence in lower case, without a full stop; names in
            backticks.
        span: the narrowest piece of text to blame; None when no text is to blame.
        notes: help, a sentence each: what would be right.
        path: the file to blame when there is no span (drift, settings).
    """

    code: Code
    message: str
    span: Span | None = None
    notes: tuple[str, ...] = ()
    path: str | None = None

    def __post_init__(self) -> None:
        # A message may quote the spec, which may hold anything.
        object.__setattr__(self, "message", _one_line(self.message))
        object.__setattr__(self, "notes", tuple(_one_line(n) for n in self.notes))

    @property
    def severity(self) -> Severity:
        """The severity of the diagnostic's code."""
        return self.code.severity

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Order of report: by file, then place, then code."""
        if self.span is None:
            return (self.path or "", -1, -1, self.code.id, self.message)
        where = self.span.source.path
        return (where, self.span.start, self.span.end, self.code.id, self.message)


_LONGEST = 300
"""Characters of a message that are kept."""


def _one_line(text: str) -> str:
    text = " ".join(text[: 2 * _LONGEST].split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


class SpecError(Exception):
    """A user's mistakes, all that a stage found. Carries at least one error."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = sort_diagnostics(diagnostics)
        super().__init__("; ".join(d.message for d in self.diagnostics))


_MOST = 200
"""Findings after which a stage ends, if there is an error among them."""


class Diagnostics:
    """The findings of one compilation, in the making."""

    def __init__(self) -> None:
        self._found: list[Diagnostic] = []

    def add(self, code: Code, message: str, span: Span | None, *notes: str) -> None:
        """Record a finding; notes that are empty are left out.

        Raises:
            SpecError: too much is wrong for the rest to be worth telling.
        """
        kept = tuple(note for note in notes if note)
        self._found.append(Diagnostic(code, message, span, kept))
        if len(self._found) % _MOST == 0:
            self.raise_if_errors()

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Record findings made elsewhere."""
        self._found.extend(diagnostics)

    @property
    def has_errors(self) -> bool:
        """Whether an error, and not only warnings, was recorded."""
        return any(d.severity is Severity.ERROR for d in self._found)

    def raise_if_errors(self) -> None:
        """End a stage.

        Raises:
            SpecError: with everything recorded so far, if any of it is an error.
        """
        if self.has_errors:
            raise SpecError(self._found)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(sort_diagnostics(self._found))


def sort_diagnostics(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Findings in order of place, each once."""
    return tuple(sorted(set(diagnostics), key=lambda d: d.sort_key))
