"""Several devices, several processes."""

import json
import socket

import numpy as np
from tests.matrix.processes import Started, finish, perform, start
from tests.matrix.situation import Outcomes, process


@process("`MirroredStrategy`, two devices", "tensorflow")
def mirrored() -> Outcomes:
    return perform("train_mirrored")


@process("`MultiWorkerMirroredStrategy`, two processes", "tensorflow")
def workers() -> Outcomes:
    """Both processes train, and hold the same in the end."""
    enumerated = enumerate(roles(2))
    started = [start("train_worker", role, i) for i, role in enumerated]
    first, second = (finish(each) for each in started)
    return {
        name: first[name] or second[name] or differs(name, *started) for name in first
    }


@process("`DataParallel`, two devices", "jax")
def data_parallel() -> Outcomes:
    return perform("train_data_parallel", TWO_DEVICES)


@process("`ModelParallel`, two devices", "jax")
def model_parallel() -> Outcomes:
    return perform("train_model_parallel", TWO_DEVICES)


TWO_DEVICES = {"XLA_FLAGS": "--xla_force_host_platform_device_count=2"}


def roles(count: int) -> list[dict[str, str]]:
    """What each process of a cluster must find in its environment."""
    cluster = {"worker": [f"127.0.0.1:{free_port()}" for _ in range(count)]}
    tasks = ({"type": "worker", "index": i} for i in range(count))
    described = ({"cluster": cluster, "task": task} for task in tasks)
    return [{"TF_CONFIG": json.dumps(each)} for each in described]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def differs(name: str, first: Started, second: Started) -> str:
    """What the two processes do not hold in common."""
    one, other = (np.load(each.results / f"{name}.npz") for each in (first, second))
    if set(one) != set(other):
        return f"{set(one)} and {set(other)}"
    unequal = [path for path in one if not np.array_equal(one[path], other[path])]
    return f"the processes hold other {unequal}" if unequal else ""
