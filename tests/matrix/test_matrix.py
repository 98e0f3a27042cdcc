"""Every kind of parameter is right in every situation, on the backend that runs."""

import pytest

pytest.importorskip("keras")
import keras
from tests.marked import read_marked
from tests.matrix import kinds, table
from tests.matrix.kinds import KINDS, Kind
from tests.matrix.limits import LIMITS, Limit, limit_of
from tests.matrix.processes import launch
from tests.matrix.situation import SITUATIONS, Situation
from tests.matrix.situations.distribution import roles

pytestmark = pytest.mark.keras

BACKEND = keras.backend.backend()
HERE = [s for s in SITUATIONS if BACKEND in s.backends]
CELLS = [(situation, kind) for situation in HERE for kind in KINDS]
LIMITS_HERE = [limit for limit in LIMITS if limit.backend == BACKEND]


@pytest.fixture(scope="module", autouse=True)
def generated(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Compile the kinds."""
    kinds.generate(tmp_path_factory.mktemp("matrix"))


@pytest.mark.parametrize(("situation", "kind"), CELLS, ids=lambda each: each.name)
def test_cell(situation: Situation, kind: Kind) -> None:
    limit = limit_of(situation.name, kind.name, BACKEND)
    if limit is None:
        situation.run(kind)
        return
    with pytest.raises(Exception, match=limit.match):  # once it is right, say so
        situation.run(kind)


@pytest.mark.parametrize("limit", LIMITS_HERE, ids=lambda each: each.situation)
def test_bare_keras_fails_too(limit: Limit) -> None:
    with pytest.raises(Exception, match=limit.match):
        limit.bare()


def test_limits_are_cells() -> None:
    cells = {(s.name, k.name, b) for s in SITUATIONS for b in s.backends for k in KINDS}
    named = {(m.situation, kind, m.backend) for m in LIMITS for kind in m.kinds}
    assert named <= cells


@pytest.mark.skipif(BACKEND != "tensorflow", reason="a strategy of TensorFlow")
def test_keras_does_not_fit_in_several_processes() -> None:
    """Why that situation has a loop of its own: `fit` fails, whatever the model."""
    run = "from tests.matrix.limits import fit_as_worker; fit_as_worker()"
    processes = [launch(["-c", run], role) for role in roles(2)]
    printed = [process.communicate()[0] for process in processes]
    assert all(process.returncode for process in processes)
    assert any("PerReplica" in text for text in printed)


def test_the_table_is_up_to_date() -> None:
    written = read_marked(table.DOCUMENT, table.NAME)
    assert written == table.render(), "run `python -m tests.matrix`"


def test_a_wrong_layer_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A class that forgets what the spec says fails in most situations."""
    kind = next(kind for kind in KINDS if kind.name == "literal_array")
    right = kind.made.call
    monkeypatch.setattr(kind.made, "call", lambda self, x: 1.1 * right(self, x))
    for situation in HERE:
        if situation.name in {"eager", "xla", "clone", "mixed_bfloat16", "onnx"}:
            with pytest.raises(AssertionError):
                situation.run(kind)
