"""CVE Records 5.x (https://cveproject.github.io/cve-schema/), one document each or an array of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from postmarket.sources.configurations import Configurations, Part
from postmarket.sources.cve_affected import Affected, add_affected
from postmarket.sources.edge import cve_id, decode, once_each, refused, utc
from postmarket.sources.errors import SourceError
from postmarket.sources.interface import Item, Rating, Record, Source, Ssvc, State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postmarket.untrusted.documents import Document

_CWE = re.compile(r"CWE-[0-9]{1,6}")


class _Text(msgspec.Struct, gc=False):
    value: str = ""
    lang: str = "en"


class _Problem(msgspec.Struct, rename="camel", gc=False):
    cwe_id: str | None = None
    description: str = ""


class _ProblemType(msgspec.Struct):
    descriptions: list[_Problem] = []


class _Reference(msgspec.Struct, gc=False):
    url: str = ""


class _Cvss(msgspec.Struct, rename="camel", gc=False):
    vector_string: str
    base_score: float | None = None


class _Other(msgspec.Struct):
    type: str = ""
    content: msgspec.Raw = msgspec.Raw(b"null")


class _Metric(msgspec.Struct):
    v2_0: _Cvss | None = msgspec.field(name="cvssV2_0", default=None)
    v3_0: _Cvss | None = msgspec.field(name="cvssV3_0", default=None)
    v3_1: _Cvss | None = msgspec.field(name="cvssV3_1", default=None)
    v4_0: _Cvss | None = msgspec.field(name="cvssV4_0", default=None)
    other: _Other | None = None


class _SsvcContent(msgspec.Struct):
    options: list[dict[str, str]] = []
    timestamp: str = ""


class _Provider(msgspec.Struct, rename="camel", gc=False):
    short_name: str = ""
    org_id: str = ""


class _Container(msgspec.Struct, rename="camel"):
    provider_metadata: _Provider | None = None
    title: str = ""
    descriptions: list[_Text] = []
    rejected_reasons: list[_Text] = []
    affected: list[msgspec.Raw] = []
    cpe_applicability: list[Part] = []
    metrics: list[msgspec.Raw] = []
    problem_types: list[_ProblemType] = []
    references: list[_Reference] = []
    solutions: list[_Text] = []
    workarounds: list[_Text] = []
    date_public: str = ""


class _Containers(msgspec.Struct):
    cna: _Container
    adp: list[_Container] = []


class _Metadata(msgspec.Struct, rename="camel", gc=False):
    cve_id: str
    state: str
    date_published: str = ""
    date_updated: str = ""


class _Cve(msgspec.Struct, rename="camel"):
    cve_metadata: _Metadata
    containers: _Containers


_RECORD = msgspec.json.Decoder(_Cve)
_RECORDS = msgspec.json.Decoder(list[msgspec.Raw])
_AFFECTED = msgspec.json.Decoder(Affected)
_METRIC = msgspec.json.Decoder(_Metric)
_SSVC = msgspec.json.Decoder(_SsvcContent)


@once_each
def read(document: Document) -> Iterator[Item]:
    """One Record per CVE of the document (one record, or an array of records), one Refused for what is none."""
    if not document.content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        try:
            yield _record(decode(_RECORD, document.content))
        except SourceError as error:
            yield refused(document, "", f"is no CVE record: {error.reason()}")
        return
    try:
        records = decode(_RECORDS, document.content)
    except SourceError as error:
        yield refused(document, "", f"is no array of CVE records: {error.why}")
        return
    for number, raw in enumerate(records, 1):
        try:
            yield _record(decode(_RECORD, raw))
        except SourceError as error:
            yield refused(document, f"item {number}", error.reason())


def _record(cve: _Cve) -> Record:
    identifier = cve_id(cve.cve_metadata.cve_id)
    cna = cve.containers.cna
    containers = (cna, *cve.containers.adp)
    rejected = cve.cve_metadata.state.upper() == "REJECTED"
    found = Configurations()
    ratings: dict[Rating, None] = {}
    ssvc: Ssvc | None = None
    for container in containers:
        _add_affected(container, found)
        rated, decided = _metrics(container, primary=container is cna)
        ratings.update(dict.fromkeys(rated))
        ssvc = max((ssvc, decided), key=lambda one: one.at if one else "", default=None)
    return Record(
        source=Source.CVE,
        id=identifier,
        record_id=identifier,
        state=State.REJECTED if rejected else State.PUBLISHED,
        published=utc(cve.cve_metadata.date_published),
        modified=utc(cve.cve_metadata.date_updated),
        title=cna.title,
        description=_english(cna.rejected_reasons if rejected else cna.descriptions),
        ratings=tuple(ratings),
        cwes=_cwes(containers),
        ssvc=ssvc,
        references=tuple(dict.fromkeys(ref.url for container in containers for ref in container.references if ref.url)),
        advice=tuple(dict.fromkeys(text.value for text in (*cna.solutions, *cna.workarounds) if _is_english(text))),
        criteria=tuple(found.criteria),
        conditions=tuple(found.conditions),
        unread=tuple(dict.fromkeys(found.unread)),
    )


def _add_affected(container: _Container, found: Configurations) -> None:
    for number, raw in enumerate(container.affected, 1):
        try:
            add_affected(decode(_AFFECTED, raw), found)
        except SourceError as error:
            found.unread.append(f"affected[{number}]: {error.why or error.what}")
    try:
        found.add(container.cpe_applicability)
    except SourceError as error:
        found.unread.append(f"cpeApplicability: {error.why or error.what}")


def _metrics(container: _Container, *, primary: bool) -> tuple[list[Rating], Ssvc | None]:
    """The CVSS vectors and SSVC decision points of a container; a metric of another shape gives none."""
    provider = container.provider_metadata
    by = (provider.short_name or provider.org_id) if provider else ""
    ratings: list[Rating] = []
    ssvc: Ssvc | None = None
    for raw in container.metrics:
        try:
            metric = decode(_METRIC, raw)
        except SourceError:
            continue
        by_version = (("4.0", metric.v4_0), ("3.1", metric.v3_1), ("3.0", metric.v3_0), ("2.0", metric.v2_0))
        ratings += [
            Rating(version, cvss.vector_string, cvss.base_score, by, primary) for version, cvss in by_version if cvss
        ]
        if metric.other is not None and metric.other.type.lower() == "ssvc":
            ssvc = _ssvc(metric.other.content) or ssvc
    return ratings, ssvc


def _ssvc(content: msgspec.Raw) -> Ssvc | None:
    try:
        decided = decode(_SSVC, content)
    except SourceError:
        return None
    points = {name.lower(): value.lower() for option in decided.options for name, value in option.items()}
    return Ssvc(
        exploitation=points.get("exploitation", ""),
        automatable=points.get("automatable", ""),
        technical_impact=points.get("technical impact", ""),
        at=utc(decided.timestamp),
    )


def _is_english(text: _Text) -> bool:
    return text.lang.lower().startswith("en") and bool(text.value)


def _english(texts: list[_Text]) -> str:
    return next((text.value for text in texts if _is_english(text)), texts[0].value if texts else "")


def _cwes(containers: tuple[_Container, ...]) -> tuple[str, ...]:
    problems = (
        problem for container in containers for kind in container.problem_types for problem in kind.descriptions
    )
    said = (problem.cwe_id or problem.description.partition(":")[0].partition(" ")[0] for problem in problems)
    return tuple(dict.fromkeys(cwe for cwe in said if _CWE.fullmatch(cwe)))
