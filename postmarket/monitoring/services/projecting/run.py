"""One run: from what the store says now to what pages read."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from postmarket.inventory.models import Listing
from postmarket.inventory.store import store
from postmarket.matching.aliases import AliasTable
from postmarket.matching.facts import named
from postmarket.matching.portfolio import tie_new_products
from postmarket.matching.store.connection import generation
from postmarket.matching.store.engine import Connection
from postmarket.monitoring.hooks import followed
from postmarket.monitoring.models import (
    DueVulnerability,
    Match,
    ProjectionState,
    Standing,
    VersionDecision,
    VersionState,
    VulnerabilityFacts,
)
from postmarket.monitoring.services.deciding.reconsidering import mark_decisions_due, reconsider
from postmarket.monitoring.services.projecting.baseline import CHUNK, concerned, mark_due, match_identities
from postmarket.monitoring.services.projecting.changed import changed
from postmarket.monitoring.services.projecting.telling import rank_anew, tell
from postmarket.monitoring.services.projecting.versions import due, judge
from postmarket.monitoring.services.supplier_vex import apply_statements
from postmarket.policy.pack import Pack

Progress = Callable[[int, int, str], None]
"""Told how far a run is: done, of how many, what; it may raise to stop between two transactions."""


def nobody_asks(done: int, total: int, what: str) -> None:
    """Progress that nobody looks at."""


@dataclass(frozen=True, slots=True)
class Projected:
    """
    What one run did: identities matched anew, vulnerabilities told differently, device versions judged, and decisions
    re-opened, lapsed or proposed.
    """

    identities: int = 0
    vulnerabilities: int = 0
    versions: int = 0
    decisions: int = 0


def project(
    *,
    pack: Pack,
    aliases: AliasTable,
    now: datetime,
    progress: Progress = nobody_asks,
) -> Projected:
    """
    Bring the projection up to what the store says now; call it after every load, re-match, or change of listings.

    What a run before did not finish is finished. Two runs never go on at once: they are one task (`asking`).
    """
    connection = store()
    state, _ = ProjectionState.objects.get_or_create(pk=1)
    with connection.writing():
        tie_new_products(connection)
    visible = generation(connection)
    (newest,) = connection.execute("SELECT coalesce(max(id), 0) FROM identity").fetchone()
    news = changed(connection, before=state.generation, visible=visible)
    also = set(DueVulnerability.objects.values_list("lead", flat=True))
    news.matched |= also
    matched = concerned(connection, news.matched, after=state.identity)
    told = news.told | also
    for start in range(0, len(matched), CHUNK):
        progress(start, len(matched), "components")
        told |= match_identities(connection, matched[start : start + CHUNK], now=now)
    count = _tell(connection, told, pack=pack, now=now)
    if state.policy != pack.digest:
        with transaction.atomic():
            rank_anew(VulnerabilityFacts.objects.values_list("lead", flat=True), pack=pack)
            mark_decisions_due(every=True)
    mark_due(_never_judged())
    with transaction.atomic():
        ProjectionState.objects.filter(pk=1).update(generation=visible, identity=newest, policy=pack.digest)
        DueVulnerability.objects.filter(lead__in=also).delete()
    waiting = due()
    for number, version_id in enumerate(waiting):
        progress(number, len(waiting), "device versions")
        judge(connection, version_id, aliases=aliases, pack=pack, now=now)
    _hold_against_vex()
    reconsidered = reconsider(policy=pack.version, now=now)
    return Projected(len(matched), count, len(waiting), len(reconsidered.lines))


def _tell(connection: Connection, leads: Collection[int], *, pack: Pack, now: datetime) -> int:
    """Tell what is in use of these groups, and what was never told; forget what matches nothing any more."""
    in_use = set(Match.objects.values_list("lead", flat=True).distinct()) | _decided(connection)
    known = set(VulnerabilityFacts.objects.values_list("lead", flat=True))
    count = tell(connection, in_use & (set(leads) | (in_use - known)), pack=pack, now=now)
    gone = sorted(known - in_use)
    for start in range(0, len(gone), CHUNK):
        with transaction.atomic():
            Standing.objects.filter(lead__in=gone[start : start + CHUNK]).delete()
            VulnerabilityFacts.objects.filter(lead__in=gone[start : start + CHUNK]).delete()
    return count


def _hold_against_vex() -> None:
    waiting = list(VersionState.objects.filter(vex_due=True).values_list("version_id", flat=True))
    for start in range(0, len(waiting), CHUNK):
        apply_statements(waiting[start : start + CHUNK])


def _decided(connection: Connection) -> set[int]:
    """The groups something was decided on, or that somebody follows: what is said of them stays, matched or not."""
    names = set(VersionDecision.objects.values_list("decision__vulnerability", flat=True).distinct())
    return set(named(connection, names | followed()).values())


def _never_judged() -> Collection[int]:
    judged = VersionState.objects.filter(version=OuterRef("version"))
    return set(Listing.objects.filter(~Exists(judged)).values_list("version_id", flat=True).distinct())
