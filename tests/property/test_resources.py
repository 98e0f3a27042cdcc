"""A hostile spec costs neither much time nor much memory.

Each attack runs in a process of its own, with little memory and a limit of CPU time.
"""

import json
import os
import subprocess
import sys
import time

import pytest

from layergen.artifact import Target
from layergen.codes.example import body, spec
from layergen.compiler import compile_source
from layergen.source import Source

SECONDS = 12.0  # far above what any takes, far below what an attack would
GIGABYTES = 2


def value(text: str) -> str:
    parameters = f"\n  c: {{role: constant, value: '{text}'}}"
    return body("return factor * inputs + sum(c)", parameters=parameters)


def shape(*sizes: str) -> str:
    shown = ", ".join(f"'{size}'" for size in sizes)
    parameters = f"\n  w: {{role: weight, shape: [{shown}]}}"
    return body("return factor * inputs + sum(w)", parameters=parameters)


ROW, COLUMN = "zeros((1, 10**6))", "zeros((10**6, 1))"
SQUARE = "reshape(arange(9000000), (3000, 3000))"
VALUES = [
    "10 ** 10 ** 10 + full((2,), 1.0)",
    "full((10**9, 10**9), 0.0)",
    "arange(10**18)",
    "arange(0.0, 1.0, 1e-300)",
    "arange(0.0, 1e308 * 10, 1)",
    "outer(outer(arange(3000), arange(3000)), arange(3000))",
    f"matmul({COLUMN}, {ROW})",
    "matmul(zeros((3100, 3100)), zeros((3100, 3100)))",
    f"matmul({SQUARE}, {SQUARE})",
    f"maximum({ROW}, {COLUMN})",
    f"logical_and({ROW}, {COLUMN})",
    f"clip(1.0, {ROW}, {COLUMN})",
    f"where({ROW} > 0, {COLUMN}, 1.0)",
    f"{ROW} + {COLUMN}",
    "tril(zeros((10**6,)))",
    "take(zeros((10, 10**6)), zeros_like(arange(10**6)), axis=0)",
    "linspace(zeros((10**6,)), 1.0, 10**6)",
    "eye(3, 2**62)",
    "full((200000,), 1.5)",
]
BIG = "zeros((10**7,))"
ATTACKS = {
    **{text: value(text) for text in VALUES},
    "size": shape("10 ** 10 ** 10"),
    "weight": shape("2 ** 40"),
    "weight of many axes": shape("2 ** 20", "2 ** 20", "2 ** 20", "2 ** 20"),
    "many weights": body(
        "return inputs * factor",
        parameters="".join(
            f"\n  w{i}: {{role: weight, shape: [9000000]}}" for i in range(300)
        ),
    ),
    "concatenate": body(f"a = {BIG}", f"b = concatenate([{'a, ' * 500}])", "return b"),
    "stack": body(f"a = {BIG}", f"return inputs * sum(stack([{'a, ' * 500}]))"),
    "many arrays": body(
        *(f"a{i} = sum(sin({BIG}))" for i in range(200)), "return inputs"
    ),
    "gelu": body("return inputs * sum(gelu(zeros((9000000,)), approximate=False))"),
    "chain": body("return inputs" + " + inputs" * 2000),
    "parentheses": body("return " + "(" * 9000 + "inputs" + ")" * 9000),
    "signs": body("return " + "-" * 19000 + "inputs"),
    "many lines": body(*(["a = 1"] * 3000), "return inputs * factor"),
    "many mistakes": body(*(f"b{i}" for i in range(3500)), "return inputs"),
    "loops": body(
        "x = inputs * factor",
        "for a in range(10**4):",
        "  for b in range(10**4):",
        "    for c in range(10**4):",
        "      x = x if a == b + c else x",
        "return x",
    ),
    "loops of names": body(
        "x, y, z = inputs * factor, 1, 2",
        "for a in range(9):",
        "  for b in range(9):",
        "    for c in range(9):",
        "      for d in range(9):",
        *("        x, y, z = (y, z), (z, x), (x, y)" for _ in range(400)),
        "return inputs",
    ),
    "comprehensions": body(
        "n = 9999",
        "x = [[[a * b for a in range(n)] for b in range(n)] for c in range(n)]",
        "return inputs * factor",
    ),
    "long range": body("return inputs * factor * len(range(10**18))"),
    "zips": body(
        "x = range(9999)",
        *(["x = zip(x, x, x, x)"] * 40),
        "return inputs * factor * (1 if x == x else 2)",
    ),
    "nested tuples": body(
        "x = (1, 1)", *(["x = (x, x)"] * 60), "return inputs * factor * x[factor]"
    ),
    "growing tuple": body(
        "x = [1]",
        *(["x = [*x, *x]"] * 60),
        "return inputs * factor * x[0]",
    ),
    "tuple grown in a loop": body(
        "x = [1]",
        "for i in range(60):",
        "  x = [*x, *x]",
        "return inputs * factor * x[0]",
    ),
    "many slices": body("return inputs" + "[:]" * 50 + " * factor"),
    "brackets": "[" * 50_000,
    "closed brackets": "[" * 50_000 + "]" * 50_000,
    "braces": "{a: " * 50_000,
    "dashes": "- " * 50_000,
    "alias bomb": "a: &a [x, x]\n"
    + "".join(
        f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True)
    ),
    "many aliases": "a: &a x\nb: [" + "*a," * 100_000 + "]\n",
    "many tags": "b: [" + "!t x," * 100_000 + "]\n",
    "same keys": "a: 1\n" * 100_000,
    "unknown keys": "".join(f"a{i}: 1\n" for i in range(50_000)),
    "long key": f"{'x' * 1_000_000}: 1\n",
    "long name": spec(name="x" * 1_000_000),
    "long summary": spec(summary="x " * 250_000),
    "many arguments": spec(
        arguments="".join(f"\n  a{i}: {{type: int, default: 1}}" for i in range(20_000))
    ),
    "many dims": spec(
        inputs="".join(
            f"\n  i{k}: {{shape: [{', '.join(f'd{k}x{i}' for i in range(7))}]}}"
            for k in range(10)
        ),
    ),
    "long literal": value("1.5").replace("'1.5'", "[" + "1.5, " * 200_000 + "]"),
    "large example": spec(examples="\n  - inputs: {shape: [1000, 100]}"),
    "many examples": spec(
        examples="".join("\n  - inputs: {shape: [100, 100]}" for _ in range(50))
    ),
    "large outputs": body(
        "return matmul(inputs, k)",
        arguments="\n  factor: {type: int, min: 100000}",
        parameters="\n  k: {role: weight, shape: [features, factor]}",
        outputs="{shape: [batch, factor]}",
    ),
}


