"""Where a comment belongs, as data: the APIs of GitHub and GitLab differ in words."""

from dataclasses import dataclass
from urllib.parse import quote

from layergen.forge.api import Api


@dataclass(frozen=True)
class Thread:
    """The comments of one pull request.

    Attributes:
        forge: what it is called.
        name: which pull request, in words.
        api: where it is.
        comments: the path of the list, with its query; a comment is added there.
        comment: the path of one comment, up to its number.
        update: the method that changes one.
        author: the keys of a comment's author and of the author's name.
        bots_are_ours: whether a token may belong to an app, which has no user: what a
            bot wrote is then taken for its own.
        limit: characters of a comment.
        permission: what a token needs, as help.
        from_fork: whether the pull request comes from another repository.
    """

    forge: str
    name: str
    api: Api
    comments: str
    comment: str
    update: str
    author: tuple[str, str]
    bots_are_ours: bool
    limit: int
    permission: str
    from_fork: bool


def mark(key: str) -> str:
    """The line that begins a comment of ours, which readers do not see."""
    # `--` would end a comment in HTML.
    name = quote(key, safe="/ ").replace("--", "-%2D")
    return f"<!-- layergen review{f': {name}' if name else ''} -->"
