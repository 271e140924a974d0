"""`sbom`: one SBOM, or two."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from postmarket.cli.entry.options import AsJson

sbom = typer.Typer(help="SBOMs: check their quality, tell two apart.")


class ProfileName(StrEnum):
    """SBOM quality profiles."""

    SEED = "seed"
    FDA = "fda"
    NTIA = "ntia"
    CISA_2025_DRAFT = "cisa-2025-draft"


@sbom.command("check")
def sbom_check(
    inputs: Annotated[list[Path], typer.Argument(help="SBOM files or folders of them.")],
    profile: Annotated[
        ProfileName, typer.Option(help="Which list of elements to hold them against.")
    ] = ProfileName.SEED,
    as_json: AsJson = False,
) -> None:
    """Say what an SBOM lacks, component by component, and how to mend it. Exit 1 when a demanded element is missing."""
    from postmarket.cli import sbom as body

    raise typer.Exit(body.check(inputs, profile.value, as_json=as_json))


@sbom.command("diff")
def sbom_diff(
    old: Annotated[Path, typer.Argument(help="The earlier SBOM.")],
    new: Annotated[Path, typer.Argument(help="The later SBOM.")],
    as_json: AsJson = False,
) -> None:
    """Say what was added, removed, changed version, or lost its data between two SBOMs."""
    from postmarket.cli import sbom as body

    raise typer.Exit(body.diff(old, new, as_json=as_json))