def attempt(text: str) -> tuple[float, str]:
    """Seconds of CPU, and what came of it."""
    start = time.process_time()
    try:
        found = compile_source(Source("a.yaml", text), Target())
        outcome = f"{len(found.diagnostics)} diagnostics"
    except Exception as error:
        outcome = f"{type(error).__name__}: {error}"[:200]
    return time.process_time() - start, outcome


def run_all() -> None:
    """Attempt each attack in a child of this process; print a line of JSON for each."""
    import resource

    compile_source(Source("a.yaml", spec()), Target())  # imports everything
    for name, text in ATTACKS.items():
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            limit = GIGABYTES << 30
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
            resource.setrlimit(resource.RLIMIT_CPU, (15, 15))
            print(json.dumps([name, *attempt(text)]), flush=True)
            os._exit(0)
        os.waitpid(child, 0)


@pytest.fixture(scope="module")
def outcomes() -> dict[str, tuple[float, str]]:
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, __file__], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {name: (seconds, outcome) for name, seconds, outcome in rows}


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
@pytest.mark.parametrize("name", ATTACKS)
def test_attack_is_cheap(name: str, outcomes: dict[str, tuple[float, str]]) -> None:
    assert name in outcomes, "killed"
    seconds, outcome = outcomes[name]
    assert outcome.endswith("diagnostics")
    assert seconds < SECONDS


if __name__ == "__main__":
    run_all()
