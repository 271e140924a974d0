"""A restricted case is for its members: in every query, in services, in mail, in reports and in the records."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from postmarket import tasks
from postmarket.accounts.authority import Bearer
from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.accounts.services.grants import revoke_role
from postmarket.cases import queries
from postmarket.cases.errors import CaseNotFound, InvalidCase
from postmarket.cases.models import Case
from postmarket.cases.queries import board, by_vulnerability, calendar, case, clocks, curtain, listing, near, visible
from postmarket.cases.services.events import note_start_event
from postmarket.cases.services.opening import open_case_for_report
from postmarket.cases.services.people import add_member, open_up, remove_member, restrict, set_owner, unwatch, watch
from postmarket.cases.services.splitting import link_cases
from postmarket.cases.services.stopping import stop_clock
from postmarket.cases.services.upkeep import follow_monitoring
from postmarket.cases.services.warning import warn
from postmarket.cases.services.work import add_task, attach, comment
from postmarket.intake.models import Report
from postmarket.intake.queries.visible import visible_to as visible_reports
from postmarket.intake.services.reports import File
from postmarket.inventory.models import DeviceVersion
from postmarket.policy.interface import StartBasis
from postmarket.records.models import Entry
from tests.accounts.builders import line, person, token, with_generator
from tests.cases.given import RISK, WHY, analyst, manager, opened
from tests.intake.given import entered
from tests.monitoring.builders import NOW

pytestmark = pytest.mark.django_db

IMPLANT = "The implant answers to anybody"
LATE = NOW + timedelta(days=400)


@pytest.fixture
def hidden(hit: DeviceVersion) -> Case:
    """A restricted case with a report, a task of the auditor's and a file; its dates are long past."""
    by = manager()
    report = entered(title=IMPLANT, by=by)
    case = open_case_for_report(by=by, report=report, title=IMPLANT, restricted=True, why=WHY, now=NOW)
    attach(by=by, case=case, file=File("poc.py", b"import implant"), now=NOW)
    comment(by=by, case=case, text="Not a word to anybody.", now=NOW)
    return case


ASKED: dict[str, Callable[[Person, Case], object]] = {
    "visible.cases": lambda who, it: visible.cases(who).count(),
    "visible.visible_to": lambda who, it: Case.objects.filter(visible.visible_to(who)).count(),
    "visible.hidden_reports": lambda who, it: Report.objects.filter(visible_reports(who)).count(),
    "visible.shown_reports": lambda who, it: visible.shown_reports(who).count(),
    "listing.list_cases": lambda who, it: listing.list_cases(by=who, now=LATE).count(),
    "listing.list_cases, its rows": lambda who, it: len(list(listing.list_cases(by=who, now=LATE).every())),
    "listing.list_cases, searching": lambda who, it: listing.list_cases(
        by=who, asked=listing.Asked(text="implant"), now=LATE
    ).count(),
    "board.board": lambda who, it: sum(lane.count + len(lane.rows) for lane in board.board(by=who, now=LATE)),
    "by_vulnerability.device_rows": lambda who, it: by_vulnerability.device_rows(by=who, now=LATE).count(),
    "by_vulnerability.device_rows, its rows": lambda who, it: len(
        list(by_vulnerability.device_rows(by=who, now=LATE).every())
    ),
    "by_vulnerability.overview": lambda who, it: by_vulnerability.overview(by=who, now=LATE).vulnerabilities,
    "near.near": lambda who, it: _near(who, it),
    "listing.case_counts": lambda who, it: listing.case_counts(by=who, now=LATE).open,
    "listing.case_counts, clocks": lambda who, it: listing.case_counts(by=who, now=LATE).clocks.late,
    "listing.my_tasks": lambda who, it: _task(who, it),
    "clocks.due": lambda who, it: clocks.due(by=who, now=LATE).count(),
    "clocks.due_counts": lambda who, it: clocks.due_counts(by=who, now=LATE).late,
    "calendar.calendar_of": lambda who, it: it.number in calendar.calendar_of(who),
    "case.find_case": lambda who, it: _found(lambda: case.find_case(it.number, by=who)),
    "case.case_detail": lambda who, it: _found(lambda: case.case_detail(it.number, by=who, now=LATE)),
    "curtain.hidden_entries": lambda who, it: (
        Entry.objects.exclude(curtain.hidden_entries(who)).filter(subject_id=it.number).count()
    ),
}
"""Every query of cases that takes a caller: what it gives to `who` of a case, false for nothing."""
GIVEN_A_CASE = {"questions.questions", "listing.narrowed"}
"""They are asked with cases that were found through one of the others."""
OF_RECORDS = {"redactions.redactions", "redactions.visible_datum"}
"""They take the right to read records besides: tests/web/test_redaction.py asks them."""


