"""Environment of GitLab CI -> Thread. https://docs.gitlab.com/api/notes/."""

from collections.abc import Mapping
from urllib.parse import quote

from layergen.codes import forge as codes
from layergen.forge.api import Api, ForgeError, ForkError, read_token, read_url
from layergen.forge.thread import Thread

_LIMIT = 1_000_000
_TOKEN = "GITLAB_TOKEN"
_PERMISSION = (
    f"`{_TOKEN}` must be an access token of the project, with the scope `api` and a"
    " role of at least Reporter; a job's own token may not comment"
)


def find_thread(environment: Mapping[str, str], number: int | None) -> Thread | None:
    """The merge request of the pipeline; None when it has none.

    Raises:
        ForgeError: a variable is missing or makes no sense.
        ForkError: a pipeline of a fork, which gets no token.
    """
    url = read_url(environment, "CI_API_V4_URL")
    own = environment.get("CI_MERGE_REQUEST_IID", "")
    given = str(number or own)
    if not given:
        return None
    # A pipeline of a fork runs in the fork, the merge request is elsewhere.
    here = environment.get("CI_PROJECT_ID", "")
    project = environment.get("CI_MERGE_REQUEST_PROJECT_ID") or here
    source = environment.get("CI_MERGE_REQUEST_SOURCE_PROJECT_ID") or here
    if not project or not given.isdecimal():
        names = "`CI_PROJECT_ID` and `CI_MERGE_REQUEST_IID`"
        message = f"{names} do not name a merge request"
        raise ForgeError.of(codes.BAD_ENVIRONMENT, message)
    name = f"merge request {given} of project {project}"
    from_fork = given == own and source != project
    if from_fork and not environment.get(_TOKEN):
        message = f"no comment on {name}: a fork has no `{_TOKEN}`"
        raise ForkError.of(codes.FORK_MAY_NOT, message)
    token = read_token(environment, _TOKEN, _PERMISSION)
    place = f"projects/{quote(project, safe='')}/merge_requests/{given}/notes"
    return Thread(
        forge="GitLab",
        name=name,
        api=Api(url, token, {"PRIVATE-TOKEN": token}),
        comments=f"{place}?per_page=100&sort=asc&order_by=created_at",
        comment=f"{place}/",
        update="PUT",
        author=("author", "username"),
        bots_are_ours=False,
        limit=_LIMIT,
        permission=_PERMISSION,
        from_fork=from_fork,
    )
