"""`feeds`: the vulnerability data."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from postmarket.cli.entry.options import AsJson

feeds = typer.Typer(help="Vulnerability data: load it from files, fetch it from the network, see how old it is.")


class FeedName(StrEnum):
    """The sources that can be loaded."""

    NVD = "nvd"
    CVE = "cve"
    KEV = "kev"
    EPSS = "epss"
    OSV = "osv"
    CSAF = "csaf"


@feeds.command("load")
def feeds_load(
    source: Annotated[FeedName, typer.Argument(help="Whose words these are.")],
    paths: Annotated[list[Path], typer.Argument(help="Files or folders: .json .gz .zip .xz .zst .tar.xz …")],
    as_json: AsJson = False,
) -> None:
    """Load vulnerability data from files. Killed half-way, it goes on where it was when run again."""
    from postmarket.cli import feeds as body

    raise typer.Exit(body.load(source.value, paths, as_json=as_json))


@feeds.command("sync")
def feeds_sync(
    sources: Annotated[list[FeedName] | None, typer.Argument(help="Which sources; default: all but CSAF.")] = None,
    csaf_provider: Annotated[
        list[str] | None, typer.Option(help="Domain or provider-metadata.json URL of a CSAF provider.")
    ] = None,
    ecosystem: Annotated[list[str] | None, typer.Option(help="OSV ecosystem, such as PyPI or Debian:12.")] = None,
    as_json: AsJson = False,
) -> None:
    """Fetch what is new from the network, politely, and load it. Resumable."""
    from postmarket.cli import feeds as body

    raise typer.Exit(
        body.sync(
            [source.value for source in sources or ()],
            providers=csaf_provider or [],
            ecosystems=ecosystem or [],
            as_json=as_json,
        )
    )


@feeds.command("status")
def feeds_status(as_json: AsJson = False) -> None:
    """Per source: the last run, how old the data is, what it holds and what it refused."""
    from postmarket.cli import feeds as body

    raise typer.Exit(body.status(as_json=as_json))
