"""
CISA's catalogue of known exploited vulnerabilities, as JSON (https://www.cisa.gov/known-exploited-vulnerabilities-catalog).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from postmarket.sources.edge import cve_id, decode, refused
from postmarket.sources.errors import SourceError
from postmarket.sources.interface import Item, KevEntry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postmarket.untrusted.documents import Document


class _Entry(msgspec.Struct, rename="camel"):
    cve_id: str = msgspec.field(name="cveID")
    vendor_project: str
    product: str
    vulnerability_name: str
    date_added: str
    due_date: str = ""
    required_action: str = ""
    short_description: str = ""
    known_ransomware_campaign_use: str = "Unknown"
    forensic_triage: bool | str | None = None
    notes: str | None = None


class _Catalogue(msgspec.Struct):
    vulnerabilities: list[msgspec.Raw]


_CATALOGUE = msgspec.json.Decoder(_Catalogue)
_ENTRY = msgspec.json.Decoder(_Entry)
_YES = frozenset(("true", "yes", "known", "required"))


def read(document: Document) -> Iterator[Item]:
    """One KevEntry per vulnerability of the catalogue, one Refused for each that cannot be read."""
    try:
        catalogue = decode(_CATALOGUE, document.content)
    except SourceError as error:
        yield refused(document, "", f"is no KEV catalogue: {error.why}")
        return
    for number, raw in enumerate(catalogue.vulnerabilities, 1):
        try:
            yield _entry(decode(_ENTRY, raw))
        except SourceError as error:
            yield refused(document, f"item {number}", error.reason())


def _entry(entry: _Entry) -> KevEntry:
    return KevEntry(
        cve=cve_id(entry.cve_id),
        vendor=entry.vendor_project,
        product=entry.product,
        title=entry.vulnerability_name,
        added=_date(entry.date_added),
        due=_date(entry.due_date) if entry.due_date else "",
        action=entry.required_action,
        description=entry.short_description,
        ransomware=entry.known_ransomware_campaign_use.strip().lower() == "known",
        forensic_triage=_is_yes(entry.forensic_triage),
        notes=entry.notes or "",
    )


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text.strip()[:10]).isoformat()
    except ValueError:
        raise SourceError("a date cannot be read", why=f"{text[:40]!r} is no date (YYYY-MM-DD)") from None


def _is_yes(value: bool | str | None) -> bool:
    return value.strip().lower() in _YES if isinstance(value, str) else bool(value)
