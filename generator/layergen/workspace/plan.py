"""Outputs, Lock, Disk -> Plan: what a build would do to each file, and why.

layergen overwrites and deletes only what it wrote itself and nobody has changed
since: the lock says what it wrote. A file that already is as it would be written is
taken as its own, which also mends what an interrupted build left.
"""

import difflib
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from layergen.codes import project as codes
from layergen.diagnostics import Code, Diagnostic
from layergen.workspace.disk import Disk, is_text
from layergen.workspace.lock import NOTHING, Entry, Lock


@dataclass(frozen=True)
class Output:
    """A file that should be: its line in the lock, and its bytes.

    Attributes:
        entry: the line of the lock.
        content: None when the file on disk is known to be right.
        marker: a file that only makes its folder a package: a user's own may stand
            in its place.
    """

    entry: Entry
    content: bytes | None = field(default=None, repr=False)
    marker: bool = False


class Action(Enum):
    """What happens to a file."""

    KEEP = auto()
    CREATE = auto()
    UPDATE = auto()
    DELETE = auto()
    FORGET = auto()
    """The lock alone changes: the file is gone, or is the user's own."""
    REFUSE = auto()


@dataclass(frozen=True)
class Step:
    """One file: what happens to it, and what was found.

    `locked` is its line in the lock so far, `disk` the digest of what stands there.
    """

    path: str
    action: Action
    output: Output | None
    locked: Entry | None
    disk: str | None


@dataclass(frozen=True)
class Plan:
    """All steps in order of path, the lock before and after, and what forbids it."""

    steps: tuple[Step, ...]
    before: Lock
    after: tuple[Entry, ...]
    refusals: tuple[Diagnostic, ...] = ()

    def paths(self, *actions: Action) -> tuple[str, ...]:
        """The files that one of these things happens to."""
        return tuple(step.path for step in self.steps if step.action in actions)

    @property
    def lock_changes(self) -> bool:
        """Whether the lock must be written."""
        return sorted(self.before.values()) != sorted(self.after)


def make_plan(
    outputs: Iterable[Output],
    lock: Lock,
    kept: Container[str],
    disk: Disk,
    pending: Mapping[str, Collection[str]],
) -> Plan:
    """Decide on every file. Nothing is written here.

    Args:
        outputs: the files that should be, each path once.
        lock: the lock as it is.
        kept: paths of lines in it that this build must leave alone.
        disk: what stands there.
        pending: digests that interrupted builds were about to write, by path.
    """
    wanted = {output.entry.path: output for output in outputs}
    left_over = {path for path in pending if disk.digest(path) in pending[path]}
    known = lock.keys() | left_over
    paths = sorted(wanted.keys() | {path for path in known if path not in kept})
    steps = []
    refusals = []
    for path in paths:
        if disk.holds(path):
            ours = {*pending.get(path, ()), lock[path].digest if path in lock else ""}
            step = _decide(path, wanted.get(path), lock.get(path), ours, disk)
        else:
            step = Step(path, Action.REFUSE, wanted.get(path), lock.get(path), None)
            message = "a symbolic link here leads outside the project"
            refusals.append(Diagnostic(codes.OUTSIDE, message, path=path))
        steps.append(step)
        if step.action is Action.REFUSE and step.disk is not None:
            refusals.append(_refusal(step))
    after = [lock[path] for path in lock if path in kept]
    after += [s.output.entry for s in steps if s.output and s.action != Action.FORGET]
    return Plan(tuple(steps), lock, tuple(sorted(after)), tuple(refusals))


def _decide(
    path: str,
    output: Output | None,
    locked: Entry | None,
    ours: Container[str],
    disk: Disk,
) -> Step:
    found = disk.digest(path)
    match output:
        case None if found is None:
            action = Action.FORGET
        case None:
            action = Action.DELETE if found in ours else Action.REFUSE
        case _ if found is None:
            action = Action.CREATE
        case _ if found == output.entry.digest:
            action = Action.KEEP
        case _ if found in ours:
            action = Action.UPDATE
        case _:
            action = Action.FORGET if output.marker else Action.REFUSE
    return Step(path, action, output, locked, found)


