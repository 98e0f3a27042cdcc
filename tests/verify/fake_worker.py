"""A process as `layergen.verify.save` is one, that needs no Keras."""

import os
import time
from collections.abc import Mapping
from typing import Any

from layergen.verify.worker import serve


def do(job: Mapping[str, Any], root: str) -> dict[str, Any]:
    if job["do"] == "die":
        os._exit(7)
    if job["do"] == "abort":
        os.abort()
    if job["do"] == "hang":
        time.sleep(1000)
    return {"root": root, "pid": os.getpid()}


if __name__ == "__main__":
    serve(do)
