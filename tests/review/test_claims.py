"""What the review says of random changes, held against what Keras does.

Specs of this repository are changed at random, as data. A model of the layer before is
saved, with values by which every variable can be told from every other; the layer
after loads it. At the levels `checkpoint` and `config` the review must say exactly
what happens; at the others it must say no less. `pytest --claims 2000` tries more.
"""

import json
import random
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.documents import shown_specs
from tests.keras.kinds import SPECS

from layergen.codes.review import Breaks
from layergen.codes.review.identity import DOCS_CHANGED
from layergen.compiler import check_source
from layergen.layer import Layer
from layergen.loading.compose import read_tree
from layergen.review.approvals import approve
from layergen.review.change import Change, Witness
from layergen.review.compare import compare_layers
from layergen.source import Source
from layergen.verify.instances import planned_witnesses

pytest.importorskip("keras")
import world
from drawn import draw_instances
from mutant import InapplicableError, Mutant
from mutate import MUTATIONS, mutate, name_of
from mutate_sublayers import VARIANTS
from test_found import CASES, compiled

pytestmark = pytest.mark.keras

ROOT = Path(__file__).parents[2]
HEAD = "layergen: 1\nname: {name}\npackage: kinds\nsummary: Shows a kind.\n"
IN_CI = 120
A_BATCH = 20
MOST_INSTANCES = 12
DRAWN = 3
"""Instances that are drawn at random."""
CHANGED_BACK = 0.3
"""How often what was made comes before what it was made of."""
NO_CHANGES = {
    "mutate.body_local",
    "mutate.size_renamed",
    "mutate_rework.expressions_spelled",
    "mutate_rework.keys_reordered",
    "changed back",
}
OWNED = (
    "gated_linear_unit.yaml",
    "multi_head_attention.yaml",
    "pre_norm_feed_forward.yaml",
)
"""Specs that others name."""
TOO_LARGE = {"big_table.yaml"}
"""A table of megabytes in every saved model would take minutes."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the specs name."""
    return fill(tmp_path_factory.mktemp("claims"))


def fill(folder: Path) -> Path:
    """Write the files that specs name, and changed versions of specs."""
    large = np.linspace(-1.0, 1.0, 100).reshape(50, 2)
    np.save(folder / "large.npy", large)
    np.save(folder / "smaller.npy", large[:-1])
    for file in (ROOT / "specs").rglob("*"):
        if file.is_file():
            (folder / file.name).write_bytes(file.read_bytes())
    for file in OWNED:
        for i in range(VARIANTS):
            changed = _variant(folder, file, random.Random(f"{file} {i}"))
            path = folder / f"{file.removesuffix('.yaml')}_{i}.json"
            path.write_text(json.dumps(changed), "utf-8")
    _rewrite(folder, "later", lambda array: array[::-1])
    _rewrite(folder, "longer", lambda array: np.concatenate([array, array[:1]]))
    return folder


def _rewrite(folder: Path, name: str, change: Callable[[Any], Any]) -> None:
    """The same files in a folder below, with other arrays."""
    later = folder / name
    later.mkdir()
    for file in folder.iterdir():
        if file.suffix == ".npy":
            np.save(later / file.name, change(np.load(file)))
        elif file.is_file():
            (later / file.name).write_bytes(file.read_bytes())


def _variant(folder: Path, file: str, source: random.Random) -> dict[str, Any]:
    """A change of a spec that others name; most often its class keeps its name."""
    text = (folder / file).read_text("utf-8")
    data = read_tree(Source(file, text)).plain()
    while True:
        with suppress(InapplicableError):
            mutant = mutate(data, source, source.choice(MUTATIONS), 0)
            changed = mutant.data | {"name": data["name"], "package": data["package"]}
            if source.random() < 0.3:
                key, more = source.choice([("name", "Next"), ("package", "_next")])
                changed[key] += more
            if check_source(Source("v.json", json.dumps(changed), str(folder)))[0]:
                return changed


def bases() -> list[tuple[str, str]]:
    """The specs of the repository: names and texts."""
    found = [
        (name, HEAD.format(name=name) + body.lstrip()) for name, body in SPECS.items()
    ]
    for file in sorted((ROOT / "specs").rglob("*")):
        if file.suffix in (".yaml", ".json") and file.name not in TOO_LARGE:
            found.append((file.name, file.read_text("utf-8")))
    return [*found, *_from_documents()]


def _from_documents() -> Iterator[tuple[str, str]]:
    """The specs that the documents show."""
    for name in ("spec", "constants"):
        for i, spec in enumerate(shown_specs(ROOT / f"docs/{name}.md")):
            yield f"{name}.md {i}", spec


BASES = bases()


def change(seed: int, folder: Path) -> tuple[str, Layer, Layer, Mutant]:
    """A random change of a spec that yields a spec; each kind as often as another."""
    source = random.Random(seed)
    while True:
        found = change_by(source.choice(MUTATIONS), source, folder)
        if found is not None:
            return found


