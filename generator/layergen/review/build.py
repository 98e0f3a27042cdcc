"""The shapes that `build` takes, which a saved model holds for it."""

import ast
from collections.abc import Mapping, Sequence
from textwrap import dedent
from typing import Any

from layergen.codes.review import identity as codes
from layergen.emit.emission import Emission
from layergen.emit.methods import print_methods
from layergen.emit.shapes import shape_names
from layergen.layer import Input, Layer
from layergen.passes.hoist import hoist
from layergen.review.change import Change
from layergen.review.pair import Pair, witness
from layergen.review.row import Changes

_WIDE = 10**6


def find_build(pair: Pair, before: Layer, after: Layer) -> Changes:
    """Instances whose saved shapes `build` does not take any more.

    Where `build` takes one shape, or the class has none of its own, Keras saves one
    without a name; where it takes several, each under the name of its parameter.
    """
    if max(len(before.inputs), len(after.inputs)) < 2:
        return
    inputs = pair.inputs
    if inputs.renamed or inputs.removed or any(not m.optional for m in inputs.added):
        return  # told already
    if pair.is_built_alike and pair.same(before.body, after.body):
        return
    old, new = map(build_parameters, (before, after))
    for sample in pair.samples:
        saved = _saved(before, old, sample.shapes)
        if not _takes(new, saved):
            yield Change(
                codes.BUILD,
                "`build` takes other shapes than saved models hold for it",
                pair.span("inputs"),
                breaks=codes.BUILD.breaks,
                before=_show(old),
                after=_show(new),
                witness=witness(sample),
                name="",
            )
            return


def build_parameters(layer: Layer) -> Mapping[str, bool] | None:
    """The parameters of `build`, and whether each must be given; None without one."""
    text = print_methods(Emission(hoist(layer)), _WIDE)["build"]
    if not text:
        return None
    function = ast.parse(dedent(text)).body[0]
    assert isinstance(function, ast.FunctionDef)
    names = [argument.arg for argument in function.args.args[1:]]
    required = len(names) - len(function.args.defaults)
    return {name: i < required for i, name in enumerate(names)}


def reads_shape(layer: Layer, member: Input) -> bool:
    """Whether loading the layer looks into the shape of an input."""
    methods = print_methods(Emission(hoist(layer)), _WIDE)
    shape = shape_names(layer)[member.name]
    return (
        _reads(methods["build"], shape)
        or _reads(methods["compute_output_shape"], shape)
        or _reads(methods["compute_output_spec"], member.name)
    )


def _reads(text: str, name: str) -> bool:
    """Whether a method uses a parameter for more than `tuple(name)`."""
    nodes = list(ast.walk(ast.parse(dedent(text))))
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    passed = [c.args[0] for c in calls if ast.unparse(c) == f"tuple({name})"]
    uses = [node for node in nodes if isinstance(node, ast.Name) and node.id == name]
    return len(uses) > len(passed)


def _saved(
    layer: Layer, parameters: Mapping[str, bool] | None, shapes: Mapping[str, Any]
) -> Sequence[str]:
    """The names under which shapes are saved; none for one without a name."""
    names = shape_names(layer)
    given = [names[name] for name in shapes if names[name] in (parameters or {})]
    return given if len(given) > 1 else ()


def _takes(parameters: Mapping[str, bool] | None, saved: Sequence[str]) -> bool:
    needed = [name for name, required in (parameters or {}).items() if required]
    if not saved:
        return len(needed) <= 1
    return set(needed) <= set(saved) <= set(parameters or {})


def _show(parameters: Mapping[str, bool] | None) -> str:
    return "no `build`" if parameters is None else f"build({', '.join(parameters)})"
