"""`records`: the chain of what was done."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from postmarket.cli.entry.options import AsJson

records = typer.Typer(help="Records: verify that nothing was changed, anchor them, see what something was on a day.")


@records.command("verify")
def records_verify(
    anchor: Annotated[
        list[Path] | None, typer.Option(help="An anchor that was kept elsewhere; those in the folder count besides.")
    ] = None,
    key: Annotated[
        list[Path] | None, typer.Option(help="Trust only this public key (PEM); default: those in the home.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Hold everything recorded against what it must be. Changes nothing. Exit 6 when something was found."""
    from postmarket.cli import records as body

    raise typer.Exit(body.verify(anchors=anchor or [], keys=key or [], as_json=as_json))


@records.command("anchor")
def records_anchor(as_json: AsJson = False) -> None:
    """Sign where the records end, now, and put that wherever the settings say."""
    from postmarket.cli import records as body

    raise typer.Exit(body.anchor(as_json=as_json))


@records.command("show")
def records_show(
    kind: Annotated[str, typer.Argument(help="What kind of thing, such as device.")],
    id_: Annotated[str, typer.Argument(metavar="ID", help="Which of them, as records name it.")],
    as_of: Annotated[
        str, typer.Option(help="At the end of this day, or at this moment; default: now.", metavar="WHEN")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Say what something was, and every record about it until then."""
    from postmarket.cli import records_show as body

    raise typer.Exit(body.run(kind=kind, id_=id_, as_of=as_of, as_json=as_json))
