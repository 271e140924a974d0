"""The program: its commands in the order in which the help names them. A command imports its body when it is called."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from postmarket.cli.entry.devices import devices
from postmarket.cli.entry.feeds import feeds
from postmarket.cli.entry.matching import match
from postmarket.cli.entry.people import people
from postmarket.cli.entry.records import records
from postmarket.cli.entry.sbom import sbom
from postmarket.cli.entry.scanning import scan
from postmarket.cli.entry.site import demo, serve, worker
from postmarket.cli.entry.whole import backup, restore

COMMANDS = (scan, demo, serve, worker, match, backup, restore)
GROUPS = (
    (feeds, "feeds"),
    (sbom, "sbom"),
    (devices, "devices"),
    (people, "people"),
    (records, "records"),
)

app = typer.Typer(
    name="postmarket",
    epilog="Exit codes: 0 done, 1 a rule holds, 2 usage, 3 some inputs refused, 4 nothing identified, 5 failed,"
    " 6 records altered.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for command in COMMANDS:
    app.command()(command)
for group, name in GROUPS:
    app.add_typer(group, name=name, no_args_is_help=True)


def _say_version(wanted: bool) -> None:
    """Print what a defect report needs, and end."""
    if wanted:
        from postmarket import __version__
        from postmarket.matching.store.connection import SCHEMA_VERSION

        python = ".".join(map(str, sys.version_info[:3]))
        typer.echo(f"postmarket {__version__} (Python {python}, store schema {SCHEMA_VERSION})")
        raise typer.Exit


@app.callback()
def start(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Say the version, Python's, and the store's schema.", callback=_say_version, is_eager=True
        ),
    ] = False,
) -> None:
    """What a medical device manufacturer runs after a device is on the market."""
