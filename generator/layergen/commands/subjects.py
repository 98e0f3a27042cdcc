"""Two sides and their generated code -> the layers that are tried with real files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from posixpath import normpath

from layergen.commands.diff import compile_specs
from layergen.diagnostics import Diagnostic, SpecError
from layergen.layer import snake_case
from layergen.review.removal import Removal
from layergen.review.report import Version, pair_versions, review_layer
from layergen.source import Source
from layergen.verify.plan import Subject, owned
from layergen.workspace.compiling import compile_one
from layergen.workspace.generated import Generated, code_of_work_tree, read_commit
from layergen.workspace.project import Project
from layergen.workspace.read import Selection
from layergen.workspace.sides import Side, Spec, read_settings


@dataclass(frozen=True, eq=False)
class OldCode:
    """The generated code of the revision; files are added that are not committed."""

    settings: Project
    files: dict[str, bytes]

    @property
    def generated(self) -> Generated:
        """What it says."""
        return Generated(self.settings.target, self.files.get)


def read_old_code(project: Project, commit: str) -> OldCode:
    """The generated code of a commit, where its own settings say that it stands."""
    settings = read_settings(project, commit) or project
    return OldCode(settings, dict(read_commit(project, settings.target, commit)))


def find_subjects(
    before: Side,
    after: Side,
    project: Project,
    old: OldCode,
    selection: Selection,
    diagnostics: list[Diagnostic],
) -> tuple[list[Subject], int]:
    """The layers whose code is not the same in both versions; how many others.

    Old code that is not committed is compiled, and added to `old`. What is wrong with
    specs is added to `diagnostics`.
    """
    new = code_of_work_tree(project)
    specs, specs_after, same = _differing(before, after, old.generated, new, selection)
    versions, wrong = compile_specs(specs, diagnostics)
    versions_after, wrong_after = compile_specs(specs_after, diagnostics)
    broken = wrong | wrong_after
    versions = [v for v in versions if v.path not in broken]
    versions_after = [v for v in versions_after if v.path not in broken]
    known = before.removals or ()
    removals = [each for each in project.review.removals if each not in known]
    subjects = []
    for subject in _subjects(versions, versions_after, old, selection, removals):
        if _is_same(subject, old.generated, new):
            same += 1
        else:
            subjects.append(subject)
    return sorted(subjects, key=lambda each: each.path), same


def _is_same(subject: Subject, old: Generated, new: Generated) -> bool:
    layer = subject.before.layer
    if subject.name != subject.name_after:
        return False
    place = layer.package, layer.module
    return old.code(*place) == new.code(*place)


def _differing(
    before: Side, after: Side, old: Generated, new: Generated, selection: Selection
) -> tuple[list[Spec], list[Spec], int]:
    """The specs of both sides but those whose layers have the same code in both.

    Code that is not committed is that of its spec.
    """
    olds = {_name(spec) or (spec.path, ""): spec for spec in before.specs}
    news = {_name(spec) or (spec.path, ""): spec for spec in after.specs}
    same = set()
    for name, spec in olds.items():
        if name not in news:
            continue
        code = old.code(*name)
        if code is None:
            twin = news[name]
            is_same = twin.digest == spec.digest and not twin.reads_files
        else:
            is_same = code == new.code(*name)
        if is_same:
            same.add(name)
    left = sum(selection.covers(news[name].path) for name in same)
    return (
        [spec for name, spec in olds.items() if name not in same],
        [spec for name, spec in news.items() if name not in same],
        left,
    )


def _name(spec: Spec) -> tuple[str, str] | None:
    """The package and the module of a spec's layer; None if it cannot be read."""
    from layergen.loading.load import load

    try:
        form = load(spec.source).spec
    except SpecError:
        return None
    return form.package, snake_case(form.name)


def _subjects(
    before: Sequence[Version],
    after: Sequence[Version],
    old: OldCode,
    selection: Selection,
    removals: Sequence[Removal],
) -> Iterator[Subject]:
    """The layers of the old version that were asked for, with their old code."""
    for one, other in pair_versions(before, after):
        if one is None or not selection.covers((other or one).path):
            continue
        changes = review_layer(one, other, removals).changes
        yield Subject(one, other, changes, _complete(one, old))


def _complete(version: Version, old: OldCode) -> bool:
    """Compile what is not committed of a layer's code; whether anything was not."""
    target, is_compiled = old.settings.target, False
    for layer in (version.layer, *owned(version.layer)):
        if old.generated.path(layer.package, layer.module) in old.files:
            continue
        is_compiled = True
        given = layer.document.tree.source
        source = Source(version.path, given.text, given.folder)
        for artifact in compile_one(source, target, None).artifacts:
            if not artifact.path.startswith(f"{target.tests}/"):
                old.files.setdefault(normpath(artifact.path), artifact.content)
        package = normpath(f"{target.out}/{layer.package}/__init__.py")
        old.files.setdefault(package, b"")
    return is_compiled
