"""Open cases follow what monitoring finds and what the policy says: versions, rank, vulnerability, clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from postmarket.cases import hooks
from postmarket.cases.actor import CASES
from postmarket.cases.counting import counting, stamp
from postmarket.cases.hooks import CaseEvent, Happened
from postmarket.cases.models import Case, CaseVersion, Link
from postmarket.cases.queries.hits import hits, lead_of
from postmarket.cases.services.clocks import count_clocks
from postmarket.cases.snapshots import case_snapshot
from postmarket.cases.words import CaseState, LinkKind
from postmarket.inventory.models import DeviceVersion
from postmarket.monitoring.models import VersionState, VulnerabilityFacts
from postmarket.records import act

ENDED = (CaseState.CLOSED.value, CaseState.MERGED.value)
FOLLOWED = "Monitoring found something else than before."
SAME = "Their names mean one vulnerability by now: merge them."


@dataclass(frozen=True, slots=True)
class Followed:
    """How many cases were looked at, and how many changed."""

    cases: int
    changed: int


def follow_monitoring(*, now: datetime) -> Followed:
    """
    Bring open cases up to what changed since their clocks were last counted: facts of their vulnerability, versions
    judged or shipped, the policy. Each in a transaction of its own: killed half-way, the next run goes on.
    """
    how = stamp(counting())
    facts = VulnerabilityFacts.objects.filter(lead=OuterRef("lead"), changed_at__gt=OuterRef("counted_at"))
    judged = VersionState.objects.filter(judged_at__gt=OuterRef("counted_at"))
    shipped = DeviceVersion.objects.filter(shipped_at__gt=OuterRef("counted_at"))
    open_ = Case.objects.exclude(state__in=ENDED)
    waiting = open_.filter(
        ~Q(counted_under=how)
        | Q(counted_at=None)
        | (~Q(vulnerability="") & (Q(Exists(facts)) | Q(Exists(judged)) | Q(Exists(shipped))))
    )
    found = list(waiting.order_by("pk").values_list("pk", flat=True))
    return Followed(len(found), sum(_follow(pk, now=now) for pk in found))


def _follow(pk: int, *, now: datetime) -> bool:
    with act(actor=CASES, at=now, why=FOLLOWED, policy=counting().pack.version) as doing:
        case = Case.objects.select_for_update().get(pk=pk)
        if not case.is_open:
            return False
        before = case_snapshot(case)
        _regroup(case, now=now)
        found = hits(case.lead)
        known = set(case.versions.values_list("version_id", flat=True))
        came = [hit for hit in found.versions if hit.version.pk not in known] if not case.part else []
        CaseVersion.objects.bulk_create(
            CaseVersion(case=case, version=hit.version, added_at=now, why=hit.how) for hit in came
        )
        rank = (case.priority, case.priority_reason)
        if case.lead is not None and found.versions:
            case.priority, case.priority_reason = found.priority, found.reason
            case.save(update_fields=["priority", "priority_reason"])
        after = case_snapshot(case)
        if after != before:
            doing.note("case.followed", subject=case, before=before, after=after)
        counted = count_clocks(doing, case, now=now)
        if came:
            hooks.tell(CaseEvent(Happened.VERSIONS, case, now))
    return counted or after != before or rank != (case.priority, case.priority_reason)


def _regroup(case: Case, *, now: datetime) -> None:
    """
    The alias group its vulnerability is in now.

    Where another open case stands for that group already, both stay, linked, for a person to merge.
    """
    lead = lead_of(case.vulnerability)
    if lead is None or lead == case.lead:
        return
    old, case.lead = case.lead, lead
    try:
        with transaction.atomic():
            case.save(update_fields=["lead"])
    except IntegrityError:
        case.lead = old
        other = Case.objects.exclude(state__in=ENDED).get(lead=lead, restricted=False, part=False)
        Link.objects.get_or_create(
            case=case, other=other, kind=LinkKind.RELATED.value, defaults={"why": SAME, "added_at": now}
        )
