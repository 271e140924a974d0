"""The web server: granian, told to be quiet, and watched until the site answers."""

from __future__ import annotations

import http.client
import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from postmarket.cli.serving.beside import end_with_parent
from postmarket.cli.serving.errors import ServeError

if TYPE_CHECKING:
    from postmarket.cli.serving.address import Address

APPLICATION = "postmarket.config.wsgi:application"
THREADS = 8
MOST_PROCESSES = 8
READY_WITHIN_SECONDS = 60
LOOK_SECONDS = 0.05
ANSWER_SECONDS = 10
STOP_SECONDS = 10
"""How long requests that are being answered may go on when the site is stopped."""


class WebServer:
    """
    Serves the site at one address until Ctrl-C, SIGTERM or `stop`.

    `processes` answer, each with eight threads. They end with this process, however it ends.
    """

    def __init__(self, address: Address, *, processes: int) -> None:
        from granian import Granian
        from granian.constants import Interfaces

        # A forked process would share our open connections and locks.
        multiprocessing.set_start_method("spawn", force=True)
        self.address = address
        self._server = Granian(
            target=APPLICATION,
            address=address.bound(),
            port=address.port,
            interface=Interfaces.WSGI,
            workers=processes,
            blocking_threads=THREADS,
            websockets=False,
            log_enabled=False,
            respawn_failed_workers=True,
            workers_kill_timeout=STOP_SECONDS,
        )

    def serve(self, ready: Callable[[], None]) -> None:
        """
        Serve; `ready` is called in another thread as soon as the site answers.

        Raises ServeError when it does not begin to, or the web server ends by itself; what `ready` raises.
        """
        failed: list[Exception] = []

        def watch() -> None:
            try:
                self._wait_until_healthy()
                if not self._server.interrupt_signal:
                    ready()
            except Exception as error:  # raised in the main thread, below
                failed.append(error)
                self.stop()

        self._server.on_startup(threading.Thread(target=watch, name="watches the beginning", daemon=True).start)
        try:
            self._server.serve(target_loader=application, wrap_loader=False)
        except SystemExit as ended:
            if not self._server.interrupt_signal:
                raise ServeError(
                    "The web server ended by itself",
                    next_step="Its last words are above; start it again, and report it if it comes again.",
                ) from ended
        if failed:
            raise failed[0]

    def stop(self) -> None:
        """End as by Ctrl-C; from any thread."""
        self._server.signal_handler_interrupt()  # type: ignore[no-untyped-call]

    def get(self, path: str) -> tuple[int, bytes]:
        """What the site answers there: status and body. Raises OSError when it does not."""
        connection = http.client.HTTPConnection(self.address.dialled, self.address.port, timeout=ANSWER_SECONDS)
        try:
            connection.request("GET", path, headers={"Host": _own_name()})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def _wait_until_healthy(self) -> None:
        end = time.monotonic() + READY_WITHIN_SECONDS
        said = "nothing answers"
        while time.monotonic() < end and not self._server.interrupt_signal:
            try:
                status, body = self.get("/healthz")
                if status < http.HTTPStatus.BAD_REQUEST:
                    return
                said = f"it answers {status}: {body[:200].decode('utf-8', 'replace')}"
            except (OSError, http.client.HTTPException) as error:
                said = f"nothing answers ({error})"
            time.sleep(LOOK_SECONDS)
        if not self._server.interrupt_signal:
            raise ServeError(
                "The site does not begin to answer",
                where=self.address.url,
                why=said,
                next_step="See what the log above says.",
            )


def processes_for(vendor: str) -> int:
    """How many processes answer: one on the embedded database, on a server as many as there are processors."""
    return 1 if vendor == "sqlite" else min(os.cpu_count() or 1, MOST_PROCESSES)


def application() -> Callable[..., Any]:
    """The site, in a process of the web server's; called there."""
    end_with_parent()
    from postmarket.config.wsgi import application as site

    return site


def _own_name() -> str:
    """A name that the site answers to."""
    from django.conf import settings

    return next((name for name in settings.ALLOWED_HOSTS if name not in {"*"} and name[0] != "."), "localhost")
