"""Cases and reports on the site, as people work with them."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.cases.models import Case, Clock, StartEvent
from postmarket.cases.services.opening import open_case
from postmarket.cases.services.people import restrict
from postmarket.cases.words import ClockState
from postmarket.intake.models import Report
from postmarket.monitoring.models import VulnerabilityFacts
from postmarket.policy.interface import StartBasis
from postmarket.web import clock
from tests.accounts.builders import person, with_generator
from tests.monitoring.builders import NOW
from tests.web.pages.conftest import Firm, bring_up, firm, kept, now, pack, store
from tests.web.pages.reading import heading

__all__ = ["bring_up", "firm", "kept", "now", "pack", "store"]

pytestmark = pytest.mark.django_db
RISK = "An attacker on the hospital network can silence the alarm of the Ventorsa 5."
CVE = "CVE-2025-0001"
WHY = {"why": "As the log of triage says."}
EARLIER = NOW - timedelta(days=6)


def typed(at: datetime) -> str:
    """As the browser's field writes it; the site is in UTC."""
    return f"{at:%Y-%m-%dT%H:%M}"


def text_of(answer: HttpResponse) -> str:
    """What a person reads."""
    plain = html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))
    return " ".join(plain.split()).replace(" .", ".").replace(" ,", ",").replace("“ ", "“")


@pytest.fixture
def mara(firm: Firm) -> Person:
    """The PSIRT manager."""
    made = person("Mara Lindqvist", Role.PSIRT_MANAGER)
    with_generator(made)
    return made


@pytest.fixture
def site(mara: Person) -> Client:
    """Her browser."""
    client = Client()
    client.force_login(mara)
    return client


@pytest.fixture
def case(mara: Person) -> Case:
    """The case of OpenSSL in the ventilator."""
    return open_case(by=mara, vulnerability=CVE, title=RISK, why="Seen in triage.", now=NOW)


def see(client: Client, route: str, *arguments: object, **query: str) -> str:
    """What a page says."""
    answer = client.get(reverse(route, args=arguments), query)
    assert answer.status_code == 200, answer.status_code
    return text_of(answer)  # type: ignore[arg-type]


def do(client: Client, route: str, *arguments: object, **data: object) -> str:
    """Fill a form; where it leads. Fails with what the page complains of."""
    answer = client.post(reverse(route, args=arguments), {**WHY, **data})
    assert answer.status_code == 302, text_of(answer)  # type: ignore[arg-type]
    return str(answer.headers["Location"])


def refused(client: Client, route: str, *arguments: object, **data: object) -> str:
    """Fill a form wrongly; what the page says."""
    answer = client.post(reverse(route, args=arguments), {**WHY, **data})
    assert answer.status_code == 400
    return text_of(answer)  # type: ignore[arg-type]


def test_a_case_is_opened_from_a_vulnerability_and_says_first_what_it_causes(site: Client, mara: Person) -> None:
    """From the vulnerability's page, over both versions, with clocks from when the system knew."""
    assert f"{reverse('case-open')}?vulnerability={CVE}" in (
        site.get(reverse("vulnerability", args=[CVE])).content.decode()
    )
    form = see(site, "case-open", vulnerability=CVE)
    assert "It is about 2 shipped versions" in form
    assert 'value="Monitoring matches it in 2 shipped versions."' in (
        site.get(reverse("case-open"), {"vulnerability": CVE}).content.decode()
    ), "a reason to open it is there already"
    assert "Ventorsa 5 5.1 matched" in form
    opens = site.get(reverse("case-open"), {"vulnerability": CVE}).content.decode()
    assert f'<option value="{mara.pk}" selected>' in opens, "who opens it owns it, unless they say otherwise"

    at = f"{reverse('case-open')}?vulnerability={CVE}"
    answer = site.post(at, {**WHY, "title": RISK, "owner": str(mara.pk)})

    made = Case.objects.get()
    assert answer.headers["Location"] == reverse("case", args=[made.number])
    page = site.get(answer.headers["Location"])
    assert heading(page) == RISK
    assert "2 versions" in text_of(page)  # type: ignore[arg-type]
    assert site.get(at).headers["Location"] == reverse("case", args=[made.number]), "a second one leads there"


def test_the_page_asks_one_question_and_takes_its_answer(site: Client, case: Case) -> None:
    """Whether it is exploited comes first; answered, it stands in the trail, and the tag says so."""
    page = see(site, "case", case.number)
    assert "Exploitation: nobody said" in page
    assert "Next Is it exploited on a device of ours?" in page

    do(site, "case-exploitation", case.number, exploitation="suspected")

    page = see(site, "case", case.number)
    assert "Suspected exploitation" in page
    assert "nobody said" not in page
    assert "Next Is it exploited" not in page


