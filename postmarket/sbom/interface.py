"""The one shape every SBOM format is read into."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec


class Format(StrEnum):
    """The formats read. The values are what people see."""

    CYCLONEDX_JSON = "CycloneDX JSON"
    CYCLONEDX_XML = "CycloneDX XML"
    SPDX_JSON = "SPDX JSON"
    SPDX_TAG_VALUE = "SPDX tag-value"
    SPDX_3_JSON_LD = "SPDX 3 JSON-LD"


class ComponentClass(StrEnum):
    """Section 524B(b)(3) FD&C Act names commercial, open-source and off-the-shelf; `own` is the firm's own."""

    COMMERCIAL = "commercial"
    OPEN_SOURCE = "open-source"
    OFF_THE_SHELF = "off-the-shelf"
    OWN = "own"
    UNKNOWN = "unknown"


class SupportLevel(StrEnum):
    """Level of support as FDA's premarket guidance (2026-02-03, V.A.4) words it."""

    ACTIVELY_MAINTAINED = "actively-maintained"
    NO_LONGER_MAINTAINED = "no-longer-maintained"
    ABANDONED = "abandoned"
    UNKNOWN = "unknown"


class Component(msgspec.Struct, frozen=True, gc=False):
    """
    A component as listed in one SBOM; empty means the SBOM does not say.

    `ref` is its local name in the SBOM (bom-ref, SPDXID), made unique by the reader; `parent` is the `ref` of the
    component it is nested in. `version` is as written. `cpes` holds every CPE, 2.2 names converted to 2.3 formatted
    strings. `patched` are the vulnerabilities its pedigree says are fixed in it (CycloneDX pedigree.patches).
    Dates are `YYYY-MM-DD`.
    """

    ref: str
    name: str
    version: str = ""
    group: str = ""
    supplier: str = ""
    kind: str = "library"
    """CycloneDX component type, or the SPDX primary purpose in CycloneDX's words: library, firmware, device, …"""
    component_class: ComponentClass = ComponentClass.UNKNOWN
    purl: str = ""
    cpes: tuple[str, ...] = ()
    hashes: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Algorithm as CycloneDX names it ("SHA-256") to lower-case hex."""
    licenses: tuple[str, ...] = ()
    parent: str = ""
    support_level: SupportLevel = SupportLevel.UNKNOWN
    end_of_support: str = ""
    properties: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Every CycloneDX property, `cdx:fda:*` among them, or SPDX annotation, by name; the last of a repeated name."""
    patched: tuple[str, ...] = ()
    place: str = ""
    """Where it stands in the file ("components[3]", "line 120"), for messages."""


class Relationship(msgspec.Struct, frozen=True, gc=False):
    """`source` depends on or contains `target`, both refs; `kind` is "depends-on", "contains" or the source's word."""

    source: str
    target: str
    kind: str = "depends-on"


class StatedVulnerability(msgspec.Struct, frozen=True):
    """A vulnerability the SBOM itself lists (CycloneDX vulnerabilities, SPDX security references)."""

    id: str
    refs: tuple[str, ...] = ()
    state: str = ""
    justification: str = ""
    detail: str = ""
    properties: Mapping[str, str] = msgspec.field(default_factory=dict)


class Bom(msgspec.Struct, frozen=True):
    """
    One SBOM.

    `subject` is what the SBOM is about (CycloneDX metadata.component, the SPDX described package); it is not repeated
    in `components`. `warnings` are whole sentences on what was odd but readable, each naming its place.
    """

    format: Format
    spec_version: str
    name: str
    components: tuple[Component, ...]
    subject: Component | None = None
    relationships: tuple[Relationship, ...] = ()
    serial: str = ""
    authors: tuple[str, ...] = ()
    """People or organisations who made the SBOM; tools are apart."""
    tools: tuple[str, ...] = ()
    timestamp: str = ""
    """RFC 3339 as written; empty when absent."""
    lifecycle: tuple[str, ...] = ()
    """Generation context: CycloneDX lifecycle phases or the SPDX 3 SBOM type."""
    completeness: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Ref to CycloneDX composition aggregate ("complete", "incomplete", "unknown", …)."""
    vulnerabilities: tuple[StatedVulnerability, ...] = ()
    warnings: tuple[str, ...] = ()
    sha256: str = ""
    """Of the bytes read, lower-case hex."""
