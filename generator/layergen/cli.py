"""Command line -> exit code. Typer's glue only: what is done stands in `commands`.

Exit codes: 0 fine; 1 findings, drift or invalid specs; 2 usage or configuration;
3 a failure of layergen's own; 5 nothing matched.
"""

import gc
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from layergen.diagnostics import SpecError
from layergen.reporters import OutputFormat
from layergen.review.formats import ReviewFormat
from layergen.verify.formats import VerifyFormat
from layergen.workspace.compiling import CompilerFaultError

app = typer.Typer(
    name="layergen",
    help="Compile specs of custom Keras layers to Keras 3 classes and their tests.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_Paths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="SPECS|DIRS|-",
        help="Specs, or folders of specs; `-` reads one from standard input."
        " Without any: the setting `specs`.",
    ),
]
_Format = Annotated[
    OutputFormat, typer.Option("--output-format", help="How findings are told.")
]
_StdinFilename = Annotated[
    str | None,
    typer.Option(metavar="PATH", help="Where standard input should seem to stand."),
]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; its exit code. Nothing but that ever leaves."""
    # Most of what a command makes lives until it ends: looking for garbage at Python's
    # usual pace costs a tenth of a build and frees little.
    gc.set_threshold(50_000)
    try:
        app(args=arguments, prog_name="layergen")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception as error:
        _confess(error)
        return 3
    return 0


def _confess(error: Exception) -> None:
    """One line for a fault that is not the user's."""
    if isinstance(error, CompilerFaultError):
        what = f"{error.summary.splitlines()[0]}, while compiling `{error.spec}`"
        trace = error.trace
    else:
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        trace = "".join(traceback.format_exception(error))
    if os.environ.get("LAYERGEN_TRACEBACK"):
        sys.stderr.write(trace)
    hint = "set LAYERGEN_TRACEBACK=1 to see where"
    sys.stderr.write(f"layergen: a fault of layergen's own: {what} ({hint})\n")


def _finish(
    command: Callable[[], int], output_format: OutputFormat = OutputFormat.TEXT
) -> None:
    """Run a command and leave with its exit code.

    Raises:
        typer.Exit: always.
    """
    from layergen.commands.console import report

    try:
        code = command()
    except SpecError as error:
        report(error.diagnostics, output_format)
        code = getattr(error, "exit_code", 1)
    raise typer.Exit(code)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"layergen {version('layergen')}")
        except PackageNotFoundError:
            typer.echo("layergen (not installed)")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_print_version,
            is_eager=True,
            help="Print the version.",
        ),
    ] = False,
) -> None:
    """Compile specs of custom Keras layers to Keras 3 classes and their tests."""


@app.command()
def build(
    paths: _Paths = None,
    out: Annotated[
        str | None, typer.Option(metavar="DIR", help="Folder of the generated files.")
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; fail if a file would change."),
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Write nothing; print what would change.")
    ] = False,
    stdout: Annotated[
        bool, typer.Option("--stdout", help="Write nothing; print the files.")
    ] = False,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Processes to use.")
    ] = None,
    stdin_filename: _StdinFilename = None,
    output_format: _Format = OutputFormat.TEXT,
) -> None:
    """Generate the layers and their tests."""
    from layergen.commands.build import BuildOptions, run_build

    options = BuildOptions(
        paths or (), out, check, diff, stdout, jobs, stdin_filename, output_format
    )
    _finish(lambda: run_build(options), output_format)


@app.command()
def check(
    paths: _Paths = None,
    stdin_filename: _StdinFilename = None,
    output_format: _Format = OutputFormat.TEXT,
) -> None:
    """Validate and lint specs; write nothing."""
    from layergen.commands.inspect import run_check

    _finish(
        lambda: run_check(paths or (), stdin_filename, output_format), output_format
    )


