"""`demo`, `serve` and `worker`: what keeps running."""

from __future__ import annotations

from typing import Annotated

import typer

from postmarket.cli.entry.options import AsJson


def demo(
    port: Annotated[int, typer.Option(help="The port to listen on, or the next free one.", min=1, max=65535)] = 8000,
    no_site: Annotated[bool, typer.Option("--no-site", help="Print the worklist only; serve nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the worklist of an example manufacturer, then serve its website on this machine; offline."""
    from postmarket.cli import demo as body

    raise typer.Exit(body.run(port=port, as_json=as_json, site=not no_site))


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)] = 8000,
) -> None:
    """Serve the website until it is stopped; on the embedded database with its worker."""
    from postmarket.cli import serve as body

    raise typer.Exit(body.run(host=host, port=port))


def worker(
    slots: Annotated[int, typer.Option(help="How many tasks run at once.", min=1, max=64)] = 2,
    until_empty: Annotated[bool, typer.Option("--until-empty", help="End when nothing is due any more.")] = False,
) -> None:
    """Run the tasks that the site enqueues, until it is stopped. Start one on each machine that shall help."""
    from postmarket.cli import worker as body

    raise typer.Exit(body.run(slots=slots, until_empty=until_empty))
