"""`scan`: the main job."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from postmarket.cli.entry.options import Output


class ScanFormat(StrEnum):
    """How a worklist is written."""

    TABLE = "table"
    JSON = "json"
    SARIF = "sarif"
    CSV = "csv"
    CYCLONEDX_VDR = "cyclonedx-vdr"


class CriticalityName(StrEnum):
    """The article's device types."""

    LIFE_SUSTAINING = "life-sustaining"
    LIFE_SUPPORTING = "life-supporting"
    DIAGNOSTIC = "diagnostic"
    ADMINISTRATIVE = "administrative"
    UNKNOWN = "unknown"


def scan(
    inputs: Annotated[list[Path], typer.Argument(help="SBOM files, folders of them, or a portfolio.yaml.")],
    format_: Annotated[
        ScanFormat, typer.Option("--format", "-f", help="How to write the worklist.")
    ] = ScanFormat.TABLE,
    output: Output = None,
    criticality: Annotated[
        CriticalityName, typer.Option(help="What the device is for; unknown ranks as life-supporting.")
    ] = CriticalityName.UNKNOWN,
    aware: Annotated[
        str, typer.Option(help="When the firm became aware; all dates run from it. Default: now.", metavar="WHEN")
    ] = "",
    fail_on: Annotated[
        list[str] | None, typer.Option(help="Exit 1 when this rule holds, e.g. 'kev and priority >= urgent'.")
    ] = None,
    vex: Annotated[list[Path] | None, typer.Option(help="A supplier's VEX: CSAF, OpenVEX or CycloneDX.")] = None,
    aliases: Annotated[list[Path] | None, typer.Option(help="Your own alias table, added to the built-in one.")] = None,
    policy: Annotated[list[Path] | None, typer.Option(help="Your own policy overlay, on top of the packs.")] = None,
    show: Annotated[int, typer.Option(help="How many rows the table shows.", min=1)] = 25,
    all_rows: Annotated[bool, typer.Option("--all", help="Show every row, and the possible ones.")] = False,
) -> None:
    """SBOMs and the loaded vulnerability data in, a worklist in order of patient risk out. Works offline."""
    from postmarket.cli import scan as body

    raise typer.Exit(
        body.run(
            body.Request(
                inputs=tuple(inputs),
                format=format_.value,
                output=output,
                criticality=criticality.value,
                aware=aware,
                fail_on=tuple(fail_on or ()),
                vex=tuple(vex or ()),
                aliases=tuple(aliases or ()),
                policy=tuple(policy or ()),
                show=None if all_rows else show,
            )
        )
    )
