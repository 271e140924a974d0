"""One Record per vulnerability of an advisory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from postmarket.sources.configurations import Configurations
from postmarket.sources.csaf.claims import Claims
from postmarket.sources.csaf.tree import ProductTree, table
from postmarket.sources.edge import cve_id, decode, once_each, record_id, refused, utc
from postmarket.sources.errors import SourceError
from postmarket.sources.interface import Criterion, Item, Node, Operator, Rating, Record, Source, State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postmarket.sources.csaf.tree import Product
    from postmarket.untrusted.documents import Document


class _Publisher(msgspec.Struct, gc=False):
    name: str = ""
    namespace: str = ""


class _Tracking(msgspec.Struct, gc=False):
    id: str
    initial_release_date: str = ""
    current_release_date: str = ""


class _Reference(msgspec.Struct, gc=False):
    url: str = ""
    category: str = "external"


class _About(msgspec.Struct):
    tracking: _Tracking
    title: str = ""
    category: str = ""
    publisher: _Publisher | None = None
    references: list[_Reference] = []


class _Advisory(msgspec.Struct):
    document: _About
    product_tree: ProductTree | None = None
    vulnerabilities: list[msgspec.Raw] = []


class _Note(msgspec.Struct, gc=False):
    category: str = ""
    text: str = ""


class _Cwe(msgspec.Struct, gc=False):
    id: str = ""


class _Id(msgspec.Struct, gc=False):
    text: str = ""


class _Status(msgspec.Struct):
    known_affected: list[str] = []
    first_affected: list[str] = []
    last_affected: list[str] = []


class _Remediation(msgspec.Struct, gc=False):
    category: str = ""
    details: str = ""


class _Cvss(msgspec.Struct, rename="camel", gc=False):
    vector_string: str
    version: str = ""
    base_score: float | None = None


class _Score(msgspec.Struct):
    cvss_v2: _Cvss | None = None
    cvss_v3: _Cvss | None = None
    cvss_v4: _Cvss | None = None


class _Metric(msgspec.Struct):
    content: _Score | None = None


class _Vulnerability(msgspec.Struct):
    cve: str = ""
    ids: list[_Id] = []
    title: str = ""
    notes: list[_Note] = []
    cwe: _Cwe | None = None
    cwes: list[_Cwe] = []
    product_status: _Status | None = None
    remediations: list[_Remediation] = []
    references: list[_Reference] = []
    scores: list[_Score] = []
    metrics: list[_Metric] = []


_ADVISORY = msgspec.json.Decoder(_Advisory)
_VULNERABILITY = msgspec.json.Decoder(_Vulnerability)
_WITHDRAWN = frozenset(("csaf_withdrawn", "csaf_superseded"))
_DESCRIBING = ("description", "summary", "general", "details")


@once_each
def read(document: Document) -> Iterator[Item]:
    """
    One Record per vulnerability of the advisory, named DOCUMENT/CVE-…; one Refused for each that cannot be read.

    Products that are known, first or last affected become criteria; what a supplier states as not affected is VEX,
    which `documents` reads.
    """
    try:
        advisory = decode(_ADVISORY, document.content)
        record_id(advisory.document.tracking.id.replace(" ", "_"))
    except SourceError as error:
        yield refused(document, "", f"is no CSAF advisory: {error.reason()}")
        return
    products = table(advisory.product_tree or ProductTree())
    for number, raw in enumerate(advisory.vulnerabilities, 1):
        try:
            yield _record(advisory.document, decode(_VULNERABILITY, raw), number, products)
        except SourceError as error:
            yield refused(document, f"vulnerability {number}", error.reason())


def _record(about: _About, vulnerability: _Vulnerability, number: int, products: dict[str, Product]) -> Record:
    advisory = about.tracking.id.replace(" ", "_")
    others = tuple(dict.fromkeys(item.text for item in vulnerability.ids if item.text))
    if vulnerability.cve:
        identifier = cve_id(vulnerability.cve)
        name = f"{advisory}/{identifier}"
    else:
        identifier = name = f"{advisory}/{number}"
    found = Configurations()
    _add_affected(vulnerability.product_status or _Status(), products, found)
    by = about.publisher.name if about.publisher else ""
    links = [link for link in about.references if link.category == "self"] + vulnerability.references
    return Record(
        source=Source.CSAF,
        id=identifier,
        record_id=f"{name}@{about.publisher.namespace}" if about.publisher and about.publisher.namespace else name,
        state=State.WITHDRAWN if about.category.lower() in _WITHDRAWN else State.PUBLISHED,
        published=utc(about.tracking.initial_release_date),
        modified=utc(about.tracking.current_release_date),
        title=vulnerability.title or about.title,
        description=_description(vulnerability.notes),
        related=others,
        ratings=_ratings(vulnerability, by),
        cwes=tuple(dict.fromkeys(cwe.id for cwe in (vulnerability.cwe, *vulnerability.cwes) if cwe and cwe.id)),
        references=tuple(dict.fromkeys(link.url for link in links if link.url)),
        advice=tuple(dict.fromkeys(remedy.details for remedy in vulnerability.remediations if remedy.details)),
        criteria=tuple(found.criteria),
        conditions=tuple(found.conditions),
        unread=tuple(dict.fromkeys(found.unread)),
        document=about.title,
    )


def _add_affected(status: _Status, products: dict[str, Product], found: Configurations) -> None:
    on_platform: dict[tuple[Criterion, ...], dict[Criterion, None]] = {}
    for identifier in dict.fromkeys([*status.known_affected, *status.first_affected, *status.last_affected]):
        product = products.get(identifier)
        if product is None:
            found.unread.append(f"{identifier[:80]}: is not in the product tree")
            continue
        claims = Claims(product)
        found.unread += claims.unread
        if product.platform is None:
            for criterion in claims.criteria:
                found.add_alone(criterion)
            continue
        platform = Claims(product.platform, vulnerable=False)
        found.unread += platform.unread
        on_platform.setdefault(tuple(platform.criteria), {}).update(dict.fromkeys(claims.criteria))
    for platform_criteria, parts in on_platform.items():
        found.conditions.append(_both(parts, platform_criteria, found))


def _both(parts: dict[Criterion, None], platform: tuple[Criterion, ...], found: Configurations) -> Node:
    """Any of the parts, on the platform: a component of a product, or software installed on it (§3.2.2.3)."""
    either = (tuple(map(found.add_conditional, parts)), tuple(map(found.add_conditional, platform)))
    return Node(Operator.AND, nodes=tuple(Node(Operator.OR, criteria) for criteria in either))


def _description(notes: list[_Note]) -> str:
    for category in _DESCRIBING:
        for note in notes:
            if note.category == category and note.text:
                return note.text
    return ""


def _ratings(vulnerability: _Vulnerability, by: str) -> tuple[Rating, ...]:
    scores = [*vulnerability.scores, *(metric.content for metric in vulnerability.metrics if metric.content)]
    rated = (
        (cvss, version)
        for score in scores
        for cvss, version in ((score.cvss_v4, "4.0"), (score.cvss_v3, "3.1"), (score.cvss_v2, "2.0"))
        if cvss is not None
    )
    return tuple(
        dict.fromkeys(
            Rating(cvss.version or version, cvss.vector_string, cvss.base_score, by) for cvss, version in rated
        )
    )
