"""What the portfolio is made of: each identity once, in how many versions, and whether any source knows it."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.expressions import RawSQL

from postmarket.accounts.authority import Caller
from postmarket.inventory.models import Component, ComponentIdentity, Listing
from postmarket.inventory.queries.scope import readable

LINE = "version__device__line"


class Seen(StrEnum):
    """What the vulnerability data says of an identity, by itself; a device's conditions are judged with the device."""

    FOUND = "found"
    CLEAR = "clear"
    """A source knows the product; none of its ranges holds this version."""
    UNKNOWN = "unknown"
    """No source knows it by any of its names: nothing can be said."""


def components(by: Caller) -> QuerySet[ComponentIdentity]:
    """
    The identities that versions `by` may read are made of now, by name; `seen` is a Seen, `in_versions` how many.

    One query a page.
    """
    listed = Listing.objects.filter(readable(by, LINE), identity=OuterRef("pk")).order_by()
    count = listed.values("identity").annotate(number=Count("pk")).values("number")
    found = RawSQL("EXISTS (SELECT 1 FROM match m WHERE m.identity_id = match_id)", ())
    known = RawSQL("EXISTS (SELECT 1 FROM identity_product p WHERE p.identity_id = match_id)", ())
    return (
        ComponentIdentity.objects.filter(Exists(listed))
        .annotate(in_versions=Subquery(count, output_field=IntegerField()), is_found=found, is_known=known)
        .annotate(
            seen=Case(
                When(is_found=True, then=Value(Seen.FOUND.value)),
                When(is_known=True, then=Value(Seen.CLEAR.value)),
                default=Value(Seen.UNKNOWN.value),
            )
        )
        .order_by("name", "version", "pk")
    )


def unknown_components(by: Caller) -> QuerySet[ComponentIdentity]:
    """Those of `components` that no source knows."""
    neither = {"is_found": False, "is_known": False}
    return components(by).filter(**neither)


def listings_of(by: Caller, identity: ComponentIdentity) -> QuerySet[Listing]:
    """The versions `by` may read that list an identity now, by device."""
    found = Listing.objects.filter(readable(by, LINE), identity=identity).select_related("version__device__line")
    return found.order_by("version__device__name", F("version_id").desc())


def by_hand(by: Caller, version_id: int) -> QuerySet[Component]:
    """What was entered by hand for a version and is in it still."""
    found = Component.objects.filter(readable(by, LINE), version=version_id, sbom=None, removed_at=None)
    return found.select_related("identity", "version__device__line")
