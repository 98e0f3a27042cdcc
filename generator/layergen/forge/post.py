"""Thread, body -> Outcome: the comment of ours is updated, or made.

A comment is ours if the mark begins its body and we are its author: others quote it, or
write it on purpose. A failed attempt begins again by looking for the comment, since the
forge may have made it before it failed.
"""

from collections.abc import Iterator
from enum import StrEnum
from time import monotonic, sleep
from typing import Any, Never

from layergen.codes import forge as codes
from layergen.forge.api import ForgeError, ForkError, RefusedError, UnavailableError
from layergen.forge.fit import fit_body
from layergen.forge.thread import Thread

_ATTEMPTS = 3
_LONGEST_WAIT = 20.0
_MOST_PAGES = 200


class Outcome(StrEnum):
    """What became of a comment."""

    MADE = "made a comment on"
    UPDATED = "updated the comment on"
    UNCHANGED = "the comment is up to date on"
    NONE = "nothing to say, and no comment to update, on"


def post_review(
    thread: Thread, marker: str, review: str, *, only_update: bool
) -> Outcome:
    """Make the comment say the review; with `only_update`, if there is one.

    Raises:
        ForgeError: it could not be done.
        ForkError: the token may not, and the pull request is from a fork.
    """
    body = fit_body(f"{marker}\n{review}", thread.limit, thread.forge)
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return _post_once(thread, marker, body, only_update)
        except RefusedError as error:
            _tell_refusal(thread, error)
        except UnavailableError as error:
            wait = min(error.wait or 2.0**attempt, _LONGEST_WAIT)
            if attempt == _ATTEMPTS or monotonic() + wait > thread.api.ends:
                message = f"{thread.forge} cannot be reached: {error.reason}"
                note = f"the address of the API is `{thread.api.url}`"
                raise ForgeError.of(codes.UNREACHABLE, message, note) from None
            sleep(wait)
    raise AssertionError("the last attempt returns or raises")


def _post_once(thread: Thread, marker: str, body: str, only_update: bool) -> Outcome:
    old = _find_comment(thread, marker)
    if old is None:
        if only_update:
            return Outcome.NONE
        place = thread.comments.partition("?")[0]
        thread.api.ask("POST", place, {"body": body})
        return Outcome.MADE
    if old["body"].replace("\r\n", "\n").rstrip() == body.rstrip():
        return Outcome.UNCHANGED
    thread.api.ask(thread.update, f"{thread.comment}{old['id']}", {"body": body})
    return Outcome.UPDATED


def _find_comment(thread: Thread, marker: str) -> dict[str, Any] | None:
    """The first comment of ours."""
    who: list[str | None] = []
    for comment in _list_comments(thread):
        body, number = comment.get("body"), comment.get("id")
        if isinstance(body, str) and type(number) is int and body.startswith(marker):
            who = who or [_find_author(thread)]
            if _is_by(thread, comment, who[0]):
                return comment
    return None


def _list_comments(thread: Thread) -> Iterator[dict[str, Any]]:
    """All comments. The address of a page is ours; that in the answer is not read."""
    for page in range(1, _MOST_PAGES + 1):
        answer = thread.api.ask("GET", f"{thread.comments}&page={page}")
        if not isinstance(answer.data, list):
            message = f"{thread.forge} answers no list of comments"
            raise ForgeError.of(codes.UNEXPECTED, message)
        yield from (each for each in answer.data if isinstance(each, dict))
        if not answer.has_next:
            return


def _find_author(thread: Thread) -> str | None:
    """The name of the token's user; None for an app, which has none."""
    try:
        data = thread.api.ask("GET", "user").data
    except RefusedError as error:
        if thread.bots_are_ours and error.status == 403:
            return None
        raise
    name = data.get(thread.author[1]) if isinstance(data, dict) else None
    if isinstance(name, str):
        return name
    message = f"{thread.forge} does not say whose the token is"
    raise ForgeError.of(codes.UNEXPECTED, message)


def _is_by(thread: Thread, comment: dict[str, Any], name: str | None) -> bool:
    author = comment.get(thread.author[0])
    if not isinstance(author, dict):
        return False
    if name is None:
        return author.get("type") == "Bot"
    return author.get(thread.author[1]) == name


def _tell_refusal(thread: Thread, error: RefusedError) -> Never:
    """The error of a user, for an answer of 4xx."""
    may_not = error.status in (401, 403)
    if thread.from_fork and (may_not or error.status == 404):
        message = f"no comment on {thread.name}: it comes from a fork ({error.reason})"
        raise ForkError.of(codes.FORK_MAY_NOT, message) from None
    if may_not:
        message = f"the token may not comment on {thread.name} ({error.reason})"
        raise ForgeError.of(codes.MAY_NOT_COMMENT, message, thread.permission) from None
    if error.status == 404:
        message = f"{thread.forge} does not find {thread.name} ({error.reason})"
        raise ForgeError.of(codes.NOT_THERE, message, thread.permission) from None
    message = f"{thread.forge} refuses the comment on {thread.name} ({error.reason})"
    raise ForgeError.of(codes.UNEXPECTED, message) from None
