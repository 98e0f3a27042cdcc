"""Mutate the generated layers, run their tests, and say how many mutants they kill.

    python -m tests.mutation [--layer NAME]... [--sample N] [--list] [--write]

Keras's backend is that of KERAS_BACKEND. Outcomes are kept in `build/mutation`, so that
a second run tries only what has changed. To count what other backends kill, too, run

    KERAS_BACKEND=jax python -m tests.mutation --survivors-of tensorflow
    python -m tests.mutation --kills-of jax

Exit code 1: too few are killed, or `survivors.toml` does not explain each survivor.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence

from tests.marked import read_marked, write_marked
from tests.mutation.mutants import Mutant, make_mutants, sample
from tests.mutation.report import (
    Outcomes,
    Summary,
    print_layers,
    print_operators,
    print_survivors,
    read_layers,
    summarize,
)
from tests.mutation.runner import (
    ROOT,
    Cache,
    HarnessError,
    Layer,
    find_layers,
    run_all,
)
from tests.mutation.survivors import Survivor, read_survivors, stale

GOAL = 0.95
DOCUMENT = ROOT / "docs" / "testing.md"
FIGURES, BY_OPERATOR = "figures", "figures by operator"
"""Of the marks between which they stand."""


def main() -> int:
    """Run the command."""
    options = _parse()
    layers = [x for x in find_layers() if x.name in (options.layer or [x.name])]
    mutants = {layer: make_mutants(layer.text) for layer in layers}
    known = read_survivors()
    complaints = list(stale(known, {x.name: found for x, found in mutants.items()}))
    work = {layer: _choose(options, layer, found) for layer, found in mutants.items()}
    if options.list:
        print("\n".join(line for layer in work for line in _listed(layer, work[layer])))
        return 0
    try:
        outcomes: Outcomes = run_all(work, options.workers, _talk)
    except HarnessError as error:
        _talk(str(error))
        return 3
    for name in options.kills_of:
        outcomes = join(outcomes, name)
    return _finish(options, outcomes, known, complaints, _scope(options, mutants))


def _parse() -> Namespace:
    parser = ArgumentParser("python -m tests.mutation")
    parser.add_argument("--layer", action="append", help="such as zoo/film")
    parser.add_argument("--sample", type=int, help="mutants of each layer")
    parser.add_argument("--seed", default="0", help="of the sample")
    parser.add_argument("--list", action="store_true", help="list mutants, run none")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--survivors-of", help="try only what survived on a backend")
    parser.add_argument("--kills-of", nargs="*", default=[], help="other backends")
    parser.add_argument(
        "--write",
        action="store_true",
        help=f"into {DOCUMENT.name}; with --layer, the rows of these layers",
    )
    return parser.parse_args()


def _choose(
    options: Namespace, layer: Layer, mutants: Sequence[Mutant]
) -> Sequence[Mutant]:
    """The mutants to run."""
    if options.survivors_of:
        found = Cache(layer, options.survivors_of)
        mutants = [m for m in mutants if (o := found.get(m)) and o.survived]
    if options.sample is not None:
        return sample(mutants, options.sample, f"{options.seed}/{layer.name}")
    return mutants


def _scope(options: Namespace, mutants: Mapping[Layer, Sequence[Mutant]]) -> str:
    """A sentence that says which mutants are run."""
    total = sum(len(found) for found in mutants.values())
    if options.sample is None:
        return f"All {total} mutants of {len(mutants)} layers."
    size, seed = options.sample, options.seed
    run = sum(min(len(found), size) for found in mutants.values())
    drawn = f"up to {size} of each of {len(mutants)} layers, drawn with the seed {seed}"
    return f"{run} of {total} mutants: {drawn}."


def _listed(layer: Layer, mutants: Sequence[Mutant]) -> list[str]:
    return [
        f"{layer.name} {mutant.where} ({mutant.operator}): {' / '.join(mutant.diff)}"
        for mutant in mutants
    ]


def join(outcomes: Outcomes, backend: str) -> Outcomes:
    """The outcomes, with those of another backend for what survived."""
    caches = {layer: Cache(layer, backend) for layer in outcomes}
    return {
        layer: {
            m: (caches[layer].get(m) or outcome) if outcome.survived else outcome
            for m, outcome in found.items()
        }
        for layer, found in outcomes.items()
    }


def _finish(
    options: Namespace,
    outcomes: Outcomes,
    known: Sequence[Survivor],
    complaints: list[str],
    scope: str,
) -> int:
    """Print what was found, and judge it."""
    summary = summarize(outcomes, known)
    tables = [scope, print_layers(summary.layers), print_operators(summary)]
    print("\n\n".join([*tables, "\n".join(print_survivors(summary))]))
    complaints += [] if options.kills_of else summary.wrong
    if summary.unexplained:
        complaints.append(f"{summary.unexplained} of the survivors are not listed")
    for line in complaints:
        _talk(f"survivors.toml: {line}")
    if options.write:
        _write(summary, tables, whole=not options.layer)
    return int(bool(complaints) or summary.total.share < GOAL)


def _write(summary: Summary, tables: Sequence[str], *, whole: bool) -> None:
    """Write the figures of all layers, or the rows of those that were run."""
    if whole:
        write_marked(DOCUMENT, FIGURES, "\n\n".join(tables[:2]))
        write_marked(DOCUMENT, BY_OPERATOR, "\n\n".join((tables[0], tables[2])))
        return
    there = {layer.name for layer in find_layers()}
    rows = {**read_layers(read_marked(DOCUMENT, FIGURES)), **summary.layers}
    kept = {name: figures for name, figures in rows.items() if name in there}
    total = sum(figures.mutants for figures in kept.values())
    scope = f"All {total} mutants of {len(kept)} layers."
    write_marked(DOCUMENT, FIGURES, f"{scope}\n\n{print_layers(kept)}")


def _talk(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