def change_by(
    mutation: Callable[[Mutant], None], source: random.Random, folder: Path
) -> tuple[str, Layer, Layer, Mutant] | None:
    """A change of this kind, and up to two others, of one of the specs."""
    for name, text in source.sample(BASES, len(BASES)):
        ending = "json" if text.startswith("{") else "yaml"
        data = read_tree(Source(f"before.{ending}", text)).plain()
        for _ in range(4):
            try:
                mutant = mutate(data, source, mutation, source.choice([0, 0, 1, 2]))
            except InapplicableError:
                continue
            place = str(folder / mutant.folder)
            changed = Source("after.json", json.dumps(mutant.data), place)
            after, _ = check_source(changed)
            if after is not None:
                before, _ = check_source(Source(f"before.{ending}", text, str(folder)))
                assert before is not None, name
                if source.random() < CHANGED_BACK:
                    return name, after, before, mutant.reversed()
                return name, before, after, mutant
    return None


def instances(
    before: Layer, after: Layer, changes: tuple[Change, ...], seed: int
) -> list[Witness]:
    """What the review says breaks, and what it may have missed."""
    found = [each.witness for each in changes if each.witness]
    found += [world.as_both_take(before, after, each) for each in found]
    found += islice(draw_instances(before, random.Random(seed)), DRAWN)
    found += [*world.as_made_after(before, after), *planned_witnesses(before)]
    return list({str(witness): witness for witness in found}.values())[:MOST_INSTANCES]


def disagreements(seed: int, folder: Path) -> list[str]:
    """Where the review of a random change and Keras differ."""
    name, before, after, mutant = change(seed, folder)
    names = (mutant.renamed, mutant.arguments)
    what = f"seed {seed}: {name}, {mutant.done}"
    found = differences(before, after, *names, folder, seed)
    told = compare_layers(before, after) if is_no_change(mutant) else ()
    if any(each.code is not DOCS_CHANGED for each in told):
        found.append(f"nothing has changed, and this is said: {told}")
    return [f"{what}: {each}" for each in found]


def is_no_change(mutant: Mutant) -> bool:
    """Whether the spec says the same in other words."""
    return set(mutant.done) <= NO_CHANGES and not mutant.arguments


def differences(
    before: Layer,
    after: Layer,
    parameters: Mapping[str, str],
    arguments: Mapping[str, str],
    folder: Path,
    seed: int = 0,
) -> list[str]:
    """Where the review and Keras differ; with the names after of what was renamed."""
    changes, _ = approve(before, after, compare_layers(before, after))
    says = {each for change in changes for each in change.breaks}
    tried = instances(before, after, changes, seed)
    truth = world.compare(before, after, tried, parameters, arguments, folder)
    found = [] if truth.tried else ["nothing could be tried"]
    for level in (Breaks.CHECKPOINT, Breaks.CONFIG):
        broken = getattr(truth, level)
        if broken and level not in says:
            found.append(f"{level} is broken, and nothing says so: {broken[0]}")
        if not broken and level in says:
            found.append(f"{level} is said to be broken, and is not")
    others = {Breaks.NUMERIC, Breaks.CALLER, Breaks.CHECKPOINT}
    if truth.numeric and not says & others:
        found.append(f"other numbers, and nothing says so: {truth.numeric[0]}")
    if truth.training and not says & {*others, Breaks.TRAINING}:
        found.append(f"training differs, and nothing says so: {truth.training[0]}")
    if truth.caller and Breaks.CALLER not in says:
        found.append(f"callers break, and nothing says so: {truth.caller[0]}")
    said = [f"{c.code.id} {c.message} ({sorted(c.breaks)})" for c in changes]
    return [f"{each}; said: {said}" for each in found]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    count = metafunc.config.getoption("--claims") or IN_CI
    if "batch" in metafunc.fixturenames:
        metafunc.parametrize("batch", range(-(-count // A_BATCH)))


def test_claims_are_true(batch: int, folder: Path) -> None:
    seeds = range(batch * A_BATCH, (batch + 1) * A_BATCH)
    found = [each for seed in seeds for each in disagreements(seed, folder)]
    assert not found, "\n\n".join(found)


@pytest.mark.parametrize("mutation", sorted(set(MUTATIONS), key=name_of), ids=name_of)
def test_every_change_can_be_made(
    mutation: Callable[[Mutant], None], folder: Path
) -> None:
    assert change_by(mutation, random.Random(1), folder)


@pytest.mark.parametrize("is_back", [False, True], ids=["", "back"])
@pytest.mark.parametrize("what", CASES)
def test_what_was_found_is_true(what: str, is_back: bool, folder: Path) -> None:
    (before, old), (after, new) = CASES[what][1::-1] if is_back else CASES[what][:2]
    layers = compiled(before, **old), compiled(after, **new)
    arguments = {old["name"]: new["name"]} if "name" in old else {}
    weights = {old["weight"]: new["weight"]} if "weight" in old else {}
    assert differences(*layers, weights, arguments, folder) == []


def test_changes_differ() -> None:
    """The same seed makes the same change, another seed another."""
    folder = ROOT / "specs/zoo"
    made = [json.dumps(change(seed, folder)[3].data) for seed in (1, 1, 2)]
    digests = [zlib.crc32(text.encode()) for text in made]
    assert digests[0] == digests[1] != digests[2]


def test_a_wrong_claim_would_be_seen(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the changes that the review finds, Keras is broken unsaid."""
    monkeypatch.setattr("test_claims.compare_layers", lambda before, after: ())
    found = [each for seed in range(6) for each in disagreements(seed, folder)]
    assert any("nothing says so" in each for each in found)
