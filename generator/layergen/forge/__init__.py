"""Environment, Markdown -> one comment on a pull request, on GitHub or GitLab.

`find_thread` says where the comment belongs, `post_review` makes or updates it. Nothing
here is imported by what compiles specs.
"""

from collections.abc import Mapping

from layergen.codes import forge as codes
from layergen.forge import github, gitlab
from layergen.forge.api import ForgeError
from layergen.forge.post import Outcome, post_review
from layergen.forge.thread import Thread, mark

__all__ = ["ForgeError", "Outcome", "Thread", "find_thread", "mark", "post_review"]

_FORGES = {
    "GITHUB_REPOSITORY": github.find_thread,
    "CI_API_V4_URL": gitlab.find_thread,
}
"""By the variable that only its jobs have, where a forge's comments go."""


def find_thread(environment: Mapping[str, str], number: int | None) -> Thread | None:
    """The comments of the pull request that a job is about, or of the one given.

    None when the job is about no pull request, such as one of a push.

    Raises:
        ForgeError: the environment is of no forge, or not complete.
    """
    for variable, find in _FORGES.items():
        if environment.get(variable):
            return find(environment, number)
    names = " nor ".join(f"`{variable}`" for variable in _FORGES)
    message = f"neither {names} is set"
    note = "`layergen comment` runs in jobs of GitHub Actions and of GitLab CI"
    raise ForgeError.of(codes.NO_FORGE, message, note)
