"""
The one shape every supplier's VEX is read into: a statement is one product, one vulnerability and one status.

Statements are the supplier's words and claim nothing of ours: whether one applies to a finding is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class VexFormat(StrEnum):
    """The formats read. The values are what people see."""

    OPENVEX = "OpenVEX"
    CYCLONEDX = "CycloneDX VEX"
    CSAF = "CSAF"


class Status(StrEnum):
    """The four statuses of CISA's Minimum Requirements for VEX (reference §7.5)."""

    NOT_AFFECTED = "not_affected"
    AFFECTED = "affected"
    FIXED = "fixed"
    UNDER_INVESTIGATION = "under_investigation"


class Justification(StrEnum):
    """CISA's five reasons for `not_affected`; `NOT_GIVEN` is empty."""

    COMPONENT_NOT_PRESENT = "component_not_present"
    VULNERABLE_CODE_NOT_PRESENT = "vulnerable_code_not_present"
    VULNERABLE_CODE_NOT_IN_EXECUTE_PATH = "vulnerable_code_not_in_execute_path"
    VULNERABLE_CODE_CANNOT_BE_CONTROLLED_BY_ADVERSARY = "vulnerable_code_cannot_be_controlled_by_adversary"
    INLINE_MITIGATIONS_ALREADY_EXIST = "inline_mitigations_already_exist"
    NOT_GIVEN = ""


@dataclass(frozen=True, slots=True)
class Product:
    """
    What a statement is about, by every identifier its document gives; empty means the document does not say.

    `ref` is the document's own name of it (`@id`, product id, bom-ref or BOM-Link); `title` its full name in words.
    `versions` are exact versions and `ranges` ranges, both as written (`2.4`, `vers:semver/>=1|<2`, prose); when
    either is given it says which versions are meant, not the version inside a purl or CPE. `purls` are as written,
    `cpes` 2.3 formatted strings (as written when they cannot be read). `hashes` are pairs of the algorithm as
    CycloneDX names it ("SHA-256") and lower-case hex.

    `within` is the product that this one is a component of, installed on or installed with: the statement then holds
    for it there, and nowhere else. `bom` is the serial number (and version) of the SBOM that describes it, from a
    BOM-Link. `described` is false when the document refers to it by a name that it explains nowhere.
    """

    ref: str
    title: str = ""
    vendor: str = ""
    name: str = ""
    versions: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    purls: tuple[str, ...] = ()
    cpes: tuple[str, ...] = ()
    hashes: tuple[tuple[str, str], ...] = ()
    within: Product | None = None
    bom: str = ""
    described: bool = True

    @property
    def label(self) -> str:
        """As people read it."""
        own = self.title or " ".join((self.vendor, self.name, *self.versions, *self.ranges)).strip()
        own = own or next(iter((*self.purls, *self.cpes)), "") or self.ref or "an unnamed product"
        return f"{own} in {self.within.label}" if self.within is not None and not self.title else own

    @property
    def identified(self) -> bool:
        """Whether there is anything but the document's own name to recognise it by."""
        return bool(self.purls or self.cpes or self.name or self.hashes or self.bom)


@dataclass(frozen=True, slots=True)
class Statement:
    """
    One line of a supplier's VEX.

    `source` is the name the file was read under, `document` its own id, `place` where in it the statement stands
    (`statements[3].products[0]`). `timestamp` is when it was known to be true, RFC 3339 in UTC
    ("2024-02-01T10:00:00Z"), empty when the document gives no readable one. `aliases` are other names of the same
    vulnerability. `said` is the status or justification in the format's own words where it is none of ours
    (`false_positive`, `protected_at_perimeter`).
    """

    source: str
    format: VexFormat
    document: str
    author: str
    timestamp: str
    vulnerability: str
    aliases: tuple[str, ...]
    product: Product
    status: Status
    justification: Justification = Justification.NOT_GIVEN
    said: str = ""
    impact: str = ""
    """Why the product is not affected, in words (VEX impact statement)."""
    action: str = ""
    """What to do about it (VEX action statement)."""
    notes: str = ""
    place: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        """Every name of the vulnerability, the main one first."""
        return tuple(name for name in (self.vulnerability, *self.aliases) if name)

    @property
    def shortfall(self) -> str:
        """
        What the statement lacks of CISA's minimum requirements for VEX (reference §7.5), as one phrase; else empty.

        One that names no vulnerability or no product means nothing, and `not_affected` without a reason should
        suppress nothing.
        """
        if not self.ids:
            return "names no vulnerability"
        if not self.product.identified:
            return "names no product that could be recognised elsewhere"
        if self.status is Status.NOT_AFFECTED and not self.justification and not self.impact:
            return "gives neither a justification nor an impact statement"
        if self.status is Status.AFFECTED and not self.action:
            return "gives no action statement"
        return ""
