"""A small GitHub and GitLab on loopback, as far as comments go."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "secret-of-the-job"
LIMITS = {"github": 65536, "gitlab": 1_000_000}
_PLACES = {
    "github": r"/repos/acme/layers/issues/(?P<pull>\d+)/comments"
    r"|/repos/acme/layers/issues/comments/(?P<id>\d+)",
    "gitlab": r"/projects/12/merge_requests/(?P<pull>\d+)/notes(?:/(?P<id>\d+))?",
}
_UPDATES = {"github": "PATCH", "gitlab": "PUT"}


@dataclass(frozen=True)
class Asked:
    """One request, as it came."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    data: Any


@dataclass
class Forge:
    """What the forge holds and does.

    Attributes:
        kind: `github` or `gitlab`.
        comments: those of pull request 7, oldest first.
        user: whose the token is; None for an app, which on GitHub is no user.
        read_only: whether the token may not write.
        answers: what is answered first, whatever is asked: status, headers, content.
        per_page: the most comments of a page.
    """

    kind: str = "github"
    url: str = ""
    comments: list[dict[str, Any]] = field(default_factory=list)
    user: str | None = None
    read_only: bool = False
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    per_page: int = 100

    def add(self, body: str, author: str = "github-actions[bot]") -> dict[str, Any]:
        kind = "Bot" if author.endswith("[bot]") else "User"
        who = {"login": author, "username": author, "type": kind}
        number = len(self.comments) + 1
        key = "user" if self.kind == "github" else "author"
        self.comments.append({"id": number, "body": body, key: who})
        return self.comments[-1]

    @property
    def bodies(self) -> list[str]:
        return [comment["body"] for comment in self.comments]

    @property
    def methods(self) -> list[str]:
        return [asked.method for asked in self.asked]

    def answer(self, asked: Asked) -> tuple[int, dict[str, str], Any]:
        if asked.path == "/user":
            if self.user is None:
                return 403, {}, {"message": "Resource not accessible by integration"}
            return 200, {}, {"login": self.user, "username": self.user}
        place = re.fullmatch(_PLACES[self.kind], asked.path)
        if not place or place["pull"] not in (None, "7"):
            return 404, {}, {"message": "Not Found"}
        if asked.method == "GET":
            return self._page(int(asked.query["page"][0]))
        if self.read_only:
            return 403, {}, {"message": "Resource not accessible by integration"}
        body = asked.data["body"]
        if len(body) > LIMITS[self.kind]:
            return 422, {}, {"message": "Body is too long"}
        if place["id"] is None:
            assert asked.method == "POST"
            return 201, {}, self.add(body, self.user or "github-actions[bot]")
        assert asked.method == _UPDATES[self.kind]
        comment = self.comments[int(place["id"]) - 1]
        comment["body"] = body
        return 200, {}, comment

    def _page(self, page: int) -> tuple[int, dict[str, str], Any]:
        start = (page - 1) * self.per_page
        shown = self.comments[start : start + self.per_page]
        links = '<https://elsewhere.invalid/?page=1>; rel="first"'
        if start + self.per_page < len(self.comments):
            links += f', <https://elsewhere.invalid/?page={page + 1}>; rel="next"'
        return 200, {"Link": links}, shown


@contextmanager
def serve(forge: Forge) -> Iterator[Forge]:
    """The forge, listening; its `url` says where."""

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            parts = urlsplit(self.path)
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {key.lower(): text for key, text in self.headers.items()}
            data = json.loads(content) if content else None
            query = parse_qs(parts.query)
            asked = Asked(self.command, parts.path, query, headers, data)
            forge.asked.append(asked)
            if forge.answers:
                status, given, raw = forge.answers.pop(0)
            else:
                status, given, answer = forge.answer(asked)
                raw = json.dumps(answer).encode()
            self.send_response(status)
            for key, text in given.items():
                self.send_header(key, text)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = do_PATCH = do_PUT = _do  # noqa: N815

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    forge.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield forge
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
