"""`match`: the stored portfolio against what came."""

from __future__ import annotations

import typer

from postmarket.cli.entry.options import AsJson


def match(as_json: AsJson = False) -> None:
    """Match the stored portfolio with what came since; a worker does so by itself within a minute."""
    from postmarket.cli import match as body

    raise typer.Exit(body.run(as_json=as_json))