def test_a_step_says_what_is_missing_and_has_no_button_before(site: Client, case: Case) -> None:
    """A case is not triaged while nobody said whether it is exploited."""
    do(site, "case-move", case.number, "acknowledged", why="")
    page = see(site, "case-move", case.number, "triaged")
    assert "Nobody has said whether it is exploited on a device of ours" in page
    assert "It is triaged" not in page
    assert "cannot be triaged yet" in refused(site, "case-move", case.number, "triaged")

    do(site, "case-exploitation", case.number, exploitation="none")
    do(site, "case-move", case.number, "triaged", why="")

    case.refresh_from_db()
    assert case.state == "triaged"
    assert site.get(reverse("case-move", args=[case.number, "closed"])).status_code == 200
    assert site.get(reverse("case-move", args=[case.number, "communicated"])).status_code == 404


def test_a_clock_shows_its_rule_and_a_corrected_start_keeps_its_old_date(site: Client, case: Case) -> None:
    """Whose rule it is stands under each; the old date stays, marked void."""
    page = see(site, "case", case.number)
    assert "By FDA guidance" in page or "By guidance" in page
    assert "What started the clocks" in page
    assert "by system" in page
    event = StartEvent.objects.get(case=case)

    assert "after now" in refused(
        site, "case-event-correct", case.number, event.pk, at=typed(NOW + timedelta(days=1)), person="Ana"
    )
    do(site, "case-event-correct", case.number, event.pk, at=typed(EARLIER), person="St. Brigid, by phone")

    page = see(site, "case", case.number)
    void = Clock.objects.filter(case=case, state=ClockState.VOID.value)
    assert void.exists()
    assert f"{void.count()} old dates are void" in page
    assert "St. Brigid, by phone" in page
    assert {row.started_at for row in Clock.objects.filter(case=case, state=ClockState.RUNNING.value)} == {EARLIER}


def test_only_clocks_of_the_article_or_the_firm_pause(site: Client, case: Case) -> None:
    """For any other the page says why, has no button, and a form sent anyhow is refused in words."""
    rows = list(Clock.objects.filter(case=case))
    ours = next(row for row in rows if row.pausable)
    law = next(row for row in rows if not row.pausable)

    page = see(site, "case-clock-pause", case.number, law.pk)
    assert "cannot be paused" in page
    assert "Pause it" not in page
    assert "stops on its own event only" in refused(site, "case-clock-pause", case.number, law.pk)
    do(site, "case-clock-pause", case.number, ours.pk)

    ours.refresh_from_db()
    assert ours.state == ClockState.PAUSED
    do(site, "case-clock-pause", case.number, ours.pk)
    ours.refresh_from_db()
    assert ours.state == ClockState.RUNNING


def test_a_clock_is_stopped_by_what_stops_it(site: Client, case: Case) -> None:
    """With the time at which it was done and by what; not before it started."""
    row = Clock.objects.filter(case=case).exclude(until=None).first()
    assert row is not None
    assert "before it started" in refused(
        site, "case-clock-stop", case.number, row.pk, at=typed(NOW - timedelta(days=40))
    )
    do(site, "case-clock-stop", case.number, row.pk, at=typed(NOW), why="Letter sent.")

    row.refresh_from_db()
    assert (row.state, row.ended_why) == (ClockState.STOPPED, "Letter sent.")
    assert "Letter sent." in see(site, "case", case.number)