@app.command()
def diff(
    base: Annotated[
        str,
        typer.Argument(
            metavar="BASE",
            help="The version before: a folder, a file, or a revision of git;"
            " `a...b` is the commit that both come from.",
        ),
    ],
    head: Annotated[
        str | None,
        typer.Argument(
            metavar="[HEAD]", help="The version after; without it, the work tree."
        ),
    ] = None,
    output_format: Annotated[
        ReviewFormat, typer.Option("--output-format", help="How changes are told.")
    ] = ReviewFormat.TEXT,
) -> None:
    """Say what a change of specs breaks: saved weights, saved models, callers."""
    from layergen.commands.diff import run_diff

    told = OutputFormat.TEXT
    if output_format is not ReviewFormat.MARKDOWN:
        told = OutputFormat(output_format)
    _finish(lambda: run_diff(base, head, output_format), told)


@app.command()
def verify(
    against: Annotated[
        str,
        typer.Option(
            metavar="REV",
            help="The version before: a revision of git;"
            " `a...b` is the commit that both come from.",
        ),
    ],
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SPECS|DIRS", help="Specs, or folders of specs; without any, all."
        ),
    ] = None,
    time_limit: Annotated[
        float,
        typer.Option(min=1, metavar="SECONDS", help="How long an instance may take."),
    ] = 60.0,
    output_format: Annotated[
        VerifyFormat, typer.Option("--output-format", help="How it is told.")
    ] = VerifyFormat.TEXT,
) -> None:
    """Save models with the old generated code, and load them with the new."""
    from layergen.commands.verify import VerifyOptions, run_verify

    options = VerifyOptions(against, paths or (), time_limit, output_format)
    _finish(lambda: run_verify(options))


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True}
)
def test(context: typer.Context) -> None:
    """Run the generated tests; further arguments go to pytest."""
    from layergen.commands.test import run_tests

    _finish(lambda: run_tests(context.args))


@app.command()
def show(spec: Annotated[str, typer.Argument(metavar="SPEC")]) -> None:
    """Print a spec as a table."""
    from layergen.commands.inspect import run_show

    _finish(lambda: run_show(spec))


@app.command()
def explain(
    code: Annotated[
        str | None, typer.Argument(metavar="[CODE]", help="Such as LG301.")
    ] = None,
) -> None:
    """Say what a code means; without one, list all."""
    from layergen.commands.inspect import run_explain

    _finish(lambda: run_explain(code))


@app.command()
def schema() -> None:
    """Print the JSON Schema of specs, for editors."""
    from layergen.commands.inspect import run_schema

    _finish(run_schema)


@app.command()
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Such as ScaledLinear.")],
    package: Annotated[str, typer.Option(help="Package of the layer.")] = "layers",
) -> None:
    """Write a small spec to start from."""
    from layergen.commands.start import run_new

    _finish(lambda: run_new(name, package))


@app.command()
def init(
    pre_commit: Annotated[
        bool, typer.Option("--pre-commit", help="Build before each commit.")
    ] = False,
    github: Annotated[
        bool, typer.Option("--github", help="Review pull requests on GitHub.")
    ] = False,
    gitlab: Annotated[
        bool, typer.Option("--gitlab", help="Review merge requests on GitLab.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="All of these, without a question.")
    ] = False,
) -> None:
    """Make this folder a project of layergen."""
    from layergen.commands.integrate import Integration
    from layergen.commands.start import run_init

    given = zip(Integration, (pre_commit, github, gitlab), strict=True)
    wanted = [each for each, is_wanted in given if is_wanted or yes]
    ask = not wanted and sys.stdin.isatty()
    _finish(lambda: run_init(wanted, ask=ask))


@app.command()
def comment(
    file: Annotated[
        str,
        typer.Argument(metavar="[FILE|-]", help="A review in Markdown."),
    ] = "-",
    key: Annotated[
        str, typer.Option(help="Tells the comments of several projects apart.")
    ] = "",
    pull_request: Annotated[
        int | None,
        typer.Option(min=1, metavar="NUMBER", help="Another than that of the job."),
    ] = None,
    output_format: _Format = OutputFormat.TEXT,
) -> None:
    """Post a review as the comment on a pull request, on GitHub or GitLab."""
    from layergen.commands.comment import run_comment

    _finish(lambda: run_comment(file, key, pull_request), output_format)


if __name__ == "__main__":
    sys.exit(main())
