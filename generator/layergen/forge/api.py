"""Request -> Answer: JSON over HTTP. The token goes to one host and nowhere else.

Each request and all of them together end within a time, an answer within a size.
Redirects are followed on the host alone. What is told of a failure has no token in it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from time import monotonic
from typing import Any
from urllib.error import URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPErrorProcessor, Request, build_opener

from layergen.codes import forge as codes
from layergen.workspace.project import CommandError

SECONDS = 20.0
"""For which a connection may be silent."""

_ALL_SECONDS = 180.0
_MOST_BYTES = 1 << 26
_MOST_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 307, 308})
_AGENT = "layergen"


class ForgeError(CommandError):
    """A comment could not be made or updated."""

    exit_code = 2


class ForkError(CommandError):
    """A comment may not be made, and need not: the pull request is from a fork."""

    exit_code = 0


class RefusedError(Exception):
    """The forge answered that it will not."""

    def __init__(self, status: int, reason: str) -> None:
        self.status, self.reason = status, reason
        super().__init__(reason)


class UnavailableError(Exception):
    """The forge could not answer; `wait` is the seconds that it asks for, or None."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        self.reason, self.wait = reason, wait
        super().__init__(reason)


@dataclass(frozen=True)
class Answer:
    """What came back: plain data, and whether a list goes on on another page."""

    data: Any
    has_next: bool


@dataclass(frozen=True)
class Api:
    """Where requests go, and as whom.

    Attributes:
        url: without a slash at the end.
        secret: the token.
        headers: those of every request, the token among them.
        ends: the time by `monotonic` after which no request is made.
    """

    url: str
    secret: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    ends: float = field(default_factory=lambda: monotonic() + _ALL_SECONDS)

    def ask(self, method: str, path: str, data: object = None) -> Answer:
        """Ask for a path below the API's address; `data` is sent as JSON.

        Raises:
            RefusedError: an answer of 4xx.
            UnavailableError: no answer, or one of 5xx or 429.
            ForgeError: an answer that makes no sense.
        """
        url = f"{self.url}/{path}"
        for _ in range(_MOST_REDIRECTS):
            status, headers, content = self._send(method, url, data)
            if status not in _REDIRECTS:
                return self._read_answer(status, headers, content)
            url = self._follow(url, headers.get("location", ""))
        raise ForgeError.of(codes.UNEXPECTED, f"`{self.url}` redirects without an end")

    def _send(
        self, method: str, url: str, data: object
    ) -> tuple[int, Mapping[str, str], bytes]:
        body = None if data is None else json.dumps(data).encode()
        headers = {**self.headers, "User-Agent": _AGENT}
        if body is not None:
            headers["Content-Type"] = "application/json"
        request = Request(url, body, headers, method=method)
        try:
            with build_opener(_AsIs).open(request, timeout=SECONDS) as response:
                found = {key.lower(): text for key, text in response.headers.items()}
                return response.status, found, self._read_content(response)
        except (OSError, HTTPException) as error:
            reason = error.reason if isinstance(error, URLError) else error
            words = str(reason) or type(error).__name__
            raise UnavailableError(self._hide(words)) from None

    def _read_content(self, response: Any) -> bytes:
        parts, size = [], 0
        while part := response.read1(1 << 16):
            parts.append(part)
            size += len(part)
            if size > _MOST_BYTES:
                message = f"`{self.url}` answers more than 64 MiB"
                raise ForgeError.of(codes.UNEXPECTED, message)
            if monotonic() > self.ends:
                raise UnavailableError(f"no whole answer in {_ALL_SECONDS:.0f} seconds")
        return b"".join(parts)

    def _follow(self, url: str, target: str) -> str:
        """The address of a redirect, on the same host."""
        there = urljoin(url, target)
        if urlsplit(there)[:2] == urlsplit(url)[:2]:
            return there
        host = self._hide(urlsplit(there).netloc)
        message = f"`{self.url}` redirects to another host, `{host}`"
        note = "the token was not sent there; is the address that of the API?"
        raise ForgeError.of(codes.UNEXPECTED, message, note)

    def _read_answer(
        self, status: int, headers: Mapping[str, str], content: bytes
    ) -> Answer:
        try:
            data = json.loads(content) if content else None
        except (ValueError, RecursionError):
            data = None if status >= 400 else _GARBLED
        if status >= 400:
            self._refuse(status, headers, data)
        if data is _GARBLED:
            raise ForgeError.of(codes.UNEXPECTED, f"`{self.url}` answers no JSON")
        link = headers.get("link", "")
        return Answer(data, bool(re.search(r';\s*rel="?next\b', link)))

    def _refuse(self, status: int, headers: Mapping[str, str], data: Any) -> None:
        said = data.get("message") if isinstance(data, dict) else None
        reason = self._hide(f"{status}: {said}" if said else f"status {status}")
        asked = headers.get("retry-after", "")
        # GitHub says 403 too when there were too many requests.
        limited = status == 429 or (
            status == 403 and (asked or headers.get("x-ratelimit-remaining") == "0")
        )
        if status >= 500 or limited:
            wait = float(asked) if asked.isascii() and asked.isdigit() else None
            raise UnavailableError(reason, wait)
        raise RefusedError(status, reason)

    def _hide(self, text: str) -> str:
        return text.replace(self.secret, "***")


_GARBLED = object()


class _AsIs(HTTPErrorProcessor):
    """Hands over every answer as it is: nothing is raised and nothing followed."""

    def http_response(self, request: Request, response: Any) -> Any:
        return response

    https_response = http_response


def read_url(environment: Mapping[str, str], variable: str, default: str = "") -> str:
    """The address of an API.

    Raises:
        ForgeError: it is no address of the web.
    """
    url = environment.get(variable) or default
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and parts.hostname and not parts.query
    except ValueError:
        fine = False
    if not fine or not url.isprintable() or " " in url or "@" in url:
        message = f"`{variable}` holds no address of an API"
        raise ForgeError.of(codes.BAD_ENVIRONMENT, message)
    return url.rstrip("/")


def read_token(environment: Mapping[str, str], variable: str, note: str) -> str:
    """The token in a variable.

    Raises:
        ForgeError: there is none, or it holds what no header may. It is not quoted.
    """
    token = environment.get(variable, "").strip()
    if not token:
        raise ForgeError.of(codes.NO_TOKEN, f"`{variable}` is not set", note)
    if not re.fullmatch(r"[!-~]+", token):
        message = f"`{variable}` holds characters that no token has"
        raise ForgeError.of(codes.NO_TOKEN, message, note)
    return token
