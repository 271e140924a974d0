"""Alias entries, and what looks as if it needed one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from postmarket.accounts.authority import ANYWHERE, Caller, require
from postmarket.accounts.permissions import Permission
from postmarket.inventory.models import AliasEntry, Listing
from postmarket.inventory.queries.scope import readable
from postmarket.inventory.store import store
from postmarket.inventory.words import AliasState
from postmarket.matching.coverage import FEED_OF_ECOSYSTEM, suspects
from postmarket.sources.names import fold_name

MOST_LOOKED_AT = 500
NO_PRODUCT = "NOT EXISTS (SELECT 1 FROM identity_product p WHERE p.identity_id = inventory_componentidentity.match_id)"
"""No source has a product by one of the identity's names."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A component name no source knows, in how many versions it is listed, and CPE products with the same word."""

    name: str
    versions: int
    cpes: tuple[str, ...]


def entries(by: Caller) -> QuerySet[AliasEntry]:
    """Every entry, newest first; they belong to no device line. Raises NotAllowed."""
    require(by, Permission.CONTENT_READ, on=ANYWHERE)
    return AliasEntry.objects.select_related("proposed_by", "decided_by", "retired_by")


def suggestions(by: Caller) -> Sequence[Suggestion]:
    """
    Components listed in versions `by` may read that no source knows, whose name is the last word of a CPE product.

    Those in most versions first. What somebody proposed, approved or rejected is not suggested again.
    """
    listed = Listing.objects.filter(readable(by, "version__device__line"))
    unknown = (
        listed.values("identity__name", "identity__purl")
        .annotate(versions=Count("version", distinct=True))
        .order_by("-versions", "identity__name")
        .extra(where=[NO_PRODUCT])  # noqa: S610 - our own words; the store's tables have no models here
    )
    decided = {
        (fold_name(name), cpe)
        for entry in AliasEntry.objects.exclude(state=AliasState.RETIRED.value)
        for name in entry.names
        for cpe in entry.cpes
    }
    opened = store()
    found: dict[str, Suggestion] = {}
    for row in unknown[:MOST_LOOKED_AT]:
        name, word = row["identity__name"], fold_name(row["identity__name"])
        if not word or word in found or _ecosystem(row["identity__purl"]) in FEED_OF_ECOSYSTEM:
            continue
        cpes = tuple(cpe for cpe in suspects(opened, word) if (word, cpe) not in decided)
        if cpes:
            found[word] = Suggestion(name, row["versions"], cpes)
    return tuple(found.values())


def _ecosystem(purl: str) -> str:
    return purl.removeprefix("pkg:").partition("/")[0].lower() if purl else ""
