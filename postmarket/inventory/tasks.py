"""The work that follows an upload."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from postmarket.inventory.errors import WrongSbom
from postmarket.tasks import task

if TYPE_CHECKING:
    from postmarket.tasks import Run


class ReadSbom(msgspec.Struct, frozen=True):
    """The id of the SBOM to read."""

    sbom: int


@task("inventory.read_sbom", priority=5, final=(WrongSbom,))
def read_sbom(payload: ReadSbom, run: Run) -> None:
    """Read an SBOM that came in; people wait for it, so it goes before the feeds."""
    from postmarket.inventory.services.sboms.reading import read_received

    read_received(payload.sbom, now=run.now(), within=run.finishing)
