"""An example + what the layer yields for it -> where they differ."""

from collections.abc import Sequence

import numpy as np

from layergen.codes import numbers
from layergen.diagnostics import Diagnostics
from layergen.layer import Array, Example, Layer
from layergen.lower.expected import expected_path
from layergen.oracle.outcome import Outcome
from layergen.oracle.variants import Variant

_TOLERANCE = 1e-5
"""How near, relative to the largest, an example's expected outputs must be."""

Path = tuple[str | int, ...]


def check_outputs(
    layer: Layer, example: Example, outcome: Outcome, found: Diagnostics
) -> None:
    """Record where the outputs are not those that an example expects."""
    for name, expected in example.outputs.items():
        path = expected_path(example.path, name, layer.document)
        actual = outcome.outputs.get(name)
        if actual is None:
            span = layer.document.key_span(*path)
            message = f"`{name}` does not exist in this example"
            output = next(o for o in layer.outputs if o.name == name)
            note = f"it is there only if `{output.when}`"
            found.add(numbers.WRONG_EXAMPLE, message, span, note)
        elif isinstance(actual, tuple) and isinstance(expected, tuple):
            _compare_lists(layer, path, actual, expected, found)
        else:
            _compare(layer, path, np.asarray(actual), np.asarray(expected), found)


def _compare_lists(
    layer: Layer,
    path: Path,
    actual: tuple[Array, ...],
    expected: tuple[Array, ...],
    found: Diagnostics,
) -> None:
    if len(actual) != len(expected):
        message = f"the output has {len(actual)} tensors, this has {len(expected)}"
        found.add(numbers.WRONG_EXAMPLE, message, layer.document.span(*path))
        return
    for i, (one, wanted) in enumerate(zip(actual, expected, strict=True)):
        _compare(layer, (*path, i), one, wanted, found)


def _compare(
    layer: Layer, path: Path, actual: Array, expected: Array, found: Diagnostics
) -> None:
    if actual.shape != expected.shape:
        shapes = f"{list(actual.shape)}, this is {list(expected.shape)}"
        message = f"the output has the shape {shapes}"
        found.add(numbers.WRONG_EXAMPLE, message, layer.document.span(*path))
        return
    scale = float(np.max(np.abs(expected), initial=0.0)) + 1e-30
    near = np.isclose(
        actual, expected, rtol=0.0, atol=_TOLERANCE * scale, equal_nan=True
    )
    if not near.all():
        index = tuple(int(i) for i in np.argwhere(~near)[0])
        shown = np.array2string(actual, precision=6, separator=", ", threshold=50)
        message = f"the forward pass yields {float(actual[index]):.6g} here"
        note = f"in all it yields {' '.join(shown.split())[:200]}" if index else ""
        span = layer.document.span(*path, *index)
        found.add(numbers.WRONG_EXAMPLE, message, span, note)


def check_output_mask(
    layer: Layer, example: Example, variants: Sequence[Variant], found: Diagnostics
) -> None:
    """Record that the mask that goes on is not the one that an example expects."""
    varied = bool(example.flags or example.masks)
    plain = (v for v in variants if varied or not (v.flags or v.masks))
    mask = next((variant.mask for variant in plain), None)
    if mask is None or not np.array_equal(mask, np.asarray(example.output_mask)):
        shown = "none" if mask is None else str(mask.tolist())
        span = layer.document.span(*example.path, "output_mask")
        found.add(numbers.WRONG_EXAMPLE, f"the mask that goes on is {shown}", span)
