"""No generated layer does what is known to go wrong; a layer that does is found.

The layers are those of `generated/` and of the specs in the reference, which has every
form that a spec may take. Nothing is imported: their text is read.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from tests.pitfalls import rules_of_layers
from tests.pitfalls.rule import Emitted, Rule
from tests.pitfalls.rules import RULES

from layergen.artifact import Target
from layergen.compiler import compile_source
from layergen.source import Source

ROOT = Path(__file__).parents[2]
NAMES = sorted({rule.name for rule in RULES})
_SPEC = re.compile(r"^```yaml\n(layergen: 1\n.*?)^```$", re.M | re.S)

assert rules_of_layers  # its import adds rules


@cache
def layers() -> dict[str, Emitted]:
    """The text of every layer by where it is from."""
    return {place: Emitted(ast.parse(text)) for place, text in _texts()}


def _texts() -> Iterator[tuple[str, str]]:
    for folder in ("seeds", "zoo"):
        for path in sorted((ROOT / "generated" / folder).glob("[a-z]*.py")):
            yield path.name, path.read_text("utf-8")
    specs = (ROOT / "docs/spec.md").read_text("utf-8")
    for text in _SPEC.findall(specs):
        source = Source("reference.yaml", text, str(ROOT / "specs/zoo"))
        for artifact in compile_source(source, Target()).artifacts:
            name = Path(artifact.path).name
            if name.endswith(".py") and not name.startswith("test_"):
                yield f"{name} of the reference", artifact.content.decode()


def test_layers_are_found() -> None:
    assert len(layers()) > 70
    assert all("call" in layer.methods for layer in layers().values())


@pytest.mark.parametrize("name", NAMES)
def test_rule_holds(name: str) -> None:
    check = next(rule.check for rule in RULES if rule.name == name)
    for place, layer in layers().items():
        found = [ast.unparse(node) for node in check(layer)]
        assert not found, f"{place}: {found}"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_wrong_layer_is_found(rule: Rule) -> None:
    methods = re.sub("^", "  ", rule.wrong, flags=re.M)
    text = f"{rule.imports}\nclass Wrong(keras.layers.Layer):\n{methods}\n"
    assert list(rule.check(Emitted(ast.parse(text))))
