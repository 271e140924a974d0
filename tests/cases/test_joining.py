"""Two cases become one, one becomes two: what started their clocks stays known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from postmarket.cases.errors import CaseNotFound, InvalidCase, WrongStep
from postmarket.cases.models import Case, Link
from postmarket.cases.queries.case import case_detail
from postmarket.cases.services.events import note_start_event
from postmarket.cases.services.joining import merge_case
from postmarket.cases.services.opening import open_case_for_report
from postmarket.cases.services.people import watch
from postmarket.cases.services.splitting import link_cases, split_case
from postmarket.cases.services.stopping import pause_clock, stop_clock
from postmarket.cases.services.triage import say_exploitation
from postmarket.cases.services.work import add_task
from postmarket.cases.words import CaseState, ClockState, Exploitation, LinkKind, Outcome
from postmarket.intake.services.reports import acknowledge
from postmarket.inventory.models import DeviceVersion
from postmarket.policy.interface import StartBasis
from postmarket.records.models import Entry
from tests.builders import Tell
from tests.cases.given import LATER, MONDAY, RISK, WHY, analyst, clocks, event, manager, opened
from tests.intake.given import FRIDAY, entered, handler
from tests.inventory.builders import kinds
from tests.monitoring.builders import NOW, keep_device, keep_version
from tests.monitoring.given import ZLIB, pump, told

pytestmark = pytest.mark.django_db

DECIDED = StartBasis.CORRECTION_DECISION


def reported(**said: object) -> Case:
    """A case for a report about a lamp, known since Friday."""
    lamp = keep_device(f"Alder lamp {Case.objects.count()}")
    keep_version(lamp, "1.0", [ZLIB])
    report = entered(lamp, **said)  # type: ignore[arg-type]
    return open_case_for_report(by=manager(), report=report, title=RISK, why=WHY, now=NOW)


def initiated(case: Case, at: object) -> None:
    """A correction was decided."""
    note_start_event(by=manager(), case=case, basis=DECIDED, at=at, person="Quality", why=WHY, now=LATER)  # type: ignore[arg-type]


def merged(case: Case, into: Case) -> Case:
    """By the manager."""
    return merge_case(by=manager(), case=case, into=into, why="The same weakness.", now=LATER)


def test_what_a_case_is_about_goes_on_in_the_other(hit: DeviceVersion) -> None:
    """Versions, report, tasks, watchers, the earliest start; the first stays to be read, with its dates."""
    by, ana = manager(), analyst()
    into, case = opened(), reported()
    watch(by=ana, case=case)
    add_task(by=by, case=case, what="Ask", assignee=ana, due_on=None, now=NOW)
    say_exploitation(by=by, case=case, exploitation=Exploitation.SUSPECTED, why=WHY, now=NOW)
    days = {id_: row.day for id_, row in clocks(case).items()}

    into = merged(case, into)

    case.refresh_from_db()
    assert (case.state, case.outcome, case.is_open) == (CaseState.MERGED, Outcome.MERGED, False)
    assert {id_: row.day for id_, row in clocks(case, ClockState.VOID).items()} == days
    found = case_detail(into.number, by=by, now=LATER)
    assert {str(one.row.version) for one in found.versions} == {"Alder pump 3.1", "Alder lamp 1 1.0"}
    assert [one.number for one in found.reports] == ["REP-2026-0001"]
    assert [one.what for one in found.tasks] == ["Ask"]
    assert [one.person for one in found.watchers] == [ana]
    assert (found.learned.at if found.learned else None) == FRIDAY
    assert found.case.exploitation == Exploitation.SUSPECTED
    assert {row.started_at for row in clocks(into).values()} == {FRIDAY}
    assert (kinds(case)[-1], kinds(into)[-2:]) == ("case.merged", ["case.clocks-counted", "case.took-over"])
    assert [(one.case, one.kind) for one in found.links] == [(case, LinkKind.MERGED_INTO)]
    with pytest.raises(WrongStep):
        merged(case, into)


@pytest.mark.parametrize("round_", [False, True])
def test_the_dates_are_the_same_whichever_way_round(hit: DeviceVersion, round_: bool) -> None:
    """One initiated on Monday and reported, the other on Tuesday and not; one paused; two reports, one answered."""
    by = manager()
    one, other = reported(), reported(organisation="St. Anna", known_since=MONDAY)
    initiated(one, MONDAY)
    initiated(other, NOW)
    stop_clock(by=by, clock=clocks(one)["FDA-806"], at=LATER, why="Sent.", now=LATER)
    stop_clock(by=by, clock=clocks(other)["FDA-PM16-30"], at=LATER, why="Told.", now=LATER)
    pause_clock(by=by, clock=clocks(one)["SEED-C"], why="Waiting.", now=NOW)
    acknowledge(by=handler(), report=one.reports.get().report, at=NOW, why="By mail.", now=NOW)

    into = merged(other, one) if round_ else merged(one, other)

    found = [(row.clock, row.started_at, str(row.day)) for row in into.clocks.filter(state="running")]
    assert sorted(found) == sorted(
        [
            ("FDA-806", MONDAY, "2026-12-08"),
            ("FDA-PM16-30", FRIDAY, "2026-12-20"),
            ("FDA-PM16-60", FRIDAY, "2027-01-19"),
            ("SEED-C", FRIDAY, "2026-12-20"),
            ("SEED-C-MITIGATE", FRIDAY, "2026-11-23"),
            ("CVD-RESPONSE-C", FRIDAY, "2026-11-27"),
            ("CVD-RESPONSE-C", MONDAY, "2026-11-30"),
            ("CVD-ACK", MONDAY, "2026-11-27"),
        ]
    )
    assert [(row.clock, row.ended_at) for row in into.clocks.filter(state="stopped")] == [("CVD-ACK", NOW)]


def test_an_act_done_in_both_is_done(hit: DeviceVersion) -> None:
    """And the later of the two counts."""
    by = manager()
    one, other = reported(), reported()
    for case, at in ((one, NOW), (other, LATER)):
        stop_clock(by=by, clock=clocks(case)["FDA-PM16-30"], at=at, why="Told.", now=LATER)

    assert clocks(merged(one, other), ClockState.STOPPED)["FDA-PM16-30"].ended_at == LATER


def test_what_cannot_be_merged(hit: DeviceVersion) -> None:
    """Itself, a restricted with an open one, one that is not to be seen."""
    case, hidden = opened(), opened(restricted=True)

    with pytest.raises(InvalidCase, match="into itself"):
        merged(case, case)
    with pytest.raises(InvalidCase, match="restricted and the other is not"):
        merge_case(by=hidden.owner, case=hidden, into=case, why=WHY, now=NOW)
    with pytest.raises(CaseNotFound):
        merge_case(by=analyst(), case=hidden, into=case, why=WHY, now=NOW)


def test_a_duplicate_is_a_merge_by_another_word(hit: DeviceVersion) -> None:
    """The link says which."""
    into, case = opened(), reported()

    merge_case(by=manager(), case=case, into=into, kind=LinkKind.DUPLICATE_OF, why="Twice.", now=NOW)

    assert Link.objects.get().kind == LinkKind.DUPLICATE_OF


def test_some_versions_go_on_in_a_case_of_their_own(tell: Tell, bring_up: Callable[..., object]) -> None:
    """With a copy of the start events and of what has ended; the report stays where it is."""
    tell(told())
    first, second = pump("3.1"), pump("3.2")
    bring_up()
    by = manager()
    report = entered(vulnerability="CVE-2026-1000")
    case = open_case_for_report(by=by, report=report, title=RISK, why=WHY, now=NOW)
    stop_clock(by=by, clock=clocks(case)["FDA-PM16-30"], at=NOW, why="Told.", now=NOW)

    part = split_case(by=by, case=case, versions=[second], title="The old board", why="Another fix.", now=LATER)

    assert (part.number, part.lead, part.part) == ("PSIRT-2026-0002", case.lead, True)
    assert [row.version for row in part.versions.all()] == [second]
    assert [row.version for row in case.versions.filter(removed_at=None)] == [first]
    assert {row.started_at for row in part.clocks.all()} == {FRIDAY}
    assert set(clocks(part)) == {"FDA-PM16-60", "SEED-H"}
    assert clocks(part, ClockState.STOPPED)["FDA-PM16-30"].ended_at == NOW
    assert event(part, at=FRIDAY).why.startswith(f"From {case.number}: ")
    assert not part.reports.exists()
    assert "CVD-ACK" in clocks(case)
    with pytest.raises(InvalidCase, match="No version would stay"):
        split_case(by=by, case=case, versions=[first], title="All", why=WHY, now=LATER)
    with pytest.raises(InvalidCase, match="Not all"):
        split_case(by=by, case=case, versions=[second], title="Gone", why=WHY, now=LATER)


def test_a_link_to_a_restricted_case_is_on_record_there_alone(hit: DeviceVersion) -> None:
    """The open case's records are read by people who do not know that there is another."""
    by = manager()
    case, hidden = opened(), opened(restricted=True)

    link_cases(by=by, case=case, other=hidden, why="The same supplier.", now=NOW + timedelta(hours=1))

    assert kinds(hidden)[-1] == "case.linked"
    said = b"".join(bytes(one.content) for one in Entry.objects.filter(subject_id=case.number))
    assert hidden.number.encode() not in said
    assert case_detail(case.number, by=analyst(), now=NOW).links == []
    assert len(case_detail(case.number, by=by, now=NOW).links) == 1
    with pytest.raises(InvalidCase):
        link_cases(by=by, case=case, other=case, why=WHY, now=NOW)
