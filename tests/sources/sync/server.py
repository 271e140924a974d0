"""A real HTTP server on 127.0.0.1 that plays the services, and misbehaves where a test asks it to."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """What was asked: the path with its query, and the headers."""

    path: str
    headers: Message

    @property
    def query(self) -> dict[str, str]:
        """The query's names and first values."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}

    def header(self, name: str) -> str:
        """A header's value, empty when it was not sent."""
        return str(self.headers.get(name, ""))


@dataclass(frozen=True)
class Reply:
    """What is answered; with `cut`, the connection breaks after so many bytes of the body."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None


Handler = Callable[[Request], Reply]


class Server:
    """Routes by path (without the query); anything else is 404. `asked` holds every request in order."""

    def __init__(self) -> None:
        self.routes: dict[str, Handler] = {}
        self.asked: list[Request] = []
        outer = self

        class _Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # One write for head and body: two small ones would wait for each other's acknowledgement.
            wbufsize = -1

            def do_GET(self) -> None:
                outer.answer(self)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The address of the server, without a slash at the end."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def paths(self) -> list[str]:
        """The paths asked for, queries included."""
        return [request.path for request in self.asked]

    def close(self) -> None:
        """Stop."""
        self._http.shutdown()
        self._http.server_close()

    def answer(self, connection: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        request = Request(connection.path, connection.headers)
        self.asked.append(request)
        handler = self.routes.get(urlsplit(connection.path).path)
        reply = handler(request) if handler else Reply(status=404)
        connection.send_response(reply.status)
        for name, value in reply.headers.items():
            connection.send_header(name, value)
        if "Content-Length" not in reply.headers and reply.status != 304:
            connection.send_header("Content-Length", str(len(reply.body)))
        connection.end_headers()
        if reply.cut is None:
            connection.wfile.write(reply.body)
        else:
            connection.wfile.write(reply.body[: reply.cut])
            connection.close_connection = True

    def says(self, path: str, body: bytes, **headers: str) -> None:
        """`path` answers `body`, with an ETag of its content, conditional requests and ranges understood."""
        self.routes[path] = static(body, headers)

    def in_turn(self, path: str, *replies: Reply | Handler) -> None:
        """`path` answers one after the other, the last one for ever."""
        left = list(replies)

        def handler(request: Request) -> Reply:
            reply = left.pop(0) if len(left) > 1 else left[0]
            return reply(request) if callable(reply) else reply

        self.routes[path] = handler


def etag(body: bytes) -> str:
    """The strong ETag the server gives `body`."""
    return f'"{hashlib.sha256(body).hexdigest()[:16]}"'


def static(body: bytes, headers: Mapping[str, str] | None = None, *, cut: int | None = None) -> Handler:
    """A well-behaved file server for one file; with `cut`, whole answers break off."""

    def handler(request: Request) -> Reply:
        tag = etag(body)
        given = {"ETag": tag, "Accept-Ranges": "bytes", **(headers or {})}
        if request.header("If-None-Match") == tag:
            return Reply(status=304, headers=given)
        wanted = request.header("Range")
        if wanted and request.header("If-Range") in ("", tag):
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            if start >= len(body):
                return Reply(status=416, headers={"Content-Range": f"bytes */{len(body)}"})
            span = f"bytes {start}-{len(body) - 1}/{len(body)}"
            return Reply(body[start:], 206, {**given, "Content-Range": span})
        return Reply(body, 200, given, cut)

    return handler
