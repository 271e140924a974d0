"""The vulnerabilities a CycloneDX document lists (1.4+), VEX analysis included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postmarket.sbom.cyclonedx_component import read_properties
from postmarket.sbom.interface import StatedVulnerability
from postmarket.sbom.values import record, records, text

if TYPE_CHECKING:
    from postmarket.sbom.notes import Notes


def read_vulnerabilities(written: object, *, serial: str, notes: Notes) -> tuple[StatedVulnerability, ...]:
    """
    Each entry of `vulnerabilities`; `refs` are local names.

    A BOM-Link into this very document (its `serial`) is shortened to the local name, others stay whole.
    """
    found = []
    for number, one in enumerate(records(written)):
        name = text(one.get("id"))
        if not name:
            notes.add(f"vulnerabilities[{number}]", "a vulnerability has no id.")
        analysis = record(one.get("analysis"))
        found.append(
            StatedVulnerability(
                id=name,
                refs=tuple(_local(text(hit.get("ref")), serial) for hit in records(one.get("affects"))),
                state=text(analysis.get("state")),
                justification=text(analysis.get("justification")),
                detail=text(analysis.get("detail")),
                properties=read_properties(one.get("properties")),
            )
        )
    return tuple(found)


def _local(ref: str, serial: str) -> str:
    link = "urn:cdx:" + serial.removeprefix("urn:uuid:")
    if serial and "#" in ref and ref.startswith((link + "/", link + "#")):
        return ref.partition("#")[2]
    return ref
