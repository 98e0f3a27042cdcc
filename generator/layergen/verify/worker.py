"""What both processes do: read jobs, do each, tell its facts before the next begins.

A line of JSON is written when a job begins and when it is done, so that whoever waits
knows which job a process died of.
"""

import json
import sys
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Facts = dict[str, Any]


def serve(do: Callable[[Mapping[str, Any], str], Facts]) -> None:
    """Do the jobs of the plan that the command line names.

    Args:
        do: a job and the folder of the generated code -> facts.
    """
    plan = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    sys.path.insert(0, plan["path"])
    warnings.simplefilter("ignore")
    with open(plan["results"], "a", encoding="utf-8") as results:
        for job in plan["jobs"]:
            print(json.dumps({"began": job["id"]}), file=results, flush=True)
            facts = do(job, plan["root"])
            line = json.dumps({"done": job["id"], "facts": facts})
            print(line, file=results, flush=True)


def tell(error: BaseException) -> str:
    """An exception as text: its class and its whole message."""
    return f"{type(error).__name__}: {error}"
