"""
`affected[]` of a CVE record as criteria (CVE Record Format 5.1, "Version Status Decision Algorithm").

Every version has a status: that of the listed version or range it lies in (its `changes` included), else the
`defaultStatus`, which is "unknown" where none is given. Affected by default is the complement of what is listed as
unaffected. "Unknown" claims nothing, and is counted. Commits of git have no order: only exact ones are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from postmarket.sources.criteria import possible, stated
from postmarket.sources.cve_products import Product, products
from postmarket.sources.cve_versions import UNORDERED, Claimed, Version, claims
from postmarket.sources.spans import covers, rest, whole
from postmarket.versions.interface import Scheme

if TYPE_CHECKING:
    from postmarket.sources.configurations import Configurations
    from postmarket.sources.spans import Span


_SHOWN = 1_000


class Affected(msgspec.Struct, rename="camel"):
    """One product and the status of its versions."""

    vendor: str = ""
    product: str = ""
    package_name: str = ""
    collection_url: str = msgspec.field(name="collectionURL", default="")
    package_url: str = msgspec.field(name="packageURL", default="")
    cpes: list[str] = []
    default_status: str = "unknown"
    versions: list[Version] = []


def add_affected(affected: Affected, found: Configurations) -> None:
    """Add the criteria of an entry to `found`; what cannot be read goes to its `unread`."""
    names, unread = products(
        vendor=affected.vendor,
        product=affected.product,
        package=affected.package_name,
        collection=affected.collection_url,
        purl=affected.package_url,
        cpes_=affected.cpes,
    )
    found.unread += unread
    said = f"{affected.vendor} {affected.package_name or affected.product}".strip()[:120]
    if not names:
        found.unread.append(f"{said or 'affected'}: no product is named")
        return
    scheme, listed = claims(affected.versions, names=(affected.vendor, affected.product, affected.package_name))
    unordered = [claim for claim in listed if claim.status == UNORDERED]
    if unordered:
        found.unread.append(f"{said}: {unordered[0].why}")
    if affected.default_status == "affected" and not unordered:
        listed = _affected_by_default(listed, scheme)
    elif affected.default_status == "unknown" and all(claim.status == "unaffected" for claim in listed):
        found.unread.append(f"{said}: the default status is unknown")
    for claim in _gathered(listed):
        _add(claim, names, said, found)


def _gathered(listed: list[Claimed]) -> list[Claimed]:
    """The claims, those without any range as one: fifty model numbers are one possibility, not fifty."""
    vague = [claim for claim in listed if claim.status == "affected" and claim.span is None]
    if len(vague) < 2:
        return listed
    texts = " | ".join(dict.fromkeys(claim.text for claim in vague))
    why = "; ".join(dict.fromkeys(claim.why.partition(":")[0] for claim in vague))
    shown = texts if len(texts) <= _SHOWN else f"{texts[:_SHOWN]}…"
    clear = [claim for claim in listed if claim.status != "affected" or claim.span is not None]
    return [*clear, Claimed("affected", None, shown, why)]


def _add(claim: Claimed, names: list[Product], said: str, found: Configurations) -> None:
    if claim.status == "unknown":
        found.unread.append(f"{said} {claim.text}: its status is unknown")
    if claim.status != "affected":
        return
    if claim.why:
        found.unread.append(f"{said} {claim.text}: {claim.why}")
    for name in names:
        if claim.why or claim.span is None:
            found.add_alone(possible(name.kind, name.name, claim.text, found=claim.span, attributes=name.attributes))
        else:
            found.add_alone(stated(name.kind, name.name, claim.span, attributes=name.attributes))


def _affected_by_default(listed: list[Claimed], scheme: Scheme) -> list[Claimed]:
    """
    The claims of an entry whose other versions are all affected.

    Two ways of writing are common enough to soften: an entry that lists only affected versions says twice what is
    affected, and the wider saying is then only possible; and a single unaffected version is the first fixed one, so
    that what lies above it is only possible too.
    """
    claimed = [claim for claim in listed if claim.status == "affected"]
    exempt = [claim for claim in listed if claim.status != "affected"]
    if any(claim.span is None for claim in exempt):
        why = "the versions that are not affected could not be read: " + "; ".join(claim.text for claim in exempt)[:200]
        return [*listed, Claimed("affected", None, "any", why)]
    if claimed and not exempt:
        why = "every other version is affected by default, but only affected versions are listed"
        return [*listed, Claimed("affected", whole(scheme), "any", why)]
    holes = rest(scheme, [claim.span for claim in exempt if claim.span is not None])
    single = {claim.span.upper.key for claim in exempt if claim.span and claim.span.upper and claim.single}
    inverted = [_inverted(hole, single) for hole in holes]
    return [
        *exempt,
        *inverted,
        *(claim for claim in claimed if claim.span is None or not covers(holes, claim.span)),
    ]


def _inverted(hole: Span, single: set[bytes]) -> Claimed:
    above = hole.lower is not None and hole.lower.key in single
    why = "it follows a single version that is not affected, most likely the first fixed one" if above else ""
    return Claimed("affected", hole, hole.words, why)
