"""The work that follows an upload, or a change of the alias table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from postmarket.inventory.errors import InvalidAlias, WrongSbom
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


class RekeepIdentities(msgspec.Struct, frozen=True):
    """The id of the alias entry that was approved or retired."""

    entry: int


@task("inventory.rekeep_identities", final=(InvalidAlias,))
def rekeep_identities(payload: RekeepIdentities, run: Run) -> None:
    """Keep the identities an alias entry speaks of anew."""
    from postmarket.inventory.services.aliases.rekeeping import rekeep_identities as rekeep

    rekeep(payload.entry, now=run.now(), within=run.finishing)
