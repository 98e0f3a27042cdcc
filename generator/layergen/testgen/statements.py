"""Facts and cases -> the assignments at the top of a test file, in black's shape."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields

from layergen.emit.brackets import Filled
from layergen.emit.doc import Doc, call, keyword, list_of
from layergen.emit.layout import lines_of
from layergen.emit.statement import assignment
from layergen.testgen.case import Case, CaseVariant
from layergen.testgen.data import Data, data_doc

_SEQUENCES = ("shapes", "losses", "training_losses", "draws")


def write_statements(
    cases: Sequence[Case], facts: Mapping[str, Data], unused: Collection[str]
) -> str:
    """Assignments to names in capitals: the cases, and facts that are not empty.

    Args:
        cases: the cases.
        facts: what else the tests need, by its name in lower case.
        unused: fields of cases, and of their variants, that no case fills.
    """
    named: dict[str, Doc] = {
        "CASES": list_of([_case_doc(case, unused) for case in cases])
    }
    for name, value in facts.items():
        if value:
            named[name.upper()] = data_doc(value)
    return "\n".join(_statement(name, doc) for name, doc in named.items())


def _statement(name: str, doc: Doc) -> str:
    """An assignment, which black must not touch if it has long rows of numbers.

    Black would put each number of such a row on a line of its own.
    """
    lines = lines_of(assignment(name, doc))
    if any(isinstance(line, Filled) for line in lines):
        lines = ["# fmt: off", *lines, "# fmt: on"]
    return "\n".join(lines)


def _case_doc(case: Case, unused: Collection[str]) -> Doc:
    values: dict[str, Data] = {f.name: getattr(case, f.name) for f in fields(case)}
    for name in _SEQUENCES:
        values[name] = list(getattr(case, name))
    values["variants"] = [_variant_doc(variant, unused) for variant in case.variants]
    kept = [name for name in values if name not in unused]
    items = [keyword(name, data_doc(values[name])) for name in kept]
    return call("SimpleNamespace", items)


def _variant_doc(variant: CaseVariant, unused: Collection[str]) -> Doc:
    names = [f.name for f in fields(variant) if f.name not in unused]
    items = [keyword(name, data_doc(getattr(variant, name))) for name in names]
    return call("SimpleNamespace", items)