def _found(query: Callable[[], object]) -> bool:
    try:
        query()
    except CaseNotFound:
        return False
    return True


def _near(who: Person, it: Case) -> bool:
    """Whether it is offered where another case is merged or linked that belongs with it."""
    other = Case.objects.filter(restricted=False).first() or opened()
    it.links.get_or_create(other=other, defaults={"why": WHY, "added_at": NOW})
    return it in [one.case for one in near.near(other, by=who)]


def _task(who: Person, it: Case) -> int:
    """A task that was theirs before the case was out of their sight."""
    it.tasks.create(what="Look", assignee=who, made_at=NOW)
    return listing.my_tasks(by=who).count()


def test_every_query_that_takes_a_caller_is_asked_here() -> None:
    """A new one fails here until it is."""
    taking = set()
    for module in pkgutil.iter_modules(queries.__path__):
        found = import_module(f"{queries.__name__}.{module.name}")
        for name, function in inspect.getmembers(found, inspect.isfunction):
            if function.__module__ == found.__name__ and not name.startswith("_"):
                taking |= {f"{module.name}.{name}"} if "by" in inspect.signature(function).parameters else set()

    assert taking == {name.split(",")[0] for name in ASKED} | GIVEN_A_CASE | OF_RECORDS


@pytest.mark.parametrize("name", ASKED)
def test_a_member_sees_it_and_nobody_else(hidden: Case, name: str) -> None:
    """Nor who reads everything else, nor who left; who may read restricted cases does."""
    ask = ASKED[name]
    stranger, auditor, member = analyst(), person("Abe Lund", Role.AUDITOR), analyst("Mem Bright")
    add_member(by=hidden.owner, case=hidden, person=member, why="Knows the implant.", now=NOW)

    for nobody in (stranger, auditor, person("Ada Min", Role.ADMINISTRATOR), person("Nia Cole")):
        assert not ask(nobody, hidden), nobody
    for somebody in (member, hidden.owner, manager("Rita Read")):
        assert ask(somebody, hidden), somebody
    remove_member(by=hidden.owner, case=hidden, person=member, why="Left the project.", now=NOW)
    assert not ask(member, hidden)


def test_membership_ends_with_the_last_role(hidden: Case) -> None:
    """Who may read nothing reads no restricted case."""
    member = analyst("Mem Bright")
    add_member(by=hidden.owner, case=hidden, person=member, why=WHY, now=NOW)
    assert visible.cases(member).exists()

    revoke_role(by=person("Ada Min", Role.ADMINISTRATOR), grant=member.grants.get(), why="Left.", now=NOW)

    assert not visible.cases(member).exists()


def test_who_may_read_restricted_cases_of_a_line_reads_those_of_that_line(hit: DeviceVersion) -> None:
    """Another line's manager does not."""
    pumps, monitors = line("Pumps"), line("Monitors")
    hit.device.line = pumps
    hit.device.save()
    opened(restricted=True)

    assert visible.cases(manager("Pia Moss", line=pumps)).count() == 1
    assert visible.cases(manager("Max Stone", line=monitors)).count() == 0


def test_a_token_sees_no_restricted_case(hidden: Case) -> None:
    """A machine is no member of anything, whoever it was issued by."""
    opened(by=analyst())

    found = visible.cases(Bearer(token(by=manager(), scopes="findings:read")))

    assert [one.restricted for one in found] == [False]


def test_a_case_is_for_who_may_read_one_of_its_lines(hit: DeviceVersion) -> None:
    """Also one that is not restricted."""
    pumps, monitors = line("Pumps"), line("Monitors")
    hit.device.line = pumps
    hit.device.save()
    case = opened()

    assert list(visible.cases(analyst("Pia Moss", line=pumps))) == [case]
    assert not visible.cases(analyst("Max Stone", line=monitors)).exists()


