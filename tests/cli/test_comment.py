"""`layergen comment`, against an API on loopback."""

import io
import json
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Result, Sandbox
from tests.cli.forge_server import LIMITS, TOKEN, Forge, serve

from layergen.codes import project as codes
from layergen.diagnostics import Diagnostic
from layergen.forge import mark
from layergen.forge import post as post_module
from layergen.forge.fit import fit_body
from layergen.review.output.markdown import format_markdown, says_no_change
from layergen.review.report import Review

MARK = mark("")
REVIEW = "### ❌ layergen: 1 of 3 layers changed, 1 change; broken: config 1\n\n| a |\n"
NO_CHANGE = "### ✅ layergen: 3 layers compared: no change\n"
_VARIABLES = ("CI_", "GITHUB_", "GITLAB_", "http_proxy", "HTTP_PROXY", "all_proxy")

Comment = Callable[..., Result]


def _event(box: Sandbox, event: dict[str, Any]) -> str:
    return str(box.write("event.json", json.dumps(event)))


def _pull_request(head: str | None = "acme/layers") -> dict[str, Any]:
    repo = {"full_name": head} if head else None
    return {"pull_request": {"number": 7, "head": {"repo": repo}}}


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds waited, which pass at once."""
    found: list[float] = []
    monkeypatch.setattr(post_module, "sleep", found.append)
    return found


def _clear(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith(_VARIABLES):
            monkeypatch.delenv(name)


@pytest.fixture
def github(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> Iterator[Forge]:
    _clear(monkeypatch)
    with serve(Forge()) as forge:
        monkeypatch.setenv("GITHUB_REPOSITORY", "acme/layers")
        monkeypatch.setenv("GITHUB_API_URL", forge.url)
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        monkeypatch.setenv("GITHUB_EVENT_PATH", _event(box, _pull_request()))
        yield forge


@pytest.fixture
def gitlab(monkeypatch: pytest.MonkeyPatch, waits: list[float]) -> Iterator[Forge]:
    _clear(monkeypatch)
    with serve(Forge("gitlab", user="project_bot")) as forge:
        monkeypatch.setenv("CI_API_V4_URL", forge.url)
        monkeypatch.setenv("CI_PROJECT_ID", "12")
        monkeypatch.setenv("CI_MERGE_REQUEST_IID", "7")
        monkeypatch.setenv("GITLAB_TOKEN", TOKEN)
        yield forge


@pytest.fixture(params=["github", "gitlab"])
def forge(request: pytest.FixtureRequest) -> Forge:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Forge)
    return found


@pytest.fixture
def comment(box: Sandbox) -> Comment:
    """Run `layergen comment` on a review; the token must never be told."""

    def run(*arguments: str, review: str = REVIEW, code: int = 0) -> Result:
        box.write("review.md", review)
        result = box.run("comment", "review.md", *arguments, code=code)
        assert TOKEN not in result.out + result.err
        assert result.out == "" or "github" in arguments
        return result

    return run


def test_a_comment_is_made_and_then_updated(forge: Forge, comment: Comment) -> None:
    assert comment().err.startswith("made a comment on ")
    assert forge.bodies == [f"{MARK}\n{REVIEW}"]
    comment(review=REVIEW + "more\n")
    assert forge.bodies == [f"{MARK}\n{REVIEW}more\n"]
    methods = list(forge.methods)
    assert comment(review=REVIEW + "more\n").err.startswith("the comment is up to date")
    assert {asked.method for asked in forge.asked[len(methods) :]} == {"GET"}


def test_who_asks(github: Forge, comment: Comment) -> None:
    comment()
    for asked in github.asked:
        assert asked.headers["authorization"] == f"Bearer {TOKEN}"
        assert asked.headers["user-agent"] == "layergen"


def test_who_asks_gitlab(gitlab: Forge, comment: Comment) -> None:
    comment()
    assert all(asked.headers["private-token"] == TOKEN for asked in gitlab.asked)
    assert all("authorization" not in asked.headers for asked in gitlab.asked)


def test_from_standard_input(
    github: Forge, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(REVIEW.encode()), "ascii")
    monkeypatch.setattr(sys, "stdin", stdin)
    box.run("comment")
    assert github.bodies == [f"{MARK}\n{REVIEW}"]


def test_pages_are_followed_and_their_addresses_are_not(
    forge: Forge, comment: Comment
) -> None:
    for number in range(7):
        forge.add(f"talk {number}", "ann")
    forge.per_page = 3
    comment()
    comment(review=REVIEW + "more\n")
    assert len(forge.comments) == 8
    assert forge.bodies[7] == f"{MARK}\n{REVIEW}more\n"
    pages = [asked.query["page"] for asked in forge.asked if "page" in asked.query]
    assert pages == [["1"], ["2"], ["3"]] * 2


def test_only_our_own_comment_is_updated(forge: Forge, comment: Comment) -> None:
    forge.add(f"> {MARK}\nquoted", "ann")
    forge.add(f"see {MARK}", "github-actions[bot]")
    forge.add(f"{MARK}\nwritten on purpose", "ann")
    forge.add(f"{mark('other')}\nof another project", "github-actions[bot]")
    before = forge.bodies
    comment()
    assert forge.bodies == [*before, f"{MARK}\n{REVIEW}"]


def test_a_token_of_a_user_updates_what_that_user_wrote(
    github: Forge, comment: Comment
) -> None:
    github.user = "ann"
    github.add(f"{MARK}\nof the bot")
    github.add(f"{MARK}\nof ann", "ann")
    comment()
    assert github.bodies == [f"{MARK}\nof the bot", f"{MARK}\n{REVIEW}"]


@pytest.mark.parametrize("key", ["layers", "a b/ü", "--><b>", "a---b", "x\ny"])
def test_each_key_has_its_comment(github: Forge, comment: Comment, key: str) -> None:
    comment()
    comment("--key", key)
    comment("--key", key, review=REVIEW + "more\n")
    assert len(github.comments) == 2
    first = github.bodies[1].splitlines()[0]
    assert first == mark(key) != MARK
    assert first.count("--") == 2
    assert first.count(">") == 1
    assert first.endswith(" -->")


def test_no_change_is_said_only_where_something_was(
    forge: Forge, comment: Comment
) -> None:
    assert comment(review=NO_CHANGE).err.startswith("nothing to say")
    assert forge.comments == []
    comment()
    comment(review=NO_CHANGE)
    assert forge.bodies == [f"{MARK}\n{NO_CHANGE}"]


def test_what_diff_prints_of_no_change_is_known() -> None:
    nothing = Review((), 3, (), frozenset())
    wrong = Diagnostic(codes.UNREADABLE, "gone", path="specs/a.yaml")
    assert format_markdown(nothing, lambda _: "") == NO_CHANGE
    assert says_no_change(NO_CHANGE)
    some = format_markdown(Review((), 3, (wrong,), frozenset()), lambda _: "")
    assert not says_no_change(some)
    assert not says_no_change(REVIEW)


def test_nothing_to_post(github: Forge, comment: Comment, box: Sandbox) -> None:
    assert "error[LG583]" in comment(review=" \n", code=2).err
    assert "error[LG090]" in box.run("comment", "nowhere.md", code=2).err
    assert github.asked == []


def test_a_terminal_is_not_waited_for(
    github: Forge, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    assert "LG583" in box.run("comment", code=2).err


# Pull requests


@pytest.mark.parametrize(
    "event",
    [{}, {"ref": "refs/heads/main"}, {"issue": {"number": 7}}, {"pull_request": 7}],
)
def test_no_pull_request(
    github: Forge,
    comment: Comment,
    box: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    event: dict[str, Any],
) -> None:
    monkeypatch.setenv("GITHUB_EVENT_PATH", _event(box, event))
    monkeypatch.setenv("GITHUB_REF", "refs/heads/main")
    monkeypatch.delenv("GITHUB_TOKEN")
    assert comment().err == "no comment: this job is about no pull request\n"
    assert github.asked == []


def test_no_merge_request(
    gitlab: Forge, comment: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI_MERGE_REQUEST_IID")
    assert comment().err == "no comment: this job is about no pull request\n"
    assert gitlab.asked == []


def test_ways_to_name_the_pull_request(
    github: Forge, comment: Comment, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue = {"issue": {"number": 7, "pull_request": {"url": "..."}}}
    monkeypatch.setenv("GITHUB_EVENT_PATH", _event(box, issue))
    comment()
    monkeypatch.delenv("GITHUB_EVENT_PATH")
    monkeypatch.setenv("GITHUB_REF", "refs/pull/7/merge")
    comment()
    monkeypatch.delenv("GITHUB_REF")
    comment("--pull-request", "7")
    assert len(github.comments) == 1
    assert "error[LG586]" in comment("--pull-request", "8", code=2).err


def test_merge_requests_of_forks_are_where_they_go_to(
    gitlab: Forge, comment: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI_PROJECT_ID", "99")
    monkeypatch.setenv("CI_MERGE_REQUEST_PROJECT_ID", "12")
    monkeypatch.setenv("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "99")
    comment()
    assert len(gitlab.comments) == 1
    monkeypatch.delenv("GITLAB_TOKEN")
    assert "warning[LG585]" in comment().err


# Permissions


def test_a_token_that_may_not_write(forge: Forge, comment: Comment) -> None:
    forge.read_only = True
    err = comment(code=2).err
    assert "error[LG584]: the token may not comment on " in err
    needs = "pull-requests: write" if forge.kind == "github" else "scope `api`"
    assert needs in err
    assert "(403: Resource not accessible by integration)" in err


@pytest.mark.parametrize("head", ["stranger/layers", None])
def test_a_fork_that_may_not_write_fails_nothing(
    github: Forge,
    comment: Comment,
    box: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    head: str | None,
) -> None:
    monkeypatch.setenv("GITHUB_EVENT_PATH", _event(box, _pull_request(head)))
    github.read_only = True
    assert "warning[LG585]" in comment().err
    out = comment("--output-format", "github").out
    assert out.startswith("::warning title=LG585")
    github.read_only = False
    comment()
    assert len(github.comments) == 1


def test_wrong_token(forge: Forge, comment: Comment) -> None:
    forge.answers = [(401, {}, b'{"message": "Bad credentials"}')]
    assert "error[LG584]" in comment(code=2).err


@pytest.mark.parametrize("token", ["", "  ", f"{TOKEN}\nmore", f"{TOKEN}é"])
def test_tokens_that_are_none(
    forge: Forge, comment: Comment, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    name = "GITHUB_TOKEN" if forge.kind == "github" else "GITLAB_TOKEN"
    monkeypatch.setenv(name, token)
    assert f"error[LG582]: `{name}`" in comment(code=2).err
    assert forge.asked == []


# Long reviews


def _long_review(layers: int, lines: int) -> str:
    parts = ["### ❌ layergen: many\n"]
    for i in range(layers):
        parts.append(f"#### `zoo>Layer{i}`\n\n| breaks |\n|---|\n| **config** |\n")
        code = "\n".join([f"+{'x' * 70}"] * lines)
        summary = "<details><summary>generated code</summary>"
        parts.append(f"{summary}\n\n```diff\n{code}\n```\n\n</details>\n")
    return "\n".join(parts)


def test_code_is_left_out_of_a_long_review_before_changes(
    forge: Forge, comment: Comment
) -> None:
    limit = LIMITS[forge.kind]
    review = _long_review(40, limit // 40 // 60)
    assert len(review) > limit
    comment(review=review)
    (body,) = forge.bodies
    assert 0.5 * limit < len(body) <= limit
    assert body.startswith(MARK)
    assert body.count("#### `zoo>Layer") == body.count("| **config** |") == 40
    assert 0 < body.count("<details>") == body.count("</details>") < 40
    assert body.count("```") == 2 * body.count("<details>")
    assert body.rstrip().endswith("`layergen diff` shows all of it._")


def test_a_review_that_is_long_without_code_ends_after_a_line() -> None:
    rows = "\n".join(f"| {i:06} |" for i in range(1000))
    body = fit_body(f"{MARK}\n{rows}", 2000, "GitHub")
    assert len(body) <= 2000
    kept, _, notice = body.partition("\n\n_Cut: ")
    assert notice.startswith("the review is longer than a comment on GitHub may be")
    assert kept.splitlines() == [MARK, *rows.splitlines()[: kept.count("\n")]]


def test_what_is_open_at_the_cut_is_closed() -> None:
    inner = "\n".join(["</details>", *["x" * 50] * 100])
    text = f"# a\n<details>\n\n````diff\n{inner}\n```\n"
    body = fit_body(text, 3000, "GitHub")
    assert len(body) <= 3000
    assert "\n````\n</details>\n\n_Cut: " in body


def test_any_text_fits() -> None:
    assert fit_body("a" * 1000, 1000, "GitHub") == "a" * 1000
    for text in ("a" * 1001, "<details>\n" * 999, "`" * 900 + "\n" + "b" * 900):
        assert len(fit_body(text, 1000, "GitHub")) <= 1000


# Failures of the API


def test_a_failure_that_passes(
    forge: Forge, comment: Comment, waits: list[float]
) -> None:
    forge.answers = [(500, {}, b"<html>oops"), (429, {"Retry-After": "3"}, b"")]
    comment()
    assert len(forge.comments) == 1
    assert waits == [2.0, 3.0]


def test_a_comment_that_was_made_before_the_failure_is_not_made_again(
    github: Forge, comment: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = github.answer

    def make_and_fail(asked: Any) -> Any:
        result = answer(asked)
        return (502, {}, None) if asked.method == "POST" else result

    monkeypatch.setattr(github, "answer", make_and_fail)
    assert comment().err.startswith("the comment is up to date")
    assert len(github.comments) == 1


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (503, {}),
        (429, {"Retry-After": "3600"}),
        (403, {"X-RateLimit-Remaining": "0"}),
        (403, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}),
    ],
)
def test_a_failure_that_stays(
    github: Forge,
    comment: Comment,
    waits: list[float],
    status: int,
    headers: dict[str, str],
) -> None:
    content = json.dumps({"message": f"overloaded {TOKEN}"}).encode()
    github.answers = [(status, headers, content)] * 9
    assert f"error[LG587]: GitHub cannot be reached: {status}: overloaded ***" in (
        comment(code=2).err
    )
    assert len(github.asked) == 3
    assert sum(waits) <= 40


def test_nobody_listens(
    github: Forge,
    comment: Comment,
    monkeypatch: pytest.MonkeyPatch,
    waits: list[float],
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setenv("GITHUB_API_URL", url)
        assert "error[LG587]" in comment(code=2).err
    assert len(waits) == 2


def test_an_answer_that_never_comes(
    github: Forge, comment: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    from layergen.forge import api

    monkeypatch.setattr(api, "SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setenv("GITHUB_API_URL", url)
        assert "timed out" in comment(code=2).err


def test_not_found(forge: Forge, comment: Comment) -> None:
    forge.answers = [(404, {}, b'{"message": "Not Found"}')]
    assert "error[LG586]" in comment(code=2).err


@pytest.mark.parametrize("content", [b"<html>", b"\xff", b'{"a": 1}', b"", b"[" * 9**6])
def test_answers_that_are_no_list(
    forge: Forge, comment: Comment, content: bytes
) -> None:
    forge.answers = [(200, {}, content)]
    assert "error[LG588]" in comment(code=2).err


def test_refusals_without_a_reason(forge: Forge, comment: Comment) -> None:
    forge.answers = [(422, {}, b"<html>")]
    assert "error[LG588]" in comment(code=2).err


def test_the_token_goes_to_no_other_host(forge: Forge, comment: Comment) -> None:
    with serve(Forge()) as other:
        forge.answers = [(302, {"Location": f"{other.url}/user"}, b"")]
        err = comment(code=2).err
        assert "error[LG588]" in err
        assert "redirects to another host" in err
        assert other.asked == []


def test_redirects_on_the_host_are_followed(github: Forge, comment: Comment) -> None:
    place = "/repos/acme/layers/issues/7/comments?per_page=100&page=1"
    github.answers = [(301, {"Location": place}, b"")]
    comment()
    assert len(github.comments) == 1
    github.answers = [(307, {"Location": place}, b"")] * 9
    assert "redirects without an end" in comment(code=2).err
    github.answers = [(301, {}, b"")] * 9
    comment(code=2)


# The environment


def test_no_forge(
    box: Sandbox, comment: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    _clear(monkeypatch)
    assert "error[LG580]" in comment(code=2).err


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GITHUB_REPOSITORY", "layers"),
        ("GITHUB_REPOSITORY", "acme/layers/../other"),
        ("GITHUB_API_URL", "file:///etc/passwd"),
        ("GITHUB_API_URL", "http://"),
        ("GITHUB_API_URL", "http://[::1"),
        ("GITHUB_API_URL", f"https://user:{TOKEN}@example.com"),
        ("GITHUB_EVENT_PATH", "/nowhere/event.json"),
        ("GITHUB_EVENT_PATH", __file__),
    ],
)
def test_environments_that_make_no_sense(
    github: Forge,
    comment: Comment,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
) -> None:
    monkeypatch.setenv(variable, value)
    assert "error[LG581]" in comment(code=2).err
    assert github.asked == []


@pytest.mark.parametrize(
    ("variable", "value"), [("CI_MERGE_REQUEST_IID", "x"), ("CI_PROJECT_ID", "")]
)
def test_environments_of_gitlab_that_make_no_sense(
    gitlab: Forge,
    comment: Comment,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
) -> None:
    monkeypatch.setenv(variable, value)
    assert "error[LG581]" in comment(code=2).err


def test_a_folder_is_no_review(github: Forge, box: Sandbox) -> None:
    Path(box.root, "folder").mkdir()
    assert "error[LG090]" in box.run("comment", "folder", code=2).err
