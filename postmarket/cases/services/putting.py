"""What a case is about, and what its coming starts: versions, reports, and the system's own match."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from postmarket.cases.models import Case, CaseReport, CaseVersion
from postmarket.cases.queries.hits import Hits
from postmarket.cases.services.events import keep_event
from postmarket.intake.models import Report
from postmarket.intake.services.reports import put_in_case
from postmarket.intake.words import ReporterKind
from postmarket.inventory.models import Device, DeviceVersion
from postmarket.inventory.words import VersionState
from postmarket.policy.interface import StartBasis
from postmarket.records.trail import Act

NAMED = "named in the report"
SYSTEM = "the system's match"
CERT = "CERT/CC publishes 45 days after its first contact; declare this void where the coordinator has another policy."


def named_in(report: Report) -> Sequence[DeviceVersion]:
    """The shipped versions of the devices that a report names."""
    shipped = DeviceVersion.objects.filter(
        device__in=Device.objects.filter(reports=report), state=VersionState.SHIPPED.value
    )
    return list(shipped.select_related("device__line"))


def put_versions(case: Case, found: Hits, *, named: Sequence[DeviceVersion], now: datetime) -> None:
    """The versions hit and those named, unless the case has them, also as left out. Call inside an act."""
    how = {one.pk: NAMED for one in named} | {hit.version.pk: hit.how for hit in found.versions}
    known = set(CaseVersion.objects.filter(case=case).values_list("version_id", flat=True))
    CaseVersion.objects.bulk_create(
        CaseVersion(case=case, version_id=pk, added_at=now, why=why) for pk, why in how.items() if pk not in known
    )


def put_report(doing: Act, case: Case, report: Report, *, now: datetime) -> None:
    """The report, and the start events that lie in its having come."""
    CaseReport.objects.create(case=case, report=report, added_at=now)
    who = report.organisation or report.kind
    learned = f"{report.number} says when somebody in the firm first knew of it."
    for basis, said in (
        (StartBasis.REPORT_RECEIVED, f"{report.number} came in."),
        (StartBasis.VULNERABILITY_LEARNED, learned),
        (StartBasis.CERT_CONTACT, CERT),
    ):
        if basis is StartBasis.REPORT_RECEIVED and report.kind == ReporterKind.OUR_OWN.value:
            continue
        if basis is StartBasis.CERT_CONTACT and report.kind != ReporterKind.COORDINATOR.value:
            continue
        keep_event(
            doing,
            case,
            basis=basis,
            at=report.known_since,
            person=who,
            report=report,
            by_system=True,
            why=said,
            now=now,
        )
    put_in_case(doing, report)


def learned_by_system(doing: Act, case: Case, found: Hits, *, now: datetime) -> None:
    """The system\'s match says when the firm learned of it, until a person corrects that. Call inside an act."""
    first = found.first
    if first is not None:
        keep_event(
            doing,
            case,
            basis=StartBasis.VULNERABILITY_LEARNED,
            at=min(first.since, now),
            person=SYSTEM,
            by_system=True,
            why=first.because,
            now=now,
        )
