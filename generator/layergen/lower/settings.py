"""Initializers, regularizers and constraints of weights, and whose choice they are."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from layergen.codes import language
from layergen.codes import roles as codes
from layergen.diagnostics import Diagnostics
from layergen.layer import Argument, KerasObject, Parameter, Weight
from layergen.loading import spec as forms
from layergen.loading.load import Document
from layergen.lower.objects import lower_object

KINDS = ("initializer", "regularizer", "constraint")


def added_names(document: Document) -> Mapping[str, str]:
    """The constructor arguments that weights add, and the weight that adds each."""
    weights = {
        name: form
        for name, form in document.spec.parameters.items()
        if isinstance(form, forms.Weight)
    }
    return {
        f"{name}_{kind}": name
        for name, form in weights.items()
        for kind in _configurable(form, document)
    }


def added_arguments(
    parameters: Iterable[Parameter], arguments: Iterable[Argument]
) -> tuple[Argument, ...]:
    """The constructor arguments that weights add to those of the spec."""
    declared = {argument.name for argument in arguments}
    return tuple(
        Argument(
            name,
            kind,
            required=False,
            default=getattr(parameter, kind),
            renamed_from=tuple(f"{old}_{kind}" for old in parameter.renamed_from),
        )
        for parameter in parameters
        if isinstance(parameter, Weight)
        for kind, name in parameter.settings
        if name not in declared
    )


def _configurable(form: forms.Weight, document: Document) -> Iterator[str]:
    """Which of the three become arguments of the weight's own."""
    chosen = form.configurable
    for kind in KINDS if form.trainable else KINDS[:1]:
        is_chosen = chosen if isinstance(chosen, bool) else kind in chosen
        given = getattr(form, kind)
        named = isinstance(given, str) and given in document.spec.arguments
        if is_chosen and not named:
            yield kind


def lower_settings(
    name: str,
    form: forms.Weight,
    document: Document,
    arguments: Mapping[str, Argument],
    found: Diagnostics,
) -> tuple[dict[str, KerasObject | None], tuple[tuple[str, str], ...]]:
    """A weight's three objects, and pairs of those that an argument sets, with it.

    Mistakes go to `found`.
    """
    objects: dict[str, KerasObject | None] = {}
    settings: dict[str, str] = {k: f"{name}_{k}" for k in _configurable(form, document)}
    for kind in KINDS:
        given, path = getattr(form, kind), ("parameters", name, kind)
        if given is not None and kind != "initializer" and not form.trainable:
            message = f"a {kind} has no effect on a weight that is not trained"
            span = document.span(*path)
            found.add(codes.UNUSED_REGULARIZER, message, span, "remove it")
        if isinstance(given, str) and given in arguments:
            settings[kind] = given
            objects[kind] = _chosen(kind, arguments[given], document, path, found)
        else:
            objects[kind] = lower_object(kind, given, document, path, found)
    pairs = [(kind, settings[kind]) for kind in KINDS if kind in settings]
    return objects, tuple(pairs)


def _chosen(
    kind: str,
    argument: Argument,
    document: Document,
    path: tuple[str, ...],
    found: Diagnostics,
) -> KerasObject | None:
    """The default of the argument that a weight names."""
    if argument.type != kind:
        message = f"`{argument.name}` is no {kind}: its type is `{argument.type}`"
        found.add(language.WRONG_TYPE, message, document.span(*path))
        return None
    default: Any = argument.default
    assert default is None or isinstance(default, KerasObject)
    return default
