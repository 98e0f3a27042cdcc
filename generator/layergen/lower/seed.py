"""The argument that seeds what is drawn, once or at every call."""

import ast
from dataclasses import replace

from layergen.codes import roles as codes
from layergen.diagnostics import Diagnostics, SpecError
from layergen.expr.parse import parse_body
from layergen.layer import Argument, Constant, Drawn, Parameter
from layergen.loading.load import Document

SEED = "seed"
"""Name of the argument that is added when something is drawn and no seed is there."""

GENERATOR = "seed_generator"
"""The attribute that a layer draws with."""

_GROUPS = ("arguments", "inputs", "parameters", "attributes")

_DRAWN_ONCE = "Seed of what is drawn once; drawn itself if it is not given."
_DRAWN_ANEW = "Seed of the random numbers; if `None`, every layer draws others."
_DRAWN_BOTH = "Seed of all that is drawn; drawn itself if it is not given."


def add_seed(
    document: Document,
    arguments: tuple[Argument, ...],
    parameters: tuple[Parameter, ...],
    found: Diagnostics,
) -> tuple[Argument, ...]:
    """The arguments, with one for the seed if something is drawn and none is there.

    A seed that draws no constant may stay None: nothing of what it draws is kept.
    """
    once = any(
        isinstance(p, Constant) and isinstance(p.source, Drawn) and p.source.seed
        for p in parameters
    )
    anew = _draws(document)
    if not any(a.type == "seed" for a in arguments) and (once or anew):
        _refuse_taken(SEED, "the argument that seeds what is drawn", document, found)
        doc = _DRAWN_BOTH if once and anew else _DRAWN_ONCE if once else _DRAWN_ANEW
        arguments += (Argument(SEED, "seed", required=False, doc=doc),)
    if not anew:
        return arguments
    _refuse_taken(GENERATOR, "what the layer draws with", document, found)
    return tuple(
        replace(a, stays_none=not once) if a.type == "seed" else a for a in arguments
    )


def _draws(document: Document) -> bool:
    """Whether the forward pass calls a function that draws, or tries to."""
    try:
        parsed = parse_body(document.scalar("call"))
    except SpecError:
        return False  # told where the forward pass is read
    nodes = (node for statement in parsed.body for node in ast.walk(statement))
    return any(
        isinstance(n, ast.Attribute)
        and isinstance(n.value, ast.Name)
        and n.value.id == "random"
        for n in nodes
    )


def _refuse_taken(name: str, what: str, document: Document, found: Diagnostics) -> None:
    """Record that a name of the spec is one that the compiler adds."""
    for group in _GROUPS:
        if name in getattr(document.spec, group):
            message = f"`{name}` is {what}"
            span = document.key_span(group, name)
            note = "choose another name"
            if (group, name) == ("arguments", SEED):
                note = "write `type: seed`, or choose another name"
            found.add(codes.NAME_TAKEN, message, span, note)
