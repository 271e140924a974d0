"""
The vocabulary all feeds share: what a source says about one vulnerability.

A reader keeps the source's words and claims nothing of its own. What it cannot read is a `Refused` with its
reason, never an absence. The contract of a reader:

    def read(document: Document) -> Iterator[Record | KevEntry | EpssScore | Refused]

One document in, at most one Record per (source, record id) out; it never raises for what the document holds:
a document that is no feed at all is one Refused. Memory is bounded by one document.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from postmarket.sources.names import fold_name as fold_name  # part of this vocabulary: how NameKind.NAME is folded
from postmarket.versions.interface import Range


class Source(StrEnum):
    """Where words come from. The values are stored and are what `feeds load` takes."""

    NVD = "nvd"
    CVE = "cve"
    KEV = "kev"
    EPSS = "epss"
    OSV = "osv"
    CSAF = "csaf"


class NameKind(StrEnum):
    """How a source names a product. The values are stored."""

    CPE = "cpe"
    """`part:vendor:product` of a CPE 2.3 formatted string, lower case, escapes kept: `a:openssl:openssl`."""
    PURL = "purl"
    """`type/namespace/name`, normalised by the purl type's rules; distributions as `deb/debian:12/openssl`,
    `apk/alpine:v3.18/zlib` (the release as OSV's ecosystem names it, lower case), or without release."""
    NAME = "name"
    """`vendor:product` in words, each folded by `fold_name`, when the source gives neither CPE nor purl."""


class Certainty(StrEnum):
    """How sure it is that a version inside the range is meant."""

    STATED = "stated"
    POSSIBLE = "possible"
    """The source's words could not be turned into a range, or say only `-`: shown apart, never counted as a match."""


class Criterion(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """
    One affected claim: a product and a range of its versions.

    `text` is the range as the source words it (`>= 1.0.2, < 1.0.2zf`); `attributes` is `update:edition:language:
    sw_edition:target_sw:target_hw:other` of the CPE when any of them is not `*`, else empty; `vulnerable` is false for
    a platform that only has to be present. `fixed` is the first fixed version when the source gives one, as written.
    """

    kind: NameKind
    name: str
    range: Range
    text: str
    certainty: Certainty = Certainty.STATED
    attributes: str = ""
    vulnerable: bool = True
    fixed: str = ""
    exact: bool = False
    """Whether it names one version without an update: an inventory's update of that version is meant too."""


class Operator(StrEnum):
    """How a configuration joins its parts."""

    AND = "AND"
    OR = "OR"


class Node(msgspec.Struct, frozen=True, array_like=True):
    """A part of a configuration tree: criteria (by index into `Record.criteria`) and nested nodes."""

    operator: Operator
    criteria: tuple[int, ...] = ()
    nodes: tuple[Node, ...] = ()
    negate: bool = False


class Rating(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One CVSS vector as a source gives it; `score` is the source's own number, None when it gives none."""

    version: str
    """`2.0`, `3.0`, `3.1` or `4.0`."""
    vector: str
    score: float | None
    by: str
    """Who rated: `nvd@nist.gov`, a CNA's name, `CISA-ADP`, …"""
    primary: bool = True


class Ssvc(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """CISA's SSVC decision points, lower case as in its ADP container: exploitation none|poc|active, …"""

    exploitation: str = ""
    automatable: str = ""
    technical_impact: str = ""
    at: str = ""


class State(StrEnum):
    """Whether the source stands by the record."""

    PUBLISHED = "published"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Record(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """
    All that one source says about one vulnerability.

    `id` is the vulnerability (`CVE-2021-44228`, `GHSA-…`, `PYSEC-…`); `record_id` is the source's own name of the
    record (`ICSMA-21-343-01/CVE-2021-44228`), the same as `id` where a source has one record per vulnerability.
    `aliases` holds only one-to-one names of the same vulnerability; `related` everything weaker.
    Stored as an array, field by field: new fields go to the end, none is moved or removed.
    Times are RFC 3339 in UTC ("2021-12-10T10:15:09Z"), empty when the source gives none.
    `conditions` are the configurations that need more than one criterion to be true; a criterion named in no
    condition stands alone.
    """

    source: Source
    id: str
    record_id: str
    state: State = State.PUBLISHED
    published: str = ""
    modified: str = ""
    title: str = ""
    description: str = ""
    aliases: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    ratings: tuple[Rating, ...] = ()
    cwes: tuple[str, ...] = ()
    ssvc: Ssvc | None = None
    references: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    """The source's own remediations and workarounds, one each."""
    criteria: tuple[Criterion, ...] = ()
    conditions: tuple[Node, ...] = ()
    unread: tuple[str, ...] = ()
    """Parts of the record that could not be turned into criteria, in the source's words, each with why."""
    document: str = ""
    """The title of the advisory the record is a part of, empty where a source has one record per vulnerability."""


class KevEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of CISA's catalogue of known exploited vulnerabilities. Dates are `YYYY-MM-DD`."""

    cve: str
    vendor: str
    product: str
    title: str
    added: str
    due: str
    """Binds United States federal agencies only; kept as evidence, never a device's deadline."""
    action: str
    description: str = ""
    ransomware: bool = False
    forensic_triage: bool = False
    notes: str = ""


class EpssScore(msgspec.Struct, frozen=True, gc=False):
    """EPSS of one CVE: probability (0–1) of exploitation activity in the next 30 days, as of `date`."""

    cve: str
    probability: float
    percentile: float
    date: str


class Refused(msgspec.Struct, frozen=True, gc=False):
    """Something in a feed that could not be read, where (`file: item 3 (CVE-…)`), and why, in one line."""

    where: str
    why: str


Item = Record | KevEntry | EpssScore | Refused
