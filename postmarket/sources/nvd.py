"""NVD: feed files and API pages of version 2.0 (https://nvd.nist.gov/developers/vulnerabilities)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from postmarket.sources.configurations import Configurations, Part
from postmarket.sources.edge import cve_id, decode, once_each, refused, utc
from postmarket.sources.errors import SourceError
from postmarket.sources.interface import Item, Rating, Record, Source, State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postmarket.untrusted.documents import Document

_CWE = re.compile(r"CWE-[0-9]{1,6}")
_ID = re.compile(rb'"(CVE-[0-9]{4}-[0-9]{4,19})"')


class _Text(msgspec.Struct, gc=False):
    lang: str
    value: str


class _Weakness(msgspec.Struct):
    description: list[_Text] = []


class _Reference(msgspec.Struct, gc=False):
    url: str


class _CvssData(msgspec.Struct, rename="camel", gc=False):
    vector_string: str
    version: str = ""
    base_score: float | None = None


class _Metric(msgspec.Struct, rename="camel", gc=False):
    cvss_data: _CvssData
    source: str = ""
    type: str = "Primary"


class _Metrics(msgspec.Struct, rename="camel"):
    cvss_metric_v2: list[_Metric] = []
    cvss_metric_v30: list[_Metric] = []
    cvss_metric_v31: list[_Metric] = []
    cvss_metric_v40: list[_Metric] = []


class _Cve(msgspec.Struct, rename="camel"):
    id: str
    published: str = ""
    last_modified: str = ""
    vuln_status: str = ""
    descriptions: list[_Text] = []
    metrics: _Metrics | None = None
    weaknesses: list[_Weakness] = []
    configurations: list[Part] = []
    references: list[_Reference] = []


class _Item(msgspec.Struct):
    cve: _Cve


class _Feed(msgspec.Struct):
    vulnerabilities: list[msgspec.Raw]


_FEED = msgspec.json.Decoder(_Feed)
_ITEM = msgspec.json.Decoder(_Item)


@once_each
def read(document: Document) -> Iterator[Item]:
    """
    One Record per CVE of a feed file or API page, one Refused for each that cannot be read.

    CISA's own fields (`cisaExploitAdd` and so on) are passed over: the KEV catalogue is a source of its own.
    """
    try:
        feed = decode(_FEED, document.content)
    except SourceError as error:
        yield refused(document, "", f"is no NVD 2.0 feed or API page: {error.why}")
        return
    for number, raw in enumerate(feed.vulnerabilities, 1):
        try:
            yield _record(decode(_ITEM, raw).cve)
        except SourceError as error:
            found = _ID.search(memoryview(raw))
            name = f" ({found[1].decode()})" if found else ""
            yield refused(document, f"item {number}{name}", error.reason())


def _record(cve: _Cve) -> Record:
    identifier = cve_id(cve.id)
    found = Configurations()
    found.add(cve.configurations)
    return Record(
        source=Source.NVD,
        id=identifier,
        record_id=identifier,
        state=State.REJECTED if cve.vuln_status.lower() == "rejected" else State.PUBLISHED,
        published=utc(cve.published),
        modified=utc(cve.last_modified),
        description=_english(cve.descriptions),
        ratings=_ratings(cve.metrics),
        cwes=_cwes(cve.weaknesses),
        references=tuple(dict.fromkeys(reference.url for reference in cve.references)),
        criteria=tuple(found.criteria),
        conditions=tuple(found.conditions),
        unread=tuple(dict.fromkeys(found.unread)),
    )


def _english(texts: list[_Text]) -> str:
    for text in texts:
        if text.lang.startswith("en"):
            return text.value
    return texts[0].value if texts else ""


def _ratings(metrics: _Metrics | None) -> tuple[Rating, ...]:
    if metrics is None:
        return ()
    by_version = (
        ("4.0", metrics.cvss_metric_v40),
        ("3.1", metrics.cvss_metric_v31),
        ("3.0", metrics.cvss_metric_v30),
        ("2.0", metrics.cvss_metric_v2),
    )
    return tuple(
        Rating(
            version, rated.cvss_data.vector_string, rated.cvss_data.base_score, rated.source, rated.type == "Primary"
        )
        for version, metric in by_version
        for rated in metric
    )


def _cwes(weaknesses: list[_Weakness]) -> tuple[str, ...]:
    """The CWE ids; NVD's "no information" and "other" are none."""
    if not weaknesses:
        return ()
    values = (text.value for weakness in weaknesses for text in weakness.description)
    return tuple(dict.fromkeys(value for value in values if _CWE.fullmatch(value)))
