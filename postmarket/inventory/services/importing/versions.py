"""Versions of a file: described, given their SBOM, shipped, counted."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from postmarket.inventory.errors import ImportRefused
from postmarket.inventory.models import Customer, Device, DeviceVersion, FieldedUnits, Sbom
from postmarket.inventory.rules.version_fields import VersionFields
from postmarket.inventory.services.importing.interface import Importing, Kind, Outcome, outcome_of, said_of
from postmarket.inventory.services.sboms.reading import read_received
from postmarket.inventory.services.sboms.receiving import receive_sbom
from postmarket.inventory.services.shipping import mark_shipped
from postmarket.inventory.services.units import count_units, name_customer
from postmarket.inventory.services.versions import add_version, edit_version, fields_of
from postmarket.inventory.snapshots import version_snapshot
from postmarket.inventory.words import SbomState
from postmarket.worklist.portfolio_file import ListedVersion


def import_version(importing: Importing, device: Device, listed: ListedVersion, *, folder: Path) -> None:
    """Everything the file says of a version; what it does not say stays. Raises ImportRefused."""
    with said_of(listed.part.where):
        version = _described(importing, device, listed)
        version = _shipped(importing, version, listed)
        _counted(importing, version, listed)
        _sbom(importing, version, listed, folder / listed.sbom)


def _described(importing: Importing, device: Device, listed: ListedVersion) -> DeviceVersion:
    label = " ".join(listed.version.split())
    found = DeviceVersion.objects.select_related("device").filter(device=device, label__iexact=label).first()
    before = None if found is None else version_snapshot(found)
    held = VersionFields(label) if found is None else fields_of(found)
    fields = VersionFields(
        label=held.label,
        released_on=listed.released or held.released_on,
        support_stage=listed.facts.support_stage or held.support_stage,
        end_of_support=listed.facts.end_of_support or held.end_of_support,
    )
    by, why, now = importing.by, importing.why, importing.now
    if found is None:
        found = add_version(by=by, device=device, fields=fields, why=why, now=now)
    else:
        found = edit_version(by=by, version=found, fields=fields, why=why, now=now)
    importing.note(Kind.VERSION, str(found), outcome_of(before, version_snapshot(found)))
    return found


def _shipped(importing: Importing, version: DeviceVersion, listed: ListedVersion) -> DeviceVersion:
    said = listed.facts.shipped
    if said is False and version.is_shipped:
        listed.part.refuse(
            "shipped", f"{version} is shipped", "A file does not take that back: correct it on its page, with a reason."
        )
    if not said:
        return version
    outcome = Outcome.UNCHANGED if version.is_shipped else Outcome.ADDED
    version = mark_shipped(by=importing.by, version=version, why=importing.why, now=importing.now)
    importing.note(Kind.SHIPPED, str(version), outcome)
    return version


def _counted(importing: Importing, version: DeviceVersion, listed: ListedVersion) -> None:
    """Customers as listed; of which nobody says where they are, is what then lacks to the whole."""
    for one in listed.facts.customers:
        customer = name_customer(
            by=importing.by, name=one.name, country=one.country, why=importing.why, now=importing.now
        )
        _count(importing, version, customer, one.units, listed.facts.counted)
    if listed.units is None:
        return
    elsewhere = sum(
        FieldedUnits.objects.filter(version=version, customer__isnull=False).values_list("units", flat=True)
    )
    if elsewhere > listed.units:
        listed.part.refuse(
            "units",
            f"customers are known to have {elsewhere:,} of them, and it says {listed.units:,}",
            "List the customers with what each has now.",
        )
    rest = listed.units - elsewhere
    if rest or FieldedUnits.objects.filter(version=version, customer=None).exists():
        _count(importing, version, None, rest, listed.facts.counted)


def _count(
    importing: Importing, version: DeviceVersion, customer: Customer | None, units: int, counted: date | None
) -> None:
    """A count; the same number on a day the file does not say is no new one."""
    held = FieldedUnits.objects.filter(version=version, customer=customer).first()
    before = None if held is None else (held.units, held.counted_on)
    on = counted or (held.counted_on if held is not None and held.units == units else importing.today)
    count_units(
        by=importing.by,
        version=version,
        customer=customer,
        units=units,
        counted_on=on,
        why=importing.why,
        now=importing.now,
    )
    where = "customers not known" if customer is None else customer.name
    importing.note(Kind.UNITS, f"{version}: {where}", outcome_of(before, (units, on)))


def _sbom(importing: Importing, version: DeviceVersion, listed: ListedVersion, file: Path) -> None:
    if not file.is_file():
        listed.part.refuse("sbom", f"there is no file {listed.sbom}", "It is taken from the portfolio file's folder.")
    known = Sbom.objects.filter(version=version, evidence_id=_sha256(file))
    kept = known.exclude(state__in=[SbomState.RECEIVED.value, SbomState.REFUSED.value])
    if kept.exists():  # also where a newer one came since: an import does not put the clock back
        importing.note(Kind.SBOM, f"{version}: {listed.sbom}", Outcome.UNCHANGED)
        return
    received = receive_sbom(
        by=importing.by, version=version, content=file, file_name=file.name, why=importing.why, now=importing.now
    )
    sbom = read_received(received.sbom.pk, now=importing.now)
    if sbom.state == SbomState.REFUSED.value:
        raise ImportRefused(
            "The SBOM cannot be read",
            where=f"{listed.part.where}: sbom",
            why=sbom.refused_why,
            next_step="Nothing of this file was imported.",
        )
    held = f" (held: {sbom.held_why})" if sbom.waits else ""
    importing.note(Kind.SBOM, f"{version}: {listed.sbom}{held}", Outcome.ADDED)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
