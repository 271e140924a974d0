"""What cases do by themselves: follow monitoring, and warn before clocks end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection

from postmarket import tasks
from postmarket.cases.models import Case, Link, Told
from postmarket.cases.queries.calendar import calendar_of
from postmarket.cases.rules.icalendar import Entry, calendar
from postmarket.cases.services.events import note_start_event
from postmarket.cases.services.opening import open_case_for_report
from postmarket.cases.services.people import watch
from postmarket.cases.services.splitting import split_case
from postmarket.cases.services.stopping import stop_clock
from postmarket.cases.services.triage import leave_out_version
from postmarket.cases.services.upkeep import follow_monitoring
from postmarket.cases.services.warning import warn
from postmarket.intake.models import Counter
from postmarket.inventory.models import DeviceVersion
from postmarket.inventory.services.shipping import mark_shipped
from postmarket.policy.interface import StartBasis
from postmarket.sources.interface import Source
from postmarket.tasks.registry import kinds as task_kinds
from postmarket.tasks.schedules import Tick
from tests.builders import Tell, nvd_range, record
from tests.cases.given import LATER, RISK, WHY, analyst, clocks, manager, opened
from tests.intake.given import FRIDAY, entered
from tests.inventory.builders import kinds
from tests.monitoring.builders import NOW
from tests.monitoring.given import CVE, pump, told

pytestmark = pytest.mark.django_db

BringUp = Callable[..., object]


def test_versions_shipped_later_come_into_the_case(tell: Tell, bring_up: BringUp) -> None:
    """Marked as shipped after the case was opened; the firm knew before, and no clock moves."""
    tell(told())
    pump("3.1")
    coming = pump("3.2", shipped=False)
    bring_up()
    by, case = manager(), opened()
    running = list(case.clocks.values_list("pk", "until"))

    mark_shipped(by=by, version=coming, why="Released.", now=LATER)
    assert follow_monitoring(now=LATER + timedelta(minutes=5)).changed == 1

    assert coming in {row.version for row in case.versions.all()}
    assert list(case.clocks.values_list("pk", "until")) == running
    assert kinds(case)[-1] == "case.followed"
    assert follow_monitoring(now=LATER + timedelta(minutes=10)).cases == 0


def test_a_case_split_off_gets_no_version_by_itself(tell: Tell, bring_up: BringUp) -> None:
    """It is about what a person put in it; the case it was split from takes what comes."""
    tell(told())
    pump("3.1")
    second, coming = pump("3.2"), pump("3.3", shipped=False)
    bring_up()
    by, case = manager(), opened()
    part = split_case(by=by, case=case, versions=[second], title="The old board", why=WHY, now=NOW)
    mark_shipped(by=by, version=coming, why="Released.", now=LATER)

    follow_monitoring(now=LATER + timedelta(minutes=5))

    assert [row.version for row in part.versions.all()] == [second]
    assert coming in {row.version for row in case.versions.filter(removed_at=None)}
    assert second not in {row.version for row in case.versions.filter(removed_at=None)}


def test_a_version_left_out_stays_out(hit: DeviceVersion) -> None:
    """What a person decided is not undone by a machine."""
    case = opened()
    leave_out_version(by=manager(), case=case, version=hit, why="Never sold.", now=NOW)
    Case.objects.update(counted_under="")

    follow_monitoring(now=LATER)

    assert not case.versions.filter(removed_at=None).exists()


def test_a_vulnerability_that_joins_another_group_takes_its_case_along(tell: Tell, bring_up: BringUp) -> None:
    """Where that group has an open case already, both stay, linked, for a person to merge."""
    tell(told())
    tell(record("GHSA-aaaa-bbbb-cccc", nvd_range("a:openssl:openssl", "3.0.8"), source=Source.OSV))
    pump("3.1")
    bring_up()
    first, second = opened(), opened(vulnerability="GHSA-aaaa-bbbb-cccc")
    assert first.lead != second.lead
    tell(record("GHSA-aaaa-bbbb-cccc", nvd_range("a:openssl:openssl", "3.0.8"), source=Source.OSV, aliases=(CVE,)))
    bring_up(LATER)

    follow_monitoring(now=LATER)

    link = Link.objects.get()
    assert {link.case, link.other} == {first, second}
    assert "merge them" in link.why


def test_people_are_told_once_for_each_step(hit: DeviceVersion, mailoutbox: list[mail.EmailMessage]) -> None:
    """A week, three days, a day, four hours before, and when it has passed; of what drives; by owner and watcher."""
    case, ana, chief = opened(by=analyst("Ola Wren")), analyst(), manager("Rita Read")
    watch(by=ana, case=case)
    until = clocks(case)["FDA-PM16-30"].until
    assert until is not None

    def told_at(before: timedelta) -> list[str]:
        mailoutbox.clear()
        warn(now=until - before)
        tasks.run_due(now=until - before)
        return sorted(to for one in mailoutbox for to in one.to)

    both = sorted([case.owner.email, ana.email])
    assert told_at(timedelta(hours=169)) == []
    assert told_at(timedelta(hours=168)) == both
    assert RISK in mailoutbox[0].body
    assert "ends in 7 days" in mailoutbox[0].body
    assert "FDA guidance (non-binding)" in mailoutbox[0].body
    assert told_at(timedelta(hours=100)) == []
    assert told_at(timedelta(hours=20)) == both
    assert told_at(timedelta(hours=19)) == []
    assert told_at(timedelta()) == sorted([*both, chief.email])
    assert "has passed" in mailoutbox[0].body
    assert told_at(-timedelta(days=1)) == []
    assert sorted(Told.objects.values_list("step", flat=True), reverse=True) == [168, 72, 24, 4, 0]


def test_a_clock_noted_late_is_told_of_once_in_one_mail(
    hit: DeviceVersion, mailoutbox: list[mail.EmailMessage]
) -> None:
    """A report known for months: the mail lists everything, and nothing of what is hidden behind an earlier date."""
    case, chief = opened(by=analyst()), manager()
    note_start_event(
        by=chief,
        case=case,
        basis=StartBasis.CORRECTION_DECISION,
        at=NOW - timedelta(days=60),
        person="Quality",
        why=WHY,
        now=NOW,
    )
    tasks.run_due(now=NOW)
    mailoutbox.clear()

    assert warn(now=NOW) == 1
    assert warn(now=NOW) == 0
    tasks.run_due(now=NOW)
    assert [one.to for one in mailoutbox] == [[case.owner.email], [chief.email]]
    assert "Report of correction or removal has passed" in mailoutbox[0].body


def test_what_is_stopped_or_closed_warns_nobody(hit: DeviceVersion) -> None:
    """Nor what is void."""
    case = opened()
    for clock in clocks(case).values():
        stop_clock(by=manager(), clock=clock, at=NOW, why="Done.", now=NOW)

    assert warn(now=NOW + timedelta(days=400)) == 0


def test_upkeep_comes_by_itself(hit: DeviceVersion) -> None:
    """It is registered, and a run of it warns."""
    assert "cases.upkeep" in task_kinds()
    opened()
    later = NOW + timedelta(days=25)
    tasks.enqueue("cases.upkeep", Tick(at=later), now=later)

    tasks.run_due(now=later)

    assert Told.objects.exists()


def test_the_calendar_holds_the_clocks(hit: DeviceVersion) -> None:
    """Whole days for day clocks, the instant for hours; of a restricted case the number and the clock alone."""
    case = opened()
    note_start_event(
        by=manager(), case=case, basis=StartBasis.UNCONTROLLED_SIGNED, at=NOW, person="Both", why=WHY, now=NOW
    )
    hidden = opened(restricted=True, by=case.owner)

    text = calendar_of(case.owner).replace("\r\n ", "")

    assert text.count("BEGIN:VEVENT") == 7
    assert "DTSTART;VALUE=DATE:20261223\r\nDTEND;VALUE=DATE:20261224" in text
    assert "DTSTART:20261127T080000Z" in text
    assert f"SUMMARY:{case.number}: Tell the hospitals (uncontrolled risk) – {RISK}" in text
    assert f"SUMMARY:{hidden.number}: Patch\\, CVSS 7.0 – 8.9\r\n" in text
    assert text.count(hidden.number) == 3
    assert calendar_of(analyst()).count("BEGIN:VEVENT") == 4
    assert "BEGIN:VEVENT" not in calendar_of(analyst(), mine=True)


def test_a_calendar_is_folded_and_escaped() -> None:
    """No line over 75 octets, no character cut, nothing that ends a line early."""
    entry = Entry("u", "é" * 200 + "; a, b\\c\nBEGIN:VEVENT\r\x00", "d", NOW, NOW.date())

    text = calendar([entry], name="n")

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.count("\r\nBEGIN:VEVENT") == 1
    assert "é" * 200 + "\\; a\\, b\\\\c\\nBEGIN:VEVENT" in text.replace("\r\n ", "")


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_and_no_doubles_whoever_asks_at_once(hit: DeviceVersion) -> None:
    """Eight threads open a case each, every second of them fails at the end; a failed one gives its number back."""
    by = manager()
    reports = [entered(by=by) for _ in range(8)]
    failures: list[BaseException] = []

    def open_one(place: int) -> None:
        try:
            open_case_for_report(by=by, report=reports[place], title=RISK if place % 2 else "x" * 301, why=WHY, now=NOW)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=open_one, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {type(error).__name__ for error in failures} == {"InvalidCase"}
    assert sorted(Case.objects.values_list("number", flat=True)) == [
        f"PSIRT-2026-000{number}" for number in range(1, 5)
    ]
    assert Counter.objects.get(series="PSIRT").last == 4
    assert {row.started_at for row in clocks(Case.objects.earliest("pk")).values()} == {FRIDAY}
