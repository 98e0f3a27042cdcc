"""Stands in for `layergen.compiler`: specs of `key: value` lines, files of a line each.

Keys: name, package, body, array; `data` names a file beside the spec; `bad` and `warn`
name a word of the text to find fault with; `crash` raises.
"""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from layergen.artifact import Artifact, Compilation, Export, Target
from layergen.diagnostics import Code, Diagnostic, Severity
from layergen.source import Source

_TEXTS = {"means": "m", "why": "w", "wrong": "x", "right": "r"}
BAD = Code("LG304", "unknown function", **_TEXTS)
GENERATOR = {"version": ""}
COMPILED: list[str] = []


def _fields(source: Source) -> dict[str, str]:
    pairs = (line.partition(": ") for line in source.text.splitlines())
    return {key: value for key, _, value in pairs}


def _find(source: Source, word: str, code: Code) -> Diagnostic:
    at = source.text.index(word)
    span = source.span(at, at + len(word))
    return Diagnostic(code, f"unknown function `{word}`", span, ("did you mean it?",))


def check_source(source: Source) -> tuple[object, tuple[Diagnostic, ...]]:
    from layergen.codes import find

    fields = _fields(source)
    found = []
    if "bad" in fields:
        found.append(_find(source, fields["bad"], BAD))
    if "warn" in fields:
        warning = next(c for c in _all() if c.severity is Severity.WARNING)
        assert find(warning.id) == warning
        found.append(_find(source, fields["warn"], warning))
    return fields, tuple(found)


def _all() -> tuple[Code, ...]:
    from layergen import codes

    return codes.ALL


def compile_source(
    source: Source, target: Target, formatted: object = None
) -> Compilation:
    fields = _fields(source)
    COMPILED.append(source.path)
    if "crash" in fields:
        raise ZeroDivisionError(fields["crash"])
    _, found = check_source(source)
    if any(d.severity is Severity.ERROR for d in found):
        return Compilation(source.path, diagnostics=found)
    data: tuple[tuple[str, str], ...] = ()
    if "data" in fields:
        content = (Path(source.folder or ".") / fields["data"]).read_bytes()
        data = ((fields["data"], sha256(content).hexdigest()),)
    package, name = fields.get("package", "demo"), fields["name"]
    module = name.lower()
    head = f"# from {source.path}{GENERATOR['version']}\n"
    layer = f"{head}class {name}:\n    body = {fields.get('body', '')!r}, {data}\n"
    test = f"{head}def test_{module}():\n    assert True\n"
    artifacts: tuple[Artifact, ...] = (
        Artifact(f"{target.out}/{package}/{module}.py", layer.encode()),
        Artifact(f"{target.tests}/{package}/test_{module}.py", test.encode()),
    )
    if "array" in fields:
        array = f"\0\r\n{fields['array']}\n".encode()
        artifacts += (Artifact(f"{target.out}/{package}/{module}.npy", array),)
    export = Export(package, module, name)
    return Compilation(source.path, artifacts, export, data, found)


def compile_packages(exports: Iterable[Export], target: Target) -> tuple[Artifact, ...]:
    COMPILED.append("packages")
    exports = list(exports)
    if not exports:
        return ()
    marker = b"# generated\n"
    files = {f"{target.out}/__init__.py": marker, f"{target.tests}/__init__.py": marker}
    for package in sorted({export.package for export in exports}):
        lines = [
            f"from {target.module}.{package}.{e.module} import {e.name} as {e.name}\n"
            for e in exports
            if e.package == package
        ]
        text = "# all of the package\n" + "".join(lines)
        files[f"{target.out}/{package}/__init__.py"] = text.encode()
        files[f"{target.tests}/{package}/__init__.py"] = marker
    return tuple(Artifact(path, content) for path, content in sorted(files.items()))