def test_restricting_and_opening_up(hit: DeviceVersion) -> None:
    """By who may; members have to work here; an owner stays a member; a new owner becomes one."""
    by, ana, owner = manager(), analyst(), analyst("Ola Wren")
    case = opened(by=by)
    watch(by=ana, case=case)

    case = restrict(by=by, case=case, why="Embargo.", now=NOW)

    assert [one.person for one in case.members.all()] == [by]
    with pytest.raises(CaseNotFound):
        watch(by=owner, case=case)
    with pytest.raises(InvalidCase, match="cannot be a member"):
        add_member(by=by, case=case, person=person("Ada Min", Role.ADMINISTRATOR), why=WHY, now=NOW)
    case = set_owner(by=by, case=case, owner=owner, why="Her device.", now=NOW)
    with pytest.raises(InvalidCase, match="owns the case"):
        remove_member(by=by, case=case, person=owner, why=WHY, now=NOW)
    with pytest.raises(InvalidCase, match="may not see this case"):
        add_task(by=by, case=case, what="Look", assignee=ana, due_on=None, now=NOW)
    case = open_up(by=by, case=case, why="Published.", now=NOW)
    assert not case.members.exists()
    assert visible.cases(ana).exists()
    unwatch(by=ana, case=case)
    with pytest.raises(InvalidCase, match="not restricted"):
        add_member(by=by, case=case, person=ana, why=WHY, now=NOW)


def test_mail_about_it_says_its_number_alone_and_goes_to_who_may_see_it(hit: DeviceVersion) -> None:
    """A watcher who is no member hears nothing any more; a mail passes through other hands."""
    by, ana, owner = manager(), analyst(), analyst("Ola Wren")
    case = opened(by=by, owner=owner)
    watch(by=ana, case=case)
    restrict(by=by, case=case, why="Embargo.", now=NOW)
    tasks.run_due(now=NOW)
    mail.outbox.clear()

    comment(by=by, case=case, text="Not a word to anybody.", now=NOW)
    warn(now=LATE)
    tasks.run_due(now=LATE)

    assert {to for one in mail.outbox for to in one.to} == {owner.email, by.email}
    said = "".join(f"{one.subject}{one.body}" for one in mail.outbox)
    assert case.number in said
    assert RISK not in said
    assert "Not a word" not in said


def test_no_record_that_can_be_read_mentions_it(hidden: Case) -> None:
    """Whatever was done in it: every entry whose bytes hold its number or its words is out of sight."""
    by = hidden.owner
    note_start_event(
        by=by,
        case=hidden,
        basis=StartBasis.CORRECTION_DECISION,
        at=NOW,
        person="Quality",
        shown_by=File("minutes.pdf", b"%PDF minutes"),
        why=IMPLANT,
        now=NOW,
    )
    clock = hidden.clocks.get(clock="FDA-806")
    stop_clock(by=by, clock=clock, at=NOW, shown_by=File("806.pdf", b"%PDF report"), why=IMPLANT, now=NOW)
    add_task(by=by, case=hidden, what=IMPLANT, assignee=by, due_on=None, now=NOW)
    link_cases(by=by, case=opened(by=analyst()), other=hidden, why=IMPLANT, now=NOW)
    warn(now=LATE)
    follow_monitoring(now=LATE)
    tasks.run_due(now=LATE)

    def mentioning(who: Person) -> list[str]:
        seen = Entry.objects.exclude(curtain.hidden_entries(who)).order_by("number")
        words = (hidden.number.encode(), IMPLANT.encode(), hidden.reports.get().report.number.encode())
        return [one.kind for one in seen if any(word in bytes(one.content) for word in words)]

    assert mentioning(person("Abe Lund", Role.AUDITOR)) == []
    assert len(mentioning(by)) > 15


def test_the_records_say_nothing_of_it_to_who_may_not_see_it(hidden: Case, client: Client) -> None:
    """Trail, entry, subject and file; its report and its evidence too. The manager sees all of them."""
    quality, chief = person("Quinn Ames", Role.QUALITY), manager("Rita Read")
    for one in (quality, chief):
        with_generator(one)
    first = Entry.objects.filter(subject_kind="case", subject_id=hidden.number).earliest("number")
    about = [
        ("case", hidden.number),
        ("report", hidden.reports.get().report.number),
        ("private", hidden.reports.get().report.body_id),
        ("evidence", hidden.attachments.get().evidence_id),
        ("start-event", str(hidden.start_events.first().pk)),  # type: ignore[union-attr]
    ]
    for who, status in ((quality, 404), (chief, 200)):
        client.force_login(who)
        assert client.get(reverse("record", kwargs={"number": first.number})).status_code == status
        for kind, id_ in about:
            assert client.get(reverse("record-subject", kwargs={"kind": kind, "id": id_})).status_code == status, kind
        page = client.get(reverse("records")).content
        file = b"".join(client.get(reverse("records"), {"format": "csv"}).streaming_content)  # type: ignore[attr-defined]
        for shown in (page, file):
            assert (hidden.number.encode() in shown) is (status == 200)
            assert (IMPLANT.encode() in shown) is (status == 200)
