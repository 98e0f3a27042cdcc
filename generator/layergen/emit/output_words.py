"""Outputs of a layer -> the words in which docstrings describe them."""

from collections.abc import Sequence

from layergen.emit.branches import branch_output
from layergen.emit.shapes import describe_shape
from layergen.expr import ir
from layergen.layer import INDEX, Layer, Output


def output_phrase(layer: Layer, output: Output) -> str:
    """The shape of an output, as a noun."""
    arguments = {argument.name for argument in layer.arguments}
    same = next(
        (
            m
            for m in layer.required_inputs
            if [str(s) for s in m.shape] == [str(s) for s in output.shape]
            and arguments.isdisjoint(m.shape)
        ),
        None,
    )
    if output.like is not None or same is not None:
        name = output.like or (same.name if same else "")
        if layer.inputs[0].is_list:
            return "the shape of the first tensor"
        several = len(layer.inputs) > 1
        return f"the shape of `{name}`" if several else "the shape of the input"
    return f"`{describe_shape(output.shape)}`"


def list_names(outputs: Sequence[Output]) -> str:
    """The outputs by name: those that are always there, then the others."""
    required = [f"`{output.name}`" for output in outputs if output.when is None]
    others = [f"`{output.name}`" for output in outputs if output.when is not None]
    text = join_words(required)
    if not others:
        return text
    test = next(output.when for output in outputs if output.when is not None)
    return f"{text} and, if `{test}`, {join_words(others)}"


def join_words(names: Sequence[str]) -> str:
    """Words with commas and an `and` between them."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def describe_output(layer: Layer, output: Output) -> str:
    """An output in a sentence, by its name if there are several."""
    text = f"{_noun(output)} {_shape_phrase(layer, output)}"
    branches = branch_output(output) if layer.is_plain else None
    if branches:
        then = f"{_noun(output)} {_shape_phrase(layer, branches.then)}"
        otherwise = _shape_phrase(layer, branches.otherwise)
        text = f"{then} if `{branches.test}`, else {otherwise}"
    if any(s == INDEX for e in output.expressions for s in ir.symbols(e)):
        text += f", where `{INDEX.name}` counts from 0"
    sentences = [f"{output.name}: {text}" if len(layer.outputs) > 1 else text]
    sentences += [output.doc] if output.doc else []
    sentences += [f"Only if `{output.when}`"] if output.when is not None else []
    return " ".join(s if s.endswith((".", "!", "?")) else f"{s}." for s in sentences)


def _shape_phrase(layer: Layer, output: Output) -> str:
    phrase = output_phrase(layer, output)
    return f"{'of' if phrase.startswith('the') else 'of shape'} {phrase}"


def _noun(output: Output) -> str:
    """A tensor, or a list of so many."""
    kind = {"int32": "integer ", "bool": "boolean "}.get(output.dtype, "")
    if output.count is None:
        return f"A{'n' if kind.startswith('i') else ''} {kind}tensor"
    if isinstance(output.count, ir.Literal):
        one = output.count.value == 1
        number = "one" if one else str(output.count.value)
        return f"A list of {number} {kind}tensor{'' if one else 's'}"
    return f"A list of `{output.count}` {kind}tensors"
