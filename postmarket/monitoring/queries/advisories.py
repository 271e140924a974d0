"""Advisories, whose they are, and which versions of ours share what they name."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from postmarket.accounts.authority import ANYWHERE, Caller, lines, require
from postmarket.accounts.permissions import Permission
from postmarket.inventory.models import Listing
from postmarket.monitoring.feed_words import Sharing, Whose
from postmarket.monitoring.models import Advisory, AdvisoryHit

OPEN = Q(reviewed_revision=None) | ~Q(reviewed_revision=F("revision"))
CONCERNS = Q(affected__gt=0) | Q(sharing__gt=0) | Q(whose=Whose.OURS.value)


@dataclass(frozen=True, slots=True)
class Shared:
    """A component of ours that an advisory has to do with, how, and the versions that have it."""

    component: str
    sharing: Sharing
    versions: tuple[str, ...]


def advisories(*, by: Caller) -> QuerySet[Advisory]:
    """Every advisory, newest revision first. Raises NotAllowed."""
    require(by, Permission.CONTENT_READ, on=ANYWHERE)
    return Advisory.objects.all()


def to_review(*, by: Caller) -> QuerySet[Advisory]:
    """Those that concern us, or may, and that nobody reviewed as they are now. Raises NotAllowed."""
    return advisories(by=by).filter(OPEN & CONCERNS, withdrawn=False)


def shared(advisory: Advisory, *, by: Caller) -> list[Shared]:
    """Which components of which versions share what it names, in two queries; only versions the person may see."""
    held = lines(by, Permission.CONTENT_READ)
    hits = dict(AdvisoryHit.objects.filter(advisory=advisory).values_list("identity", "sharing"))
    listed = Listing.objects.filter(
        identity__match_id__in=AdvisoryHit.objects.filter(advisory=advisory).values("identity")
    ).select_related("version__device", "identity")
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in listed:
        if held.covers(row.version.device.line_id):
            found[hits[row.identity.match_id or 0], str(row.identity)].append(str(row.version))
    return [Shared(name, Sharing(sharing), tuple(sorted(of))) for (sharing, name), of in sorted(found.items())]
