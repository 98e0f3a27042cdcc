"""Environment of GitHub Actions -> Thread. https://docs.github.com/rest/issues/comments."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from layergen.codes import forge as codes
from layergen.forge.api import Api, ForgeError, read_token, read_url
from layergen.forge.thread import Thread

_LIMIT = 65536
_VERSION = "2022-11-28"
_NOTE = "give it to the step: `env: {GITHUB_TOKEN: ${{ github.token }}}`"
_PERMISSION = "the job needs `permissions: {contents: read, pull-requests: write}`"


def find_thread(environment: Mapping[str, str], number: int | None) -> Thread | None:
    """The pull request of the event; None when it has none.

    Raises:
        ForgeError: a variable is missing or makes no sense.
    """
    repository = environment["GITHUB_REPOSITORY"]
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository, re.ASCII):
        message = f"`GITHUB_REPOSITORY` is `{repository}`, not `owner/name`"
        raise ForgeError.of(codes.BAD_ENVIRONMENT, message)
    event = _read_event(environment.get("GITHUB_EVENT_PATH", ""))
    own = _find_number(event, environment.get("GITHUB_REF", ""))
    number = number or own
    if number is None:
        return None
    url = read_url(environment, "GITHUB_API_URL", "https://api.github.com")
    token = read_token(environment, "GITHUB_TOKEN", _NOTE)
    headers = {
        "Authorization": f"Bearer {token}",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": _VERSION,
    }
    return Thread(
        forge="GitHub",
        name=f"pull request {number} of {repository}",
        api=Api(url, token, headers),
        comments=f"repos/{repository}/issues/{number}/comments?per_page=100",
        comment=f"repos/{repository}/issues/comments/",
        update="PATCH",
        author=("user", "login"),
        bots_are_ours=True,
        limit=_LIMIT,
        permission=_PERMISSION,
        from_fork=number == own and _is_from_fork(event, repository),
    )


def _read_event(path: str) -> Mapping[str, Any]:
    if not path:
        return {}
    try:
        event = json.loads(Path(path).read_bytes())
    except (OSError, ValueError, RecursionError):
        event = None
    if isinstance(event, dict):
        return event
    message = "the event that `GITHUB_EVENT_PATH` names cannot be read"
    raise ForgeError.of(codes.BAD_ENVIRONMENT, message)


def _find_number(event: Mapping[str, Any], ref: str) -> int | None:
    """The number of the pull request that an event is about."""
    issue = _table(event, "issue")
    for holder in (_table(event, "pull_request"), "pull_request" in issue and issue):
        number = holder.get("number") if holder else None
        if type(number) is int and number > 0:
            return number
    named = re.fullmatch(r"refs/pull/(\d+)/(merge|head)", ref, re.ASCII)
    return int(named[1]) if named else None


def _is_from_fork(event: Mapping[str, Any], repository: str) -> bool:
    head = _table(_table(event, "pull_request"), "head")
    # The repository is null when the fork has been deleted.
    return bool(head) and _table(head, "repo").get("full_name") != repository


def _table(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = data.get(key)
    return value if isinstance(value, dict) else {}
