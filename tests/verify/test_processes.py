"""What one job costs the others: nothing, whatever becomes of its process."""

from pathlib import Path

import pytest

from layergen.verify.processes import Place, WorkerError, do_jobs

REPOSITORY = Path(__file__).parents[2]
WORKER = "tests.verify.fake_worker"


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))


def test_jobs_share_a_process(tmp_path: Path) -> None:
    jobs = [{"id": i, "do": "it"} for i in range(3)]
    facts = do_jobs(WORKER, Place(tmp_path, tmp_path / "a"), jobs, tmp_path, 60)
    assert sorted(facts) == [0, 1, 2]
    assert {each["root"] for each in facts.values()} == {str(tmp_path / "a")}
    assert len({each["pid"] for each in facts.values()}) == 1


def test_a_job_that_ends_its_process_is_told_and_the_rest_is_done(
    tmp_path: Path,
) -> None:
    todo = ("it", "die", "it", "abort", "hang", "it")
    jobs = [{"id": i, "do": what} for i, what in enumerate(todo)]
    facts = do_jobs(WORKER, Place(tmp_path, tmp_path), jobs, tmp_path, 2)
    assert [i for i in facts if "pid" in facts[i]] == [0, 2, 5]
    assert facts[1] == {"ended": "the process ended with exit code 7"}
    assert facts[3] == {"ended": "the process was ended by SIGABRT"}
    assert facts[4] == {"ended": "not done after 2 seconds"}


def test_a_process_that_cannot_begin_is_told(tmp_path: Path) -> None:
    with pytest.raises(WorkerError, match="No module named"):
        do_jobs(
            "tests.verify.no_such", Place(tmp_path, tmp_path), [{"id": 0}], tmp_path, 2
        )
