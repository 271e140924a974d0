"""Lists, board, one case and counts: in the order of work, in a number of queries that does not grow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postmarket.cases import hooks
from postmarket.cases.errors import CaseNotFound, InvalidCase
from postmarket.cases.hooks import Question
from postmarket.cases.models import Case
from postmarket.cases.queries.board import board
from postmarket.cases.queries.by_vulnerability import device_rows, on_device, overview, with_decision
from postmarket.cases.queries.case import case_detail
from postmarket.cases.queries.listing import Asked, case_counts, list_cases, my_tasks
from postmarket.cases.queries.once import read_once
from postmarket.cases.queries.questions import next_question
from postmarket.cases.services.events import note_start_event
from postmarket.cases.services.opening import add_report, open_case_for_report
from postmarket.cases.services.people import watch
from postmarket.cases.services.triage import override_priority, retitle, say_exploitation, set_embargo
from postmarket.cases.services.work import add_task, attach, comment, finish_task
from postmarket.cases.words import CaseState, EmployeeClass, Exploitation
from postmarket.intake.services.reports import File, acknowledge, say_harm
from postmarket.inventory.models import DeviceVersion
from postmarket.policy.interface import Determination, Priority, StartBasis
from tests.accounts.builders import person
from tests.cases.given import LATER, RISK, WHY, Assessed, analyst, manager, opened
from tests.intake.given import entered, handler
from tests.inventory.builders import kinds
from tests.monitoring.builders import NOW, keep_device, keep_version
from tests.monitoring.given import CVE, ZLIB

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Column:
    """What a table sorts by."""

    order: str


def reported(title: str = RISK, *, devices: int = 1, known: int = 4) -> Case:
    """A case for a report, about devices that nothing ranks."""
    lamps = []
    for _ in range(devices):
        lamp = keep_device(f"Alder lamp {DeviceVersion.objects.count()}")
        keep_version(lamp, "1.0", [ZLIB])
        lamps.append(lamp)
    report = entered(*lamps, known_since=NOW - timedelta(days=known))
    return open_case_for_report(by=manager(), report=report, title=title, why=WHY, now=NOW)


def numbers(by: object, asked: Asked = Asked(), **more: object) -> list[str]:  # noqa: B008 - it is frozen
    """Which cases, in their order."""
    return [row.case.number for row in list_cases(by=by, asked=asked, now=NOW, **more).every()]  # type: ignore[arg-type]


def test_unknown_comes_before_low_and_a_person_may_say_otherwise(hit: DeviceVersion) -> None:
    """Without a rank first; an override takes a rationale, moves the row and no clock."""
    by = manager()
    ranked, unranked, late = opened(by=by), reported(known=3), reported(known=300)
    assert numbers(by) == [late.number, unranked.number, ranked.number]
    clocks = list(late.clocks.values_list("pk", "until", "state"))

    with pytest.raises(InvalidCase, match="rationale is missing"):
        override_priority(by=by, case=late, priority=Priority.WATCH, rationale=" ", now=NOW)
    override_priority(by=by, case=late, priority=Priority.WATCH, rationale="A lamp.", now=NOW)
    override_priority(by=by, case=ranked, priority=Priority.NOW, rationale="A pump.", now=NOW)

    assert numbers(by) == [unranked.number, ranked.number, late.number]
    rows = {row.case: row for row in list_cases(by=by, now=NOW).cut(0, 10)}
    assert [(rows[one].priority, rows[one].overridden) for one in (ranked, unranked, late)] == [
        (Priority.NOW, True),
        (None, False),
        (Priority.WATCH, True),
    ]
    assert list(late.clocks.values_list("pk", "until", "state")) == clocks
    assert kinds(late)[-1] == "case.priority-set"


def test_a_list_narrows_and_sorts(hit: DeviceVersion) -> None:
    """By state, owner, device, vulnerability, what is late, and words in number, title or report."""
    by, ana = manager(), analyst()
    first, second = opened(by=by), reported("The lamp goes out", known=300)
    watch(by=ana, case=second)

    for asked, expected in (
        (Asked(text="pump"), [first]),
        (Asked(text="rep-2026 lamp"), [second]),
        (Asked(text=CVE.lower()), [first]),
        (Asked(devices=(hit.device_id,)), [first]),
        (Asked(vulnerabilities=(first.lead or 0,)), [first]),
        (Asked(mine=True), [first]),
        (Asked(late=True), [second]),
        (Asked(open=False), []),
        (Asked(states=(CaseState.TRIAGED,)), []),
    ):
        assert numbers(by, asked) == [one.number for one in expected], asked
    assert numbers(ana, Asked(watched=True)) == [second.number]
    listed = list_cases(by=by, now=NOW)
    assert listed.sorts(Column("number"))
    assert not listed.sorts(Column("colour"))
    for descending in (False, True):
        found = listed.sorted(Column("number"), descending=descending).cut(0, 9)
        assert [row.case for row in found] == ([second, first] if descending else [first, second])


def test_the_board_has_a_column_for_every_state(hit: DeviceVersion, assessed: Assessed) -> None:
    """Closed and merged cases are not on it."""
    case = opened()
    assessed.say(case, Determination.UNCONTROLLED)

    found = board(by=case.owner, now=NOW)

    open_ = [state for state in CaseState if state not in (CaseState.CLOSED, CaseState.MERGED)]
    assert [lane.state for lane in found] == open_
    assert [lane.count for lane in found] == [1, 0, 0, 0, 0, 0]
    (row,) = found[0].rows
    assert (row.devices, row.versions, row.judged.determination) == (("Alder pump",), 1, Determination.UNCONTROLLED)
    assert row.next is not None
    assert row.next.clock == "FDA-PM16-30"


def test_the_board_shows_the_first_of_many_and_says_how_many_more(hit: DeviceVersion) -> None:
    """In the order of work; narrowed like the list."""
    by = manager()
    late, ranked = reported(known=300), opened(by=by)

    received = board(by=by, now=NOW, most=1)[0]

    assert ([row.case for row in received.rows], received.count, received.more) == ([late], 2, 1)
    mine = board(by=by, asked=Asked(owners=(by.pk,)), now=NOW)[0]
    assert ([row.case for row in mine.rows], mine.count) == ([ranked], 1)


def test_vulnerabilities_have_a_row_for_every_device_version(hit: DeviceVersion) -> None:
    """Under each its versions; a case that is about none has one row that says so, and rows are cut anywhere."""
    by = manager()
    lamps, pump = reported("The lamp goes out", devices=3), opened(by=by)
    bare = open_case_for_report(by=by, report=entered(), title="Nobody knows", why=WHY, now=NOW)

    rows = device_rows(by=by, now=NOW)

    every = list(rows.every())
    assert [one.row.case for one in every] == [lamps, lamps, lamps, bare, pump]
    assert [one.version is None for one in every] == [False, False, False, True, False]
    assert rows.count() == 5
    for start in range(6):
        for end in range(start, 7):
            assert rows.cut(start, end) == every[start:end], (start, end)
    descending = rows.sorted(Column("number"), descending=True)
    assert [one.row.case for one in descending.every()] == [bare, pump, lamps, lamps, lamps]
    assert [one.row.case for one in on_device(rows, hit.device_id).every()] == [pump]
    assert (every[-1].units, every[-1].decided, every[-1].facts is None) == (None, False, False)
    assert with_decision(rows, decided=True).count() == 0
    assert with_decision(rows, decided=False).count() == 5
    found = overview(by=by, now=NOW)
    assert (found.vulnerabilities, found.versions, found.undecided) == (3, 4, 4)


def test_cases_of_one_vulnerability_stand_together(hit: DeviceVersion) -> None:
    """Also where another case would come between them by its priority."""
    by = manager()
    pump, late = opened(by=by), reported(known=300)
    override_priority(by=by, case=late, priority=Priority.SOON, rationale="A lamp.", now=NOW)
    other = opened(by=by, restricted=True)
    override_priority(by=by, case=other, priority=Priority.WATCH, rationale="Covered.", now=NOW)

    found = [(one.row.case, one.group) for one in device_rows(by=by, now=NOW).every()]

    assert [case for case, _ in found] == [pump, other, late]
    assert found[0][1] == found[1][1] != found[2][1]


def test_queries_do_not_grow_with_cases_or_what_is_in_them(hit: DeviceVersion) -> None:
    """One full case, then ten of them with more in each."""
    by = manager()
    case = opened(by=by)

    def fill(case: Case, times: int) -> None:
        for number in range(times):
            add_task(by=by, case=case, what=f"Task {number}", assignee=by, due_on=None, now=NOW)
            comment(by=by, case=case, text="Hm.", now=NOW)
            attach(by=by, case=case, file=File(f"{number}.txt", b"1"), now=NOW)
            override_priority(by=by, case=case, priority=Priority.NOW, rationale="So.", now=NOW)
            lamp = keep_device(f"Alder lamp {DeviceVersion.objects.count()}")
            keep_version(lamp, "1.0", [ZLIB])
            add_report(by=by, case=case, report=entered(lamp), why=WHY, now=NOW)

    def of_page() -> object:
        with read_once():
            return case_detail(case.number, by=by, now=NOW)

    def asked() -> dict[str, int]:
        found = {}
        asking: dict[str, Callable[[], object]] = {
            "list": lambda: list_cases(by=by, now=NOW).cut(0, 50),
            "board": lambda: board(by=by, now=NOW),
            "vulnerabilities": lambda: device_rows(by=by, now=NOW).cut(0, 50),
            "overview": lambda: overview(by=by, now=NOW),
            "counts": lambda: case_counts(by=by, now=NOW),
            "tasks": lambda: list(my_tasks(by=by)),
            "case": of_page,
        }
        for name, ask in asking.items():
            with CaptureQueriesContext(connection) as counted:
                ask()
            found[name] = len(counted)
        return found

    fill(case, 1)
    before = asked()
    fill(case, 3)
    for _ in range(5):
        fill(reported(), 1)

    assert asked() == before
    assert before["list"] <= 8
    assert before["case"] <= 47


def test_the_page_of_a_case_asks_the_next_question(hit: DeviceVersion) -> None:
    """In their order; a later room's among them; answered ones say their answer."""
    by = manager()
    report = entered()
    case = open_case_for_report(by=by, report=report, title=RISK, why=WHY, now=NOW)

    def ask(case: Case, who: object, now: object) -> list[Question]:
        return [Question(key="pathway", text="How does it reach the patient?", order=100)]

    hooks.ask(ask)

    def asked() -> str:
        found = case_detail(case.number, by=by, now=NOW)
        following = found.next_question
        assert following is next_question(found.questions)
        return "" if following is None else following.key

    assert asked() == "acknowledged-REP-2026-0001"
    acknowledge(by=handler(), report=report, at=NOW, why="By mail.", now=NOW)
    assert asked() == "exploitation"
    say_exploitation(by=by, case=case, exploitation=Exploitation.NONE, why="No sign.", now=NOW)
    assert asked() == "harm-REP-2026-0001"
    say_harm(by=handler(), report=report, harmed=True, why="She says so.", now=NOW)
    assert asked() == "mdr-aware"
    note_start_event(
        by=by,
        case=case,
        basis=StartBasis.MDR_AWARE,
        at=NOW,
        person="Ella Stone, support",
        employee_class=EmployeeClass.ANY,
        why=WHY,
        now=NOW,
    )
    assert asked() == "versions"
    assert {one.key: one.answer for one in case_detail(case.number, by=by, now=NOW).questions} == {
        "acknowledged-REP-2026-0001": "2026-11-24",
        "exploitation": "Not as far as we know",
        "harm-REP-2026-0001": "Yes",
        "mdr-aware": "2026-11-24, Ella Stone, support",
        "versions": "",
        "pathway": "",
    }


