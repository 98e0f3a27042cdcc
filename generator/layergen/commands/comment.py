"""`layergen comment [FILE|-]`: a review -> the comment on a pull request."""

import os
import sys
from pathlib import Path

from layergen.codes import forge, project
from layergen.commands import console
from layergen.forge import ForgeError, find_thread, mark, post_review
from layergen.review.output.markdown import says_no_change
from layergen.workspace.project import UsageError

_NOTE = "`layergen diff BASE --output-format markdown` prints a review"


def run_comment(file: str, key: str, pull_request: int | None) -> int:
    """Post a review, or update the comment that has it; the exit code."""
    review = _read_review(file)
    if not review.strip():
        where = "standard input" if file == "-" else f"`{file}`"
        message = f"there is nothing to post: {where} is empty"
        raise ForgeError.of(forge.NOTHING_TO_POST, message, _NOTE)
    thread = find_thread(os.environ, pull_request)
    if thread is None:
        console.say("no comment: this job is about no pull request")
        return 0
    only_update = says_no_change(review)
    outcome = post_review(thread, mark(key), review, only_update=only_update)
    console.say(f"{outcome} {thread.name}")
    return 0


def _read_review(file: str) -> str:
    if file == "-":
        if sys.stdin.isatty():
            message = "there is nothing to post: standard input is a terminal"
            raise ForgeError.of(forge.NOTHING_TO_POST, message, _NOTE)
        return sys.stdin.buffer.read().decode(errors="replace")
    try:
        return Path(file).read_bytes().decode(errors="replace")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"cannot read the review: {reason}"
        raise UsageError.of(project.UNREADABLE, message, path=file) from None
