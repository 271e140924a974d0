"""`devices`: the inventory, from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from postmarket.cli.entry.options import AsJson

devices = typer.Typer(help="Devices: bring a portfolio into the inventory.")


@devices.command("import")
def devices_import(
    file: Annotated[Path, typer.Argument(help="A portfolio.yaml.")],
    why: Annotated[str, typer.Option(help="The reason, for the records. Default: the file's name.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring devices, versions, SBOMs and suppliers of a portfolio file into the inventory: all of it, or nothing."""
    from postmarket.cli import devices as body

    raise typer.Exit(body.import_file(file, why=why, dry_run=dry_run, as_json=as_json))