def test_a_case_page_says_where_it_is(hit: DeviceVersion) -> None:
    """Versions with their units and decisions; unknown is None, not nought."""
    case = opened()

    found = case_detail(case.number, by=case.owner, now=NOW)

    (version,) = found.versions
    assert (version.row.version, version.units, version.customers, version.finding) == (hit, None, 0, None)
    assert found.units is None
    assert found.facts is not None
    assert found.facts.name == CVE
    assert found.records == 2
    assert found.priority == Priority.URGENT
    with pytest.raises(CaseNotFound):
        case_detail("PSIRT-2026-0099", by=case.owner, now=NOW)


def test_tasks_are_for_who_has_them(hit: DeviceVersion) -> None:
    """Soonest first, those without a day last; done ones are gone; others may not finish them without working here."""
    by, ana = manager(), analyst()
    case = opened(by=by)
    someday = add_task(by=by, case=case, what="Someday", assignee=ana, due_on=None, now=NOW)
    soon = add_task(by=by, case=case, what="Soon", assignee=ana, due_on=LATER.date(), now=NOW)
    assert list(my_tasks(by=ana)) == [soon, someday]
    assert case_counts(by=ana, now=NOW).my_tasks == 2

    finish_task(by=ana, task=soon, now=LATER)

    assert list(my_tasks(by=ana)) == [someday]
    assert kinds(soon) == ["case-task.added", "case-task.done"]
    with pytest.raises(InvalidCase, match="done already"):
        finish_task(by=by, task=soon, now=LATER)
    with pytest.raises(CaseNotFound):
        finish_task(by=person("Nia Cole"), task=someday, now=LATER)


def test_title_and_embargo(hit: DeviceVersion) -> None:
    """No clock stands still for an embargo; one that is past is none."""
    by, case = manager(), opened()
    running = list(case.clocks.values_list("pk", "until"))

    case = set_embargo(by=by, case=case, until=LATER, why="The supplier asks.", now=NOW)
    case = retitle(by=by, case=case, title="It  stops the pump", why="Plainer.", now=NOW)

    assert (case.embargo_until, case.title) == (LATER, "It stops the pump")
    assert list(case.clocks.values_list("pk", "until")) == running
    with pytest.raises(InvalidCase, match="ends after now"):
        set_embargo(by=by, case=case, until=NOW, why="Wrong.", now=NOW)
