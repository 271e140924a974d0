"""Reports are entered, acknowledged, given files, answered about harm, and closed without a case."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from postmarket.accounts.authority import ANYWHERE, On, may, require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.intake import hooks
from postmarket.intake.errors import InvalidReport, ReportNotFound, WrongState
from postmarket.intake.models import Report, ReportFile
from postmarket.intake.queries.visible import visible_to
from postmarket.intake.rules.fields import Reporter, ReportFields, check_report, one_line
from postmarket.intake.services.numbering import next_number
from postmarket.intake.snapshots import report_snapshot
from postmarket.intake.words import ReportState
from postmarket.inventory.models import Device
from postmarket.inventory.queries.scope import readable
from postmarket.inventory.services.reasons import reason
from postmarket.records import act, private
from postmarket.records import evidence as evidence_kept
from postmarket.records.models import Evidence
from postmarket.records.trail import Act

SERIES = "REP"


@dataclass(frozen=True, slots=True)
class File:
    """A file somebody gives: its name, bytes and media type."""

    name: str
    content: bytes
    media_type: str = "application/octet-stream"


def enter_report(
    *, by: Person, fields: ReportFields, devices: Collection[Device] = (), files: Collection[File] = (), now: datetime
) -> Report:
    """
    Keep what somebody told the firm. Who reported and what they wrote are kept as private data.

    Raises NotAllowed, and InvalidReport (also for a device that `by` may not see).
    """
    on: set[On] = {one.line for one in devices}
    for line in on or {ANYWHERE}:
        require(by, Permission.REPORTS_ENTER, on=line)
    checked = check_report(fields, now=now)
    if Device.objects.filter(readable(by), pk__in=[one.pk for one in devices]).count() != len({*devices}):
        raise InvalidReport("There is no such device", where="devices", next_step="Choose from the list.")
    with act(actor=by.actor, at=now, why=f"Reported: {checked.title}") as doing:
        report = Report(
            number=next_number(SERIES, now=now),
            kind=checked.kind.value,
            organisation=checked.organisation,
            title=checked.title,
            vulnerability=checked.vulnerability,
            harm_reported=checked.harm_reported,
            known_since=checked.known_since,
            entered_at=now,
            entered_by=by,
        )
        report.body_id = private.keep(doing, checked.text, about=report).id
        if checked.reporter:
            told = msgspec.json.encode(checked.reporter)
            kept = private.keep(doing, told, media_type="application/json", about=report)
            report.reporter_id = kept.id
        report.save()
        report.devices.set(devices)
        doing.note("report.entered", subject=report, before=None, after=report_snapshot(report))
        for file in files:
            _attach(doing, report, file, now=now)
    return report


def acknowledge(*, by: Person, report: Report, at: datetime, why: str, now: datetime) -> Report:
    """
    The reporter was told at `at` that the report has arrived; `why` says how ("by mail").

    Raises NotAllowed, ReportNotFound, NoReason, WrongState when it is acknowledged, InvalidReport for an impossible
    time.
    """
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        report = _locked(report, by=by, permission=Permission.REPORTS_HANDLE)
        if report.acknowledged_at is not None:
            raise WrongState(f"{report.number} is acknowledged already", next_step="There is nothing to do.")
        if at.tzinfo is None or not report.known_since <= at <= now:
            raise InvalidReport(
                "It cannot have been acknowledged then",
                where="acknowledged at",
                why="that is before anybody knew of it, or after now",
                next_step="Give the time at which the answer went out.",
            )
        before = report_snapshot(report)
        report.acknowledged_at = at.astimezone(UTC)
        if report.state == ReportState.RECEIVED.value:
            report.state = ReportState.ACKNOWLEDGED.value
        report.save(update_fields=["acknowledged_at", "state"])
        doing.note("report.acknowledged", subject=report, before=before, after=report_snapshot(report))
        hooks.acknowledged(report, now=now)
    return report


def say_harm(*, by: Person, report: Report, harmed: bool, why: str, now: datetime) -> Report:
    """Whether it tells of an injury, a death or a device that failed. Raises NotAllowed, ReportNotFound, NoReason."""
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        report = _locked(report, by=by, permission=Permission.REPORTS_HANDLE)
        before = report_snapshot(report)
        report.harm_reported = harmed
        report.save(update_fields=["harm_reported"])
        doing.note("report.harm-said", subject=report, before=before, after=report_snapshot(report))
    return report


def attach_to_report(*, by: Person, report: Report, file: File, why: str, now: datetime) -> ReportFile:
    """A file that belongs to a report, kept as evidence. Raises NotAllowed, ReportNotFound, NoReason."""
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        return _attach(doing, _locked(report, by=by, permission=Permission.REPORTS_ENTER), file, now=now)


def close_without_case(*, by: Person, report: Report, why: str, now: datetime) -> Report:
    """
    Nothing follows from it, because. Raises NotAllowed, ReportNotFound, NoReason.

    Raises WrongState for one in a case, one nobody has acknowledged, and one that may tell of harm.
    """
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        report = _locked(report, by=by, permission=Permission.REPORTS_HANDLE)
        if report.state != ReportState.ACKNOWLEDGED.value:
            what = {
                ReportState.RECEIVED.value: ("is not acknowledged", "Acknowledge it first."),
                ReportState.IN_CASE.value: ("is in a case", "Close the case instead."),
                ReportState.CLOSED.value: ("is closed already", "There is nothing to do."),
            }[report.state]
            raise WrongState(f"{report.number} {what[0]}", next_step=what[1])
        if report.harm_reported is not False:
            raise WrongState(
                f"{report.number} may tell of harm",
                why="nobody has said that it does not",
                next_step="Say whether anybody was harmed; if so, open a case.",
            )
        before = report_snapshot(report)
        report.state, report.closed_why = ReportState.CLOSED.value, reason(why)
        report.save(update_fields=["state", "closed_why"])
        doing.note("report.closed", subject=report, before=before, after=report_snapshot(report))
    return report


def put_in_case(doing: Act, report: Report) -> None:
    """For the room of cases: the report goes on there. Call inside its act, with the report locked."""
    before = report_snapshot(report)
    report.state, report.closed_why = ReportState.IN_CASE.value, ""
    report.save(update_fields=["state", "closed_why"])
    doing.note("report.in-case", subject=report, before=before, after=report_snapshot(report))


def reporter_of(report: Report, *, by: Person) -> Reporter | None:
    """
    Who reported; None when nobody said, or it is redacted. Raises NotAllowed for who does not handle reports.
    """
    _require(by, Permission.REPORTS_HANDLE, report)
    if report.reporter is None or report.reporter.content is None:
        return None
    return msgspec.json.decode(bytes(report.reporter.content), type=Reporter)


def _attach(doing: Act, report: Report, file: File, *, now: datetime) -> ReportFile:
    name = one_line("file name", file.name, needed="Name the file.")
    kept: Evidence = evidence_kept.keep(
        doing, file.content, media_type=file.media_type, source=f"came with {report.number}: {name}", about=report
    )
    row = ReportFile.objects.create(report=report, evidence=kept, name=name, added_at=now)
    doing.note("report.file-added", subject=report, detail={"name": name, "evidence": kept.sha256})
    return row


def _locked(report: Report, *, by: Person, permission: Permission) -> Report:
    """The report as it is now, held until the transaction ends. Raises ReportNotFound, NotAllowed."""
    visible = Report.objects.filter(visible_to(by)).values("pk")
    found = Report.objects.select_for_update().filter(pk=report.pk, pk__in=visible).first()
    if found is None:
        raise ReportNotFound("There is no such report", where=report.number, next_step="Look at the list again.")
    _require(by, permission, found)
    return found


def _require(by: Person, permission: Permission, report: Report) -> None:
    """Enough for one of its device lines; for a report about no device, enough for any."""
    lines = [one.line for one in report.devices.select_related("line")]
    if not lines:
        require(by, permission, on=ANYWHERE)
    elif not any(may(by, permission, on=line) for line in lines):
        require(by, permission, on=lines[0])
