"""The example in the docstring of each generated layer works, and says true shapes."""

import importlib
import re
import textwrap

import numpy as np
import pytest

keras = pytest.importorskip("keras")
pytestmark = pytest.mark.keras

LAYERS = [
    getattr(importlib.import_module(f"generated.{package}"), name)
    for package in ("seeds", "zoo")
    for name in importlib.import_module(f"generated.{package}").__all__
]


def shape_of(value):
    if isinstance(value, list | tuple):
        return [shape_of(each) for each in value]
    return tuple(value.shape)


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.__name__)
def test_the_example_of_a_docstring(layer) -> None:
    found = re.search(r"```python\n(.*?)```", layer.__doc__, re.DOTALL)
    text = textwrap.dedent(found[1])
    values = {"keras": keras, "np": np, layer.__name__: layer}
    exec(text, values)
    results = re.search(r"^(.+) = layer\(", text, re.MULTILINE)[1].split(", ")
    said = re.search(r"# shapes? (.+)", text)[1]
    assert said == " and ".join(str(shape_of(values[name])) for name in results)
