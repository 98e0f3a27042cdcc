"""`layergen check`, `show`, `explain`, `schema`: looking, without writing."""

import json
import traceback
from collections.abc import Sequence
from difflib import SequenceMatcher, unified_diff
from itertools import takewhile
from typing import TYPE_CHECKING

from layergen import codes as registry
from layergen.codes import project as codes
from layergen.codes.review import ReviewCode, list_breaks
from layergen.commands import console
from layergen.commands.build import STDIN, read_stdin, refuse_mixed_stdin
from layergen.diagnostics import Code, Diagnostic, sort_diagnostics
from layergen.reporters import OutputFormat
from layergen.source import Source
from layergen.workspace.build import has_errors, read_specs
from layergen.workspace.compiling import CompilerFaultError
from layergen.workspace.project import UsageError, current_folder, load_project
from layergen.workspace.read import select_specs

if TYPE_CHECKING:
    from layergen.layer import Layer


def run_check(
    paths: Sequence[str], stdin_filename: str | None, output_format: OutputFormat
) -> int:
    """Validate specs; the exit code."""
    refuse_mixed_stdin(paths, stdin_filename)
    cwd = current_folder()
    project = load_project(cwd)
    diagnostics: list[Diagnostic] = []
    if STDIN in paths:
        files = [read_stdin(project, stdin_filename, cwd)]
    else:
        specs = select_specs(project, paths, cwd).specs
        files, diagnostics = read_specs(project.root, specs)
    total = len(files)
    for done, file in enumerate(files, 1):
        diagnostics += _check_one(file.source)[1]
        console.show_progress(done, total)
    found = sort_diagnostics(diagnostics)
    console.report(found, output_format, asked_for=True)
    if not found:
        console.say(f"checked {total} spec{'' if total == 1 else 's'}: no findings")
    return 1 if has_errors(found) else 0


def _check_one(source: Source) -> "tuple[Layer | None, tuple[Diagnostic, ...]]":
    try:
        from layergen.compiler import check_source

        return check_source(source)
    except Exception as error:
        summary = f"{type(error).__name__}: {error}"
        raise CompilerFaultError(source.path, summary, traceback.format_exc()) from None


def run_show(path: str) -> int:
    """Print a spec as a table; the exit code."""
    cwd = current_folder()
    project = load_project(cwd)
    diagnostics: list[Diagnostic] = []
    if path == STDIN:
        files = [read_stdin(project, None, cwd)]
    else:
        specs = select_specs(project, [path], cwd).specs
        files, diagnostics = read_specs(project.root, specs)
    texts = []
    for file in files:
        layer, found = _check_one(file.source)
        diagnostics += found
        if layer is not None:
            from layergen.show import show_layer

            texts.append(show_layer(layer).rstrip("\n") + "\n")
    console.report(sort_diagnostics(diagnostics), OutputFormat.TEXT)
    console.put("\n".join(texts))
    return 1 if has_errors(diagnostics) else 0


def run_explain(identifier: str | None) -> int:
    """Print what a code means, or all codes; the exit code."""
    if identifier is None:
        console.put("".join(f"{c.id}  {_kind(c):7}  {c.title}\n" for c in registry.ALL))
        return 0
    code = registry.find(identifier.upper())
    if code is None:
        near = max(
            registry.ALL, key=lambda code: _likeness(code.id, identifier.upper())
        )
        note = f"the nearest is `{near.id}`; `layergen explain` lists all"
        message = f"no finding has the code `{identifier}`"
        raise UsageError.of(codes.UNKNOWN_CODE, message, note)
    console.put(_explanation(code))
    return 0


def _kind(code: Code) -> str:
    return "change" if isinstance(code, ReviewCode) else str(code.severity)


def _likeness(known: str, given: str) -> tuple[int, float]:
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(known, given, strict=False))
    prefix = len(list(pairs))
    return prefix, SequenceMatcher(None, known, given).ratio()


def _explanation(code: Code) -> str:
    if isinstance(code, ReviewCode):
        return _explain_change(code)
    parts = [f"{code.id}: {code.title} ({code.severity})", code.means, code.why]
    parts += [f"Wrong:\n\n{_indent(code.wrong)}", f"Right:\n\n{_indent(code.right)}"]
    return "\n\n".join(parts) + "\n"


def _explain_change(code: ReviewCode) -> str:
    """What a change breaks, with an example as a diff of two specs."""
    breaks = list_breaks(code.breaks)
    parts = [f"{code.id}: {code.title} (may break: {breaks})", code.means, code.why]
    before, after = (
        text.splitlines(keepends=True) if text.startswith("layergen:") else [text]
        for text in (code.wrong, code.right)
    )
    example = "".join(list(unified_diff(before, after, n=99))[3:])
    if not (code.wrong + code.right).startswith("layergen:"):
        example = f"{code.wrong}\n{code.right}"
    return "\n\n".join([*parts, f"Such as:\n\n{_indent(example)}"]) + "\n"


def _indent(text: str) -> str:
    lines = text.rstrip("\n").split("\n")
    return "\n".join(f"    {line}".rstrip() for line in lines)


def run_schema() -> int:
    """Print the JSON Schema of specs, for editors; the exit code."""
    from layergen.loading.spec import json_schema

    console.put(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n")
    return 0
