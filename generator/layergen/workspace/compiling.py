"""SpecFiles -> Compilations: one after the other, or several processes at once."""

import os
import traceback
from collections.abc import Callable, Sequence
from functools import partial

from layergen.artifact import Artifact, Compilation, Export, FormatCache, Target
from layergen.source import Source

Progress = Callable[[int, int], None]
"""Told how many are done, and of how many."""

_WORTH_A_POOL = 8
"""A pool costs about as much as compiling this many specs."""


class CompilerFaultError(Exception):
    """A fault of the compiler's own, met at `spec`."""

    def __init__(self, spec: str, summary: str, trace: str) -> None:
        super().__init__(spec, summary, trace)
        self.spec, self.summary, self.trace = spec, summary, trace


def compile_one(
    source: Source, target: Target, formats: FormatCache | None
) -> Compilation:
    """Compile one spec; what goes wrong in the compiler is told with the spec's name.

    Raises:
        CompilerFaultError: for any exception of the compiler.
    """
    try:
        from layergen.compiler import compile_source

        return compile_source(source, target, formats)
    except Exception as error:
        summary = f"{type(error).__name__}: {error}"
        trace = traceback.format_exc()
        raise CompilerFaultError(source.path, summary, trace) from None


def compile_all(
    sources: Sequence[Source],
    target: Target,
    formats: FormatCache | None,
    jobs: int | None,
    progress: Progress,
) -> list[Compilation]:
    """Compile specs, in their order; `jobs` is None for as many as are useful."""
    if jobs is None:
        enough = len(sources) >= _WORTH_A_POOL
        jobs = (os.cpu_count() or 1) if enough else 1
    done = []
    if min(jobs, len(sources)) <= 1:
        for source in sources:
            done.append(compile_one(source, target, formats))
            progress(len(done), len(sources))
        return done
    from concurrent.futures import ProcessPoolExecutor

    # The first is compiled here, so that forked processes find everything imported.
    done.append(compile_one(sources[0], target, formats))
    rest = sources[1:]
    size = max(1, len(rest) // (jobs * 8))
    with ProcessPoolExecutor(min(jobs, len(rest))) as pool:
        work = partial(compile_one, target=target, formats=formats)
        for compilation in pool.map(work, rest, chunksize=size):
            done.append(compilation)
            progress(len(done), len(sources))
    return done


def compile_exports(exports: Sequence[Export], target: Target) -> tuple[Artifact, ...]:
    """The files that make packages of the generated modules.

    Raises:
        CompilerFaultError: for any exception of the compiler.
    """
    try:
        from layergen.compiler import compile_packages

        return compile_packages(exports, target)
    except Exception as error:
        summary = f"{type(error).__name__}: {error}"
        raise CompilerFaultError(
            "__init__.py", summary, traceback.format_exc()
        ) from None
