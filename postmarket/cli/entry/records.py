"""`records`: the chain of what was done."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from postmarket.cli.entry.options import AsJson, Output
from postmarket.cli.entry.scanning import ScanFormat

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


@records.command("replay")
def records_replay(
    versions: Annotated[
        list[str] | None, typer.Argument(help="Device versions, such as 'Corvid ventilator 3.2'; default: all shipped.")
    ] = None,
    as_of: Annotated[
        str, typer.Option(help="At the end of this day, or at this moment; default: now.", metavar="WHEN")
    ] = "",
    format_: Annotated[
        ScanFormat, typer.Option("--format", "-f", help="How to write the worklist.")
    ] = ScanFormat.TABLE,
    output: Output = None,
    show: Annotated[int, typer.Option(help="How many rows the table shows.", min=1)] = 25,
    all_rows: Annotated[bool, typer.Option("--all", help="Show every row, and the possible ones.")] = False,
) -> None:
    """Match anew what was shipped on a day with what had come by then, from the kept files. Changes nothing."""
    from postmarket.cli import records_replay as body
    from postmarket.cli.scan import Request

    request = Request(inputs=(), format=format_.value, output=output, show=None if all_rows else show)
    raise typer.Exit(body.run(request, as_of=as_of, versions=versions or []))