def _refusal(step: Step) -> Diagnostic:
    if step.locked is None:
        message = "a file that layergen did not write stands where it would write"
        note = "move or delete the file, or give the layer another name or package"
        return Diagnostic(codes.NOT_OURS, message, None, (note,), step.path)
    if step.output is None:
        message = "this file belongs to no spec any more, but was edited by hand"
        note = "move it elsewhere if you need it, or delete it"
        return Diagnostic(codes.EDITED, message, None, (note,), step.path)
    message = "this generated file was edited by hand"
    if step.locked.spec != NOTHING:
        message += f"; it comes from `{step.locked.spec}`"
    return Diagnostic(
        codes.EDITED,
        message,
        None,
        (
            "move the change into the spec, then restore the file with git or delete"
            " it, and build again",
        ),
        step.path,
    )


def find_drift(plan: Plan) -> Iterator[Diagnostic]:
    """One finding for each file that a build would change, with the cause."""
    yield from plan.refusals
    was = {entry.exported for entry in plan.before.values()}
    now = {entry.exported for entry in plan.after}
    packages = {export.package for export in was ^ now if export is not None}
    changed = tuple(f"/{p.replace('.', '/')}/__init__.py" for p in packages)
    for step in plan.steps:
        found = _cause(step, f"/{step.path}".endswith(changed))
        if found is not None:
            code, message = found
            note = "run `layergen build`"
            yield Diagnostic(code, message, None, (note,), step.path)


def _cause(step: Step, exports_changed: bool) -> tuple[Code, str] | None:
    match step.action:
        case Action.CREATE:
            return codes.MISSING, f"missing: {_origin(step)} yields this file"
        case Action.DELETE:
            return codes.ORPHAN, "orphan: no spec yields this file any more"
        case Action.FORGET if step.output is None:
            return codes.ORPHAN, "orphan: the lock names this file, which is gone"
        case Action.UPDATE | Action.KEEP:
            return _change(step, exports_changed)
        case Action.FORGET | Action.REFUSE:
            return None


def _change(step: Step, exports_changed: bool) -> tuple[Code, str] | None:
    assert step.output is not None
    entry, locked = step.output.entry, step.locked
    if entry == locked and step.action is Action.KEEP:
        return None
    if locked is None:
        return codes.NOT_LOCKED, "not in the lock: layergen generates this file"
    if locked.spec != entry.spec:
        return codes.SPEC_CHANGED, f"spec changed: `{entry.spec}` now yields this file"
    if locked.inputs != entry.inputs or exports_changed:
        return codes.SPEC_CHANGED, f"spec changed: {_origin(step)} is not as it was"
    if step.action is Action.KEEP:
        return codes.NOT_LOCKED, "not in the lock: the lock has another digest of it"
    message = "generator changed: layergen now yields another file from the same spec"
    return codes.GENERATOR_CHANGED, message


def _origin(step: Step) -> str:
    assert step.output is not None
    spec = step.output.entry.spec
    return "the package" if spec == NOTHING else f"`{spec}`"


def show_changes(plan: Plan, disk: Disk) -> Iterator[str]:
    """The lines of a unified diff from what stands there to what should."""
    for step in plan.steps:
        if step.action in (Action.KEEP, Action.FORGET):
            continue
        old = (disk.read(step.path) or b"") if step.disk is not None else b""
        new = (step.output.content or b"") if step.output else b""
        if not (is_text(old) and is_text(new)):
            yield f"Binary file {step.path} changes\n"
            continue
        was = f"a/{step.path}" if step.disk is not None else "/dev/null"
        will_be = f"b/{step.path}" if step.output else "/dev/null"
        for line in difflib.unified_diff(_lines(old), _lines(new), was, will_be):
            yield (
                line
                if line.endswith("\n")
                else line + "\n\\ No newline at end of file\n"
            )


def _lines(content: bytes) -> list[str]:
    text = content.decode(errors="replace")
    return text.replace("\r\n", "\n").splitlines(keepends=True)
