"""Cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import count

from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.accounts.roles import Role
from postmarket.cases.models import Attachment, Case, CaseVersion, Clock, Member, StartEvent, Task
from postmarket.inventory.models import DeviceVersion
from postmarket.policy.interface import StartBasis
from postmarket.records.evidence import put_away
from postmarket.records.models import Evidence
from tests.accounts.builders import person
from tests.inventory.builders import version
from tests.monitoring.builders import NOW
from tests.web.routes.interface import Route, Routes, holders

BOTH = ("GET", "POST")
READ = holders(Permission.CONTENT_READ)
WORK = holders(Permission.CASES_WORK)
STEER = holders(Permission.CASES_STEER)
RESTRICT = holders(Permission.CASES_RESTRICT)
HANDLE = holders(Permission.REPORTS_HANDLE)
_numbers = count(1)


def kept(*, owner: Person | None = None, restricted: bool = False) -> Case:
    """A case about nothing yet."""
    return Case.objects.create(
        number=f"PSIRT-2026-{next(_numbers):04d}",
        title="The pump can be stopped.",
        owner=owner or person("Mara Lindqvist", Role.PSIRT_MANAGER),
        restricted=restricted,
        opened_at=NOW,
        state_since=NOW,
    )


def a_case(who: Person | None) -> Mapping[str, object]:
    """A case."""
    return {"number": kept().number}


def a_step(who: Person | None) -> Mapping[str, object]:
    """A case, and its next step."""
    return {"number": kept().number, "to": "acknowledged"}


def shipped() -> DeviceVersion:
    """A version in the field."""
    made = version()
    made.state = "shipped"
    made.save(update_fields=["state"])
    return made


def a_version(who: Person | None) -> Mapping[str, object]:
    """A case with a version."""
    case = kept()
    row = CaseVersion.objects.create(case=case, version=shipped(), added_at=NOW)
    return {"number": case.number, "pk": row.version_id}


def event_in(case: Case) -> StartEvent:
    """When the firm learned of it."""
    return StartEvent.objects.create(
        case=case, basis=StartBasis.VULNERABILITY_LEARNED.value, at=NOW, person="Ana", noted_at=NOW
    )


def an_event(who: Person | None) -> Mapping[str, object]:
    """A case with a start event."""
    case = kept()
    return {"number": case.number, "pk": event_in(case).pk}


def a_clock(who: Person | None) -> Mapping[str, object]:
    """A case with a clock that runs."""
    case = kept()
    clock = Clock.objects.create(
        case=case,
        clock="ART-PATCH",
        duty="patch",
        title="Patch",
        stops_on="patch released",
        start=event_in(case),
        policy="1",
        authority="article",
        citation="Article",
        zone="UTC",
        started_at=NOW,
        until=NOW + timedelta(days=30),
    )
    return {"number": case.number, "pk": clock.pk}


def a_task(who: Person | None) -> Mapping[str, object]:
    """A case with a task of who asks."""
    case = kept()
    doer = who or case.owner
    task = Task.objects.create(case=case, what="Call the hospital", assignee=doer, made_at=NOW)
    return {"number": case.number, "pk": task.pk}


def a_file(who: Person | None) -> Mapping[str, object]:
    """A case with a file."""
    case = kept()
    file = put_away(b"a log")
    Evidence.objects.get_or_create(
        sha256=file.sha256, defaults={"bytes": file.bytes, "media_type": "a/b", "source": "test", "kept_at": NOW}
    )
    Attachment.objects.create(case=case, evidence_id=file.sha256, name="gateway.log", added_by=case.owner, added_at=NOW)
    return {"number": case.number, "sha256": file.sha256}


def a_restricted(who: Person | None) -> Mapping[str, object]:
    """A restricted case of which who asks is a member."""
    case = kept(restricted=True)
    for one in filter(None, (who, case.owner)):
        if one.pk == case.owner_id or one.grants.exists():
            Member.objects.create(case=case, person=one, added_at=NOW)
    return {"number": case.number}


def a_member(who: Person | None) -> Mapping[str, object]:
    """Somebody in a restricted case of which who asks is a member too."""
    number = a_restricted(who)["number"]
    other = person("Max Stone", Role.PSIRT_ANALYST)
    Member.objects.create(case=Case.objects.get(number=number), person=other, added_at=NOW)
    return {"number": number, "pk": other.pk}


ROUTES: Routes = {
    "cases": Route(allowed=READ),
    "case-open": Route(allowed=holders(Permission.CASES_OPEN), methods=BOTH, answers=frozenset({404})),
    "case-board": Route(allowed=READ),
    "case-vulnerabilities": Route(allowed=READ),
    "cases-hand-over": Route(allowed=STEER, methods=("POST",)),
    "cases-watch": Route(allowed=READ, methods=("POST",)),
    "cases-unwatch": Route(allowed=READ, methods=("POST",)),
    "case-files": Route(allowed=READ, kwargs=a_case),
    "case-file": Route(allowed=holders(Permission.CONTENT_EXPORT), kwargs=a_file),
    "case-embargo": Route(allowed=STEER, methods=BOTH, kwargs=a_case),
    "case-watch": Route(allowed=READ, methods=("POST",), kwargs=a_case),
    "case-unwatch": Route(allowed=READ, methods=("POST",), kwargs=a_case),
    "case-merge": Route(allowed=STEER, methods=BOTH, kwargs=a_case),
    "case-split": Route(allowed=STEER, methods=BOTH, kwargs=a_case),
    "case-link": Route(allowed=WORK, methods=BOTH, kwargs=a_case),
    "case": Route(allowed=READ, kwargs=a_case),
    "case-record": Route(allowed=READ, kwargs=a_case),
    "case-move": Route(allowed=STEER, methods=BOTH, kwargs=a_step),
    "case-reopen": Route(allowed=STEER, methods=BOTH, kwargs=a_case),
    "case-exploitation": Route(allowed=STEER, methods=BOTH, kwargs=a_case),
    "case-title": Route(allowed=STEER, methods=BOTH, kwargs=a_case),
    "case-owner": Route(allowed=STEER, methods=BOTH, kwargs=a_case),
    "case-priority": Route(allowed=STEER, methods=BOTH, kwargs=a_case),
    "case-version-add": Route(allowed=STEER, methods=BOTH, kwargs=a_case),
    "case-version-out": Route(allowed=STEER, methods=BOTH, kwargs=a_version),
    "case-event-add": Route(allowed=STEER, methods=BOTH, kwargs=a_case),
    "case-event-correct": Route(allowed=STEER, methods=BOTH, kwargs=an_event),
    "case-event-void": Route(allowed=STEER, methods=BOTH, kwargs=an_event),
    "case-clock-stop": Route(allowed=STEER, methods=BOTH, kwargs=a_clock),
    "case-clock-pause": Route(allowed=STEER, methods=BOTH, kwargs=a_clock),
    "case-comment": Route(allowed=WORK, methods=BOTH, kwargs=a_case),
    "case-task-add": Route(allowed=WORK, methods=BOTH, kwargs=a_case),
    "case-task-done": Route(allowed=READ, methods=("POST",), kwargs=a_task),
    "case-attach": Route(allowed=WORK, methods=BOTH, kwargs=a_case),
    "case-restrict": Route(allowed=RESTRICT, methods=BOTH, kwargs=a_case),
    "case-member-add": Route(allowed=RESTRICT, methods=BOTH, kwargs=a_case),
    "case-member-remove": Route(allowed=RESTRICT, methods=BOTH, kwargs=a_member),
}
