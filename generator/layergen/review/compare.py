"""Two Layers -> Changes: every rule, once."""

from layergen.layer import Layer
from layergen.review import (
    arguments,
    bridges,
    build,
    flags,
    forward,
    identity,
    outputs,
    parameters,
    signature,
    sizes,
    sublayers,
    tensors,
)
from layergen.review.change import Change
from layergen.review.pair import Pair
from layergen.review.row import Row

LAYER_ROWS: tuple[Row[Layer], ...] = (
    Row(("name",), identity.find_name),
    Row(("package", "former_packages"), identity.find_package),
    Row(("arguments",), arguments.find_arguments),
    Row(("arguments",), signature.find_order),
    Row(("arguments",), signature.find_saved_arguments),
    Row(("deprecated",), bridges.find_deprecated),
    Row(("deprecated",), bridges.find_returned),
    Row(("arguments",), bridges.find_former_names),
    Row(("flags",), flags.find_flags),
    Row(("inputs",), tensors.find_inputs),
    Row(("inputs",), tensors.find_order),
    Row(("requires",), forward.find_requires),
    Row(("required_dims",), sizes.find_sizes),
    Row(("parameters",), parameters.find_parameters),
    Row(("parameters",), parameters.find_saved_order),
    Row(("sublayers",), sublayers.find_sublayers),
    Row(("masking",), tensors.find_masking),
    Row(("attributes",), identity.find_attributes),
    Row(("outputs",), outputs.find_outputs),
    Row(("body",), forward.find_body),
    Row(("body", "inputs", "parameters"), forward.find_refusal),
    Row(("inputs", "parameters", "body"), build.find_build),
    Row(("examples",), identity.find_examples),
    Row(("summary", "description", "references"), identity.find_docs),
)
"""Every fact of a layer, and the rule on it."""


def compare_layers(before: Layer, after: Layer) -> tuple[Change, ...]:
    """What is not as it was, the worst first."""
    pair = Pair(before, after)
    found = [change for row in LAYER_ROWS for change in row.find(pair, before, after)]
    return tuple(sorted(found, key=_rank))


def _rank(change: Change) -> tuple[bool, int, str, int]:
    """Breaks of checkpoints and configs first, then by code and place."""
    worst = sum(1 << i for i, each in enumerate(_WORST) if each in change.breaks)
    return not change.breaks, -worst, change.code.id, change.span.start


_WORST = ("training", "numeric", "caller", "config", "checkpoint")
