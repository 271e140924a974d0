"""The demo's site: prepared in a home of its own, served to this machine alone, gone when it ends."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

from postmarket.cli.exit_codes import Exit
from postmarket.cli.progress import StepBar
from postmarket.cli.serve import say
from postmarket.cli.serving.address import Address
from postmarket.cli.serving.errors import ServeError
from postmarket.config.site import start_site
from postmarket.demo.errors import DemoError
from postmarket.demo.home import environment_of, new_home

if TYPE_CHECKING:
    from types import FrameType

    from postmarket.cli.serving.web import WebServer
    from postmarket.demo.firm.history import Lived

HOST = "127.0.0.1"
MOST_TRIES = 20
LAST_PORT = 65535
TO_JUDGE = re.compile(r"([\d,]+) findings? to judge on ([\d,]+) device versions?")
HEADLINE = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)


def serve(*, now: datetime, port: int, rows: int, once: bool) -> Exit:
    """
    Prepare the site as of `now` and serve it until Ctrl-C; with `once` look at its first page and end.

    `rows` is how many the worklist has. Raises DemoError when the site shows another number, ServeError when it cannot
    be served.
    """
    address = free_address(port)
    with _told_to_stop(), new_home() as home:
        given = environment_of(home, os.environ)
        os.environ.clear()
        os.environ.update(given)
        lived = _prepare(home, now)
        if lived.rows != rows:
            raise _other(f"it has {lived.rows:,} rows, and the worklist {rows:,}")
        _serve(address, lived, once=once)
    return Exit.OK


def free_address(port: int) -> Address:
    """This machine's address with `port`, or the next free one, which is said. Raises ServeError when none is."""
    for number in range(port, min(port + MOST_TRIES, LAST_PORT + 1)):
        address = Address(HOST, number)
        try:
            address.bound()
        except ServeError as error:
            if number in {port + MOST_TRIES - 1, LAST_PORT}:
                raise
            refused = error
            continue
        if number != port:
            say(f"Port {port} cannot be had ({refused.why}); the demo takes {number}.")
        return address
    raise AssertionError("a range of ports is never empty")


def _prepare(home: Path, now: datetime) -> Lived:
    with StepBar("Preparing the website", "steps") as bar:
        start_site(store=True)
        from postmarket.demo.firm.firm import Firm
        from postmarket.demo.firm.history import STEPS, live, lived

        firm = Firm(home, now)
        bar.total(len(STEPS))
        for done, name in enumerate(live(firm)):
            bar.reading(name, done)
        return lived(firm)


def _serve(address: Address, lived: Lived, *, once: bool) -> None:
    from django.db import connections

    from postmarket.cli.serving.beside import Beside
    from postmarket.cli.serving.web import WebServer

    connections.close_all()
    server = WebServer(address, processes=1)
    beside = None if once else Beside()

    def ready() -> None:
        if beside is None:
            say(_checked(server, lived))
            server.stop()
            return
        beside.start()
        say(f"\nThe same manufacturer on the web: {address.url}. {_sentence(lived)} Ctrl-C ends it.")

    try:
        server.serve(ready)
    finally:
        if beside is not None:
            beside.stop()
    if not once:
        say("Stopped. Nothing is left behind.")


def _checked(server: WebServer, lived: Lived) -> str:
    """What to say of the first page. Raises DemoError when it is not Today with the worklist's number of findings."""
    status, body = server.get("/")
    page = body.decode("utf-8", "replace")
    said, headline = TO_JUDGE.search(page), HEADLINE.search(page)
    if status != 200 or said is None or headline is None:
        raise _other(f"its first page answers {status} and is not Today")
    open_ = int(said[1].replace(",", ""))
    if open_ != lived.open:
        raise _other(f"Today has {open_:,} findings to judge, and {lived.open:,} are open")
    return f"\nThe website's first page, Today: “{unescape(headline[1]).strip()}” {_sentence(lived)}"


def _sentence(lived: Lived) -> str:
    """How the worklist's rows stand on the site."""
    there = f"{lived.open:,} are to judge there, {lived.proposed:,} wait for a signature"
    return f"Of the worklist's {lived.rows:,} rows {there} and {lived.decided:,} are decided."


def _other(why: str) -> DemoError:
    return DemoError(
        "The demo's website does not show what the worklist says", why=why, next_step="Report this as a defect."
    )


@contextmanager
def _told_to_stop() -> Iterator[None]:
    """Let SIGTERM and a closed terminal end the demo as Ctrl-C does, so that its home goes with it."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    numbers = [signal.SIGTERM, signal.SIGHUP] if sys.platform != "win32" else [signal.SIGTERM]
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
