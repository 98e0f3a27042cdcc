"""Checks the names that arguments and parameters had: each is gone, and had by one."""

from collections.abc import Iterator

from layergen.codes import roles as codes
from layergen.diagnostics import Diagnostics
from layergen.keras_tables.names import CONSTRUCTOR_NAMES
from layergen.layer import Argument, Parameter
from layergen.loading.load import Document
from layergen.source import Span


def check_former_names(
    document: Document,
    arguments: tuple[Argument, ...],
    parameters: tuple[Parameter, ...],
    found: Diagnostics,
) -> None:
    """Record former names that something still has, or two things had.

    Args:
        document: the spec.
        arguments: the constructor's, with those that weights add.
        parameters: weights and constants.
        found: takes the mistakes.
    """
    taken = dict.fromkeys(document.spec.arguments, "an argument")
    taken |= {argument.name: "an argument" for argument in arguments}
    taken |= dict.fromkeys(CONSTRUCTOR_NAMES, "an argument of every layer")
    _check("arguments", _of_arguments(arguments), document, taken, found)
    taken = {parameter.name: "a parameter" for parameter in parameters}
    pairs = ((p.name, old) for p in parameters for old in p.renamed_from)
    _check("parameters", pairs, document, taken, found)


def former_packages(document: Document, found: Diagnostics) -> tuple[str, ...]:
    """The packages that the class was registered in; mistakes go to `found`.

    Its name must have been the same: by it Keras finds the weights in a file.
    """
    spec = document.spec
    packages: list[str] = []
    for i, former in enumerate(spec.renamed_from):
        package, _, name = former.rpartition(">")
        path = ("renamed_from", i)
        span = document.span(*path if document.has(*path) else path[:1])
        note = f"such as `old_package>{spec.name}`"
        if not package:
            message = f"`{former}` is no name under which Keras finds a class"
            found.add(codes.FORMER_NAME, message, span, note)
        elif name != spec.name:
            message = f"`{former}` is another class: Keras would not find its weights"
            found.add(codes.FORMER_NAME, message, span, note)
        elif package in (spec.package, *packages):
            message = f"`{former}` is no former name: it stands here already"
            found.add(codes.FORMER_NAME, message, span)
        packages.append(package)
    return tuple(packages)


def _of_arguments(arguments: tuple[Argument, ...]) -> Iterator[tuple[str, str]]:
    for argument in arguments:
        for old in argument.renamed_from:
            yield argument.name, old


def _check(
    group: str,
    pairs: Iterator[tuple[str, str]],
    document: Document,
    taken: dict[str, str],
    found: Diagnostics,
) -> None:
    for name, old in pairs:
        if old in taken:
            what = "its name now" if old == name else taken[old]
            message = f"`{old}` is no former name of `{name}`: it is {what}"
            span = _span(group, name, old, document)
            note = "a former name is one that nothing has now"
            found.add(codes.FORMER_NAME, message, span, note)
        elif not old.isidentifier():
            message = f"`{old}` is no name that an argument can have had"
            span = _span(group, name, old, document)
            found.add(codes.FORMER_NAME, message, span)
        taken.setdefault(old, f"a former name of `{name}`")


def _span(group: str, name: str, old: str, document: Document) -> Span:
    """Where a former name stands: in the weight, for an argument that it adds."""
    path: tuple[str | int, ...] = (group, name, "renamed_from")
    if not document.has(*path):
        weights = document.spec.parameters
        owner = next(w for w in weights if name.startswith(f"{w}_"))
        return document.span("parameters", owner, "renamed_from")
    names = document.spec.model_dump()[group][name]["renamed_from"]
    entry = (*path, names.index(old))
    return document.span(*entry) if document.has(*entry) else document.span(*path)
