"""`postmarket serve`: the website, and on the embedded database its worker, until it is stopped."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from postmarket.cli.exit_codes import Exit
from postmarket.cli.serving.address import Address
from postmarket.cli.serving.errors import NoDatabase
from postmarket.config.site import start_site


def run(*, host: str, port: int) -> Exit:
    """
    Bring the tables up to date, serve, and say where as soon as the site answers.

    Raises ServeError when it cannot listen there, NoDatabase when the database cannot be used.
    """
    address = Address(host, port)
    address.bound()  # before the database is touched: a second start by mistake changes nothing
    address.allow()
    from django.db import Error as DatabaseTrouble

    try:
        start_site(store=True)
        from postmarket.web.pages.accounts.addresses import first_run_link

        link = first_run_link(address.url, now=datetime.now(UTC))
    except DatabaseTrouble as error:
        raise NoDatabase(error) from error
    return _serve(address, link)


def _serve(address: Address, link: str | None) -> Exit:
    from django.db import connections

    from postmarket.cli.serving.beside import Beside
    from postmarket.cli.serving.web import WebServer, processes_for

    vendor, database = connections["default"].vendor, connections["default"].display_name
    connections.close_all()
    server = WebServer(address, processes=processes_for(vendor))
    beside = Beside() if vendor == "sqlite" else None

    def ready() -> None:
        if beside is not None:
            beside.start()
        tasks = "with its worker" if beside is not None else "tasks wait for: postmarket worker"
        say(f"postmarket: {address.url} ({database}, {tasks}). Ctrl-C stops it.")
        if link:
            say(f"Nobody is here yet. Make the first administrator within an hour, once: {link}")
        _warn(address)

    try:
        server.serve(ready)
    finally:
        if beside is not None:
            beside.stop()
    say("Stopped.")
    return Exit.OK


def say(line: str) -> None:
    """One line on standard output, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _warn(address: Address) -> None:
    """What a person who opens the site to a network should hear."""
    from django.conf import settings

    if address.is_local:
        return
    if not settings.HTTPS:
        sys.stderr.write(
            "postmarket: What people send travels unencrypted. Put a web server with https before the site, "
            "and set POSTMARKET_HTTPS=1.\n"
        )
    if address.is_everywhere and set(settings.ALLOWED_HOSTS) <= {"localhost", "127.0.0.1", "[::1]"}:
        sys.stderr.write("postmarket: The site answers to localhost only. Name what people type in POSTMARKET_HOSTS.\n")