def test_the_list_filters_sorts_and_exports(site: Client, case: Case, firm: Firm, mara: Person) -> None:
    """By words, state, owner, device and overdue; the file has what the filters leave."""
    page = see(site, "cases")
    assert RISK in page
    assert CVE in page

    for query, there in (
        ({"q": case.number}, True),
        ({"q": "nothing"}, False),
        ({"state": "open"}, True),
        ({"state": "closed"}, False),
        ({"owner": str(mara.pk)}, True),
        ({"device": str(firm.ventilator.pk)}, True),
        ({"overdue": "no"}, not Clock.objects.filter(case=case, until__lte=NOW).exists()),
        ({"sort": "due"}, True),
    ):
        assert (RISK in see(site, "cases", **query)) is there, query
    file = site.get(reverse("cases"), {"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(b"".join(file).decode("utf-8-sig"))))
    assert [(row["Number"], row["Vulnerability"]) for row in rows] == [(case.number, CVE)]


def test_the_list_says_what_is_late(site: Client, case: Case) -> None:
    """Its title is what matters most."""
    with clock.stopped(NOW + timedelta(days=100)):
        said = heading(site.get(reverse("cases")))
    assert "passed" in said
    assert heading(site.get(reverse("cases"), {"q": "nothing"})) != "Every case is closed."


def test_a_restricted_case_is_not_there_for_others(site: Client, case: Case, firm: Firm, mara: Person) -> None:
    """Not in the list, not by its number, not in the count of the navigation; its members see who they are."""
    ana = Client()
    ana.force_login(firm.ana)
    assert RISK in see(ana, "cases")

    restrict(by=mara, case=case, why="Embargo.", now=NOW)

    assert RISK not in see(ana, "cases")
    assert ana.get(reverse("case", args=[case.number])).status_code == 404
    assert "Restricted." in see(site, "case", case.number)
    do(site, "case-member-add", case.number, person=str(firm.ana.pk))
    assert "Restricted." in see(ana, "case", case.number)
    do(site, "case-member-remove", case.number, firm.ana.pk)
    assert ana.get(reverse("case", args=[case.number])).status_code == 404


def test_comments_tasks_and_files_stand_in_the_case(site: Client, case: Case, firm: Firm) -> None:
    """Each folded to one line; a task is done by whom it was given to."""
    do(site, "case-comment", case.number, comment="Biomed of St. Brigid called.")
    do(site, "case-task-add", case.number, task="Ask for the firmware", assignee=str(firm.ana.pk), due_on="2026-12-24")
    file = io.BytesIO(b"a log")
    file.name = "gateway.log"
    do(site, "case-attach", case.number, file=file)

    page = see(site, "case", case.number)
    assert "1 comment Biomed of St. Brigid called." in page.replace("Mara Lindqvist", "").replace("  ", " ") or (
        "Biomed of St. Brigid called." in page
    )
    assert "1 task open" in page
    assert "gateway.log" in page

    ana = Client()
    ana.force_login(firm.ana)
    do(ana, "case-task-done", case.number, case.tasks.get().pk)
    assert "0 tasks open" in see(site, "case", case.number)


def test_an_override_needs_its_rationale(site: Client, case: Case) -> None:
    """And stands in the case with who set it."""
    answer = site.post(reverse("case-priority", args=[case.number]), {"priority": "3", "rationale": ""})
    assert answer.status_code == 400
    do(site, "case-priority", case.number, priority="3", rationale="Only in the loaner pool.")
    assert "Only in the loaner pool. (Mara Lindqvist)" in see(site, "case", case.number)


def test_a_version_is_left_out_with_a_reason_and_comes_back(site: Client, case: Case, firm: Firm) -> None:
    """What was left out stands among what was decided."""
    do(site, "case-version-out", case.number, firm.v2.pk, why="Never left the warehouse.")
    assert "Ventorsa 5 5.2: Never left the warehouse." in see(site, "case", case.number)
    do(site, "case-version-add", case.number, version=str(firm.v2.pk))
    assert case.versions.filter(removed_at=None).count() == 2


def test_a_report_is_entered_acknowledged_and_becomes_a_case(site: Client, firm: Firm, mara: Person) -> None:
    """Clocks run from when anybody first knew, not from when it was written down."""
    assert heading(site.get(reverse("reports"))) == "Nobody has reported anything yet."
    at = do(
        site,
        "report-enter",
        title="The dose can be changed over the network",
        report="Seen at bed 4.",
        known_since=typed(EARLIER),
        kind="hospital",
        organisation="St. Brigid",
        reporter="Rob Vance",
        devices=[str(firm.pump.pk)],
        harm="unknown",
    )
    row = Report.objects.get()
    assert at == reverse("report", args=[row.number])
    assert heading(site.get(reverse("reports"))) == "One report waits for an acknowledgement."
    page = see(site, "report", row.number)
    assert "When was the reporter told that it has arrived?" in page
    assert "Rob Vance" in page

    assert "before anybody knew" in refused(
        site, "report-acknowledge", row.number, acknowledged_at=typed(EARLIER - timedelta(days=1))
    )
    do(site, "report-acknowledge", row.number, acknowledged_at=typed(NOW))
    do(site, "report-harm", row.number, harm="no")
    opening = f"{reverse('case-open')}?report={row.number}"
    assert "Dosimere 3 3.0 named in the report" in text_of(site.get(opening))  # type: ignore[arg-type]
    site.post(opening, {**WHY, "title": "A pump can give a wrong dose.", "owner": str(mara.pk)})

    case = Case.objects.get()
    learned = StartEvent.objects.get(case=case, basis=StartBasis.VULNERABILITY_LEARNED.value)
    assert learned.at == EARLIER
    assert "In a case" in see(site, "report", row.number)
    assert case.number in see(site, "report", row.number)
    page = see(site, "case", case.number)
    assert "told that REP-2026-0001 has arrived? Tue 24 Nov" in page


def test_a_report_is_closed_with_a_reason_once_nobody_was_harmed(site: Client) -> None:
    """While harm is unknown it is refused in words."""
    do(site, "report-enter", title="A noise", report="A fan.", known_since=typed(NOW), kind="patient", harm="unknown")
    row = Report.objects.get()
    do(site, "report-acknowledge", row.number, acknowledged_at=typed(NOW))
    assert "may tell of harm" in refused(site, "report-close", row.number)
    do(site, "report-harm", row.number, harm="no")
    do(site, "report-close", row.number, why="The fan is meant to be heard.")
    assert "The fan is meant to be heard." in see(site, "report", row.number)


def test_who_reported_is_shown_to_those_who_handle_reports(site: Client, firm: Firm) -> None:
    """An auditor reads the report, not the name."""
    do(
        site,
        "report-enter",
        title="A noise",
        report="A fan.",
        known_since=typed(NOW),
        kind="patient",
        reporter="Rob Vance",
        harm="no",
    )
    row = Report.objects.get()
    auditor = person("Aud Itor", Role.AUDITOR)
    with_generator(auditor)
    client = Client()
    client.force_login(auditor)
    page = see(client, "report", row.number)
    assert "Rob Vance" not in page
    assert "Note the acknowledgement" not in page


def test_a_case_that_is_closed_says_how_it_ended_and_is_re_opened(site: Client, case: Case) -> None:
    """With a reason, which stands in it."""
    case.state, case.closed_at, case.outcome = "closed", NOW, "remediated"
    case.save(update_fields=["state", "closed_at", "outcome"])
    assert "Re-open it" in see(site, "case", case.number)
    do(site, "case-reopen", case.number, why="Seen again at St. Brigid.")
    assert "Seen again at St. Brigid." in see(site, "case", case.number)


def test_today_says_which_clocks_end_and_which_cases_wait_for_whom(site: Client, case: Case, firm: Firm) -> None:
    """Clocks for everybody who may see the case, with whose rule it is; the case for its owner, a task for its doer."""
    do(site, "case-task-add", case.number, task="Ask for the firmware", assignee=str(firm.ana.pk))
    ana = Client()
    ana.force_login(firm.ana)

    page, other = see(site, "today"), see(ana, "today")

    assert "Which clocks of cases end next?" in page
    assert "By article:" in page
    assert "Cases that wait for you" in page
    assert f"{case.number} is received" in page
    assert "Ask for the firmware" in other
    assert f"{case.number} is received" not in other
    with clock.stopped(NOW + timedelta(days=100)):
        assert "of open cases have passed." in heading(site.get("/"))


def test_today_says_nothing_of_a_restricted_case_to_others(site: Client, case: Case, firm: Firm, mara: Person) -> None:
    """Neither its clocks nor their number."""
    restrict(by=mara, case=case, why="Embargo.", now=NOW)
    ana = Client()
    ana.force_login(firm.ana)
    with clock.stopped(NOW + timedelta(days=100)):
        page = see(ana, "today")
    assert RISK not in page
    assert "of open cases" not in page


def test_triage_leads_to_the_case_of_what_is_read(site: Client, firm: Firm) -> None:
    """For who may open one; an auditor is not shown the way."""
    lead = VulnerabilityFacts.objects.get(name=CVE).lead
    at = {"at": f"{firm.ventilator.pk}-{lead}"}
    auditor = person("Aud Itor", Role.AUDITOR)
    with_generator(auditor)
    client = Client()
    client.force_login(auditor)

    assert f"{reverse('case-open')}?vulnerability={CVE}" in site.get(reverse("triage"), at).content.decode()
    assert reverse("case-open") not in client.get(reverse("triage"), at).content.decode()


def test_triage_says_in_which_case_it_is_to_who_may_see_it(site: Client, case: Case, firm: Firm, mara: Person) -> None:
    """Nobody is asked to open a second one; of a restricted case others are told nothing."""
    at = {"at": f"{firm.ventilator.pk}-{VulnerabilityFacts.objects.get(name=CVE).lead}"}
    page = site.get(reverse("triage"), at).content.decode()
    assert f'href="{reverse("case", args=[case.number])}"' in page
    assert f"{reverse('case-open')}?vulnerability={CVE}" not in page

    restrict(by=mara, case=case, why="Embargo.", now=NOW)
    client = Client()
    client.force_login(firm.ana)

    page = client.get(reverse("triage"), at).content.decode()
    assert case.number not in page
    assert f"{reverse('case-open')}?vulnerability={CVE}" in page
