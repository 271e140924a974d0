"""A report is entered by hand, acknowledged, given files and answers, and closed without a case."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from postmarket.accounts.errors import NotAllowed
from postmarket.accounts.roles import Role
from postmarket.intake.errors import InvalidReport, ReportNotFound, WrongState
from postmarket.intake.models import Report
from postmarket.intake.queries.reports import acknowledging, report, reports, waiting
from postmarket.intake.rules.fields import Reporter
from postmarket.intake.services.reports import (
    File,
    acknowledge,
    attach_to_report,
    close_without_case,
    enter_report,
    reporter_of,
    say_harm,
)
from postmarket.intake.words import ReporterKind, ReportState
from postmarket.inventory.errors import NoReason
from postmarket.policy.pack import Pack, load_pack
from postmarket.records import private
from postmarket.records.evidence import read
from postmarket.records.models import Entry
from tests.accounts.builders import line, person
from tests.intake.given import FRIDAY, RESEARCHER, acknowledged, entered, fields, handler
from tests.inventory.builders import device, kinds
from tests.monitoring.builders import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The policy that comes with postmarket."""
    return load_pack()


def test_it_counts_from_when_somebody_first_knew() -> None:
    """Written down on Tuesday, known since Friday."""
    found = entered()

    assert (found.number, found.known_since, found.entered_at) == ("REP-2026-0001", FRIDAY, NOW)
    assert entered().number == "REP-2026-0002"


def test_who_reported_and_what_they_wrote_can_be_redacted_and_never_reach_the_trail() -> None:
    """The trail knows both by id and salted hash only."""
    found = entered()
    trail = b"".join(bytes(content) for content in Entry.objects.values_list("content", flat=True))

    assert found.text == fields().text
    for word in (b"Hale", b"Rob Vance", b"rob@example.org"):
        assert word not in trail
    first, second = handler("Quinn Ames"), handler("Ruth Berg")
    private.propose(id_=found.body_id, actor=first.actor, at=NOW, why="It names a patient.")
    private.redact(id_=found.body_id, actor=second.actor, at=NOW, why="It names a patient.")
    found = Report.objects.get()
    assert found.text is None
    assert found.title == fields().title


def test_only_who_handles_reports_sees_the_reporter() -> None:
    """An engineer may enter and read a report, and not learn who made it."""
    engineer = person("Ines Roth", Role.SUSTAINING_ENGINEERING)
    found = entered(by=engineer)

    assert reporter_of(found, by=handler()) == RESEARCHER
    with pytest.raises(NotAllowed):
        reporter_of(found, by=engineer)
    assert reporter_of(entered(reporter=Reporter()), by=handler()) is None


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": " "}, "title"),
        ({"text": "\n"}, "report"),
        ({"title": "x" * 201}, "title"),
        ({"text": "stopped\x00"}, "report"),
        ({"known_since": NOW + timedelta(seconds=1)}, "known since"),
        ({"known_since": datetime(2026, 11, 20)}, "known since"),  # noqa: DTZ001 - that is what is refused
    ],
)
def test_what_cannot_be_right_is_refused_by_field(said: dict[str, Any], field: str) -> None:
    """Nothing is kept of it."""
    with pytest.raises(InvalidReport) as raised:
        entered(**said)

    assert raised.value.where == field
    assert not Report.objects.exists()


def test_an_auditor_enters_nothing() -> None:
    """Reads only."""
    with pytest.raises(NotAllowed):
        entered(by=person("Abe Lund", Role.AUDITOR))


def test_it_is_acknowledged_once_and_at_a_time_that_can_be() -> None:
    """Not before anybody knew, not after now."""
    found = entered()
    for at in (FRIDAY - timedelta(seconds=1), NOW + timedelta(seconds=1)):
        with pytest.raises(InvalidReport):
            acknowledge(by=handler(), report=found, at=at, why="By mail.", now=NOW)

    found = acknowledged(found)

    assert (found.state, found.acknowledged_at) == (ReportState.ACKNOWLEDGED, FRIDAY + timedelta(days=2))
    assert kinds(found) == ["report.entered", "report.acknowledged"]
    with pytest.raises(WrongState):
        acknowledged(found)


def test_until_when_to_acknowledge_is_the_firms_rule(pack: Pack) -> None:
    """Three working days from Friday 20 November are Wednesday; what our own people report asks for none."""
    found = acknowledging(entered(), pack=pack, now=NOW)

    assert found is not None
    assert (found.day.isoformat(), found.late) == ("2026-11-25", False)
    late = acknowledging(entered(), pack=pack, now=NOW + timedelta(days=2))
    assert late is not None
    assert late.late
    assert acknowledging(entered(kind=ReporterKind.OUR_OWN), pack=pack, now=NOW) is None
    in_time = acknowledging(acknowledged(entered()), pack=pack, now=NOW + timedelta(days=30))
    assert in_time is not None
    assert not in_time.late


def test_closing_without_a_case_takes_an_answer_about_harm_and_a_reason() -> None:
    """Acknowledged first; and nobody closes what may tell of harm."""
    found, who = entered(), handler()
    with pytest.raises(WrongState, match="not acknowledged"):
        close_without_case(by=who, report=found, why="Not our product.", now=NOW)
    found = acknowledged(found)
    with pytest.raises(WrongState, match="may tell of harm"):
        close_without_case(by=who, report=found, why="Not our product.", now=NOW)
    say_harm(by=who, report=found, harmed=True, why="The nurse says so.", now=NOW)
    with pytest.raises(WrongState, match="may tell of harm"):
        close_without_case(by=who, report=found, why="Not our product.", now=NOW)
    say_harm(by=who, report=found, harmed=False, why="Asked again: nobody was hurt.", now=NOW)
    with pytest.raises(NoReason):
        close_without_case(by=who, report=found, why=" ", now=NOW)

    found = close_without_case(by=who, report=found, why="Another maker's pump.", now=NOW)

    assert (found.state, found.closed_why) == (ReportState.CLOSED, "Another maker's pump.")
    assert waiting(by=who) == 0


def test_files_are_evidence() -> None:
    """With the report, and after it."""
    who = handler()
    found = enter_report(by=who, fields=fields(), files=[File("mail.eml", b"Dear firm")], now=NOW)
    attach_to_report(by=who, report=found, file=File("poc.py", b"import pump"), why="The reporter sent it.", now=NOW)

    kept = [(row.name, b"".join(read(row.evidence_id))) for row in report(found.number, by=who).files.all()]
    assert kept == [("mail.eml", b"Dear firm"), ("poc.py", b"import pump")]


def test_a_report_is_for_who_may_read_a_device_line_it_is_about() -> None:
    """One about no device is for everybody who reads: somebody has to say which device it is about."""
    pumps, monitors = line("Pumps"), line("Monitors")
    about = entered(device(line=pumps))
    open_ = entered()
    ours, theirs = handler("Pia Moss", line=pumps), handler("Max Stone", line=monitors)

    assert set(reports(by=ours)) == {about, open_}
    assert list(reports(by=theirs)) == [open_]
    with pytest.raises(ReportNotFound):
        report(about.number, by=theirs)
    with pytest.raises(ReportNotFound):
        acknowledge(by=theirs, report=about, at=NOW, why="By mail.", now=NOW)
    with pytest.raises(NotAllowed):
        enter_report(by=theirs, fields=fields(), devices=[about.devices.get()], now=NOW)
