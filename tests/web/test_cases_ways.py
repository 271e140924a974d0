"""The board, cases from their vulnerabilities, and what is done to several cases at once."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.cases.models import Case
from postmarket.cases.services.opening import open_case
from postmarket.cases.services.people import restrict
from postmarket.inventory.models import FieldedUnits
from postmarket.web import clock
from tests.accounts.builders import person
from tests.monitoring.builders import NOW, keep_device, keep_version
from tests.monitoring.given import ZLIB
from tests.web.pages.conftest import Firm, bring_up, firm, kept, now, pack, store
from tests.web.pages.reading import heading
from tests.web.test_cases import CVE, RISK, case, do, mara, refused, see, site

__all__ = ["bring_up", "case", "firm", "kept", "mara", "now", "pack", "site", "store"]

pytestmark = pytest.mark.django_db
ZLIB_CVE = "CVE-2025-0002"
LEAK = "A memory error can stop the Dosimere 3."


@pytest.fixture
def second(case: Case, mara: Person) -> Case:
    """The case of zlib in both devices."""
    return open_case(by=mara, vulnerability=ZLIB_CVE, title=LEAK, why="Seen in triage.", now=NOW)


def test_the_board_has_a_card_for_every_open_case(site: Client, case: Case, second: Case) -> None:
    """In the column of its state, with the risk to patients, its number, owner, next date and next step."""
    do(site, "case-move", second.number, "acknowledged", why="")
    page = see(site, "case-board")

    received, acknowledged = page.split("Received 1")[1].split("Acknowledged 1")
    assert RISK in received
    assert LEAK not in received
    assert f"Mara Lindqvist {case.number}" in received
    assert "Is it acknowledged?" in received
    assert "Is it triaged?" in acknowledged
    assert "Closed" not in page
    content = site.get(reverse("case-board")).content.decode()
    assert reverse("case-move", args=[second.number, "triaged"]) in content
    with clock.stopped(NOW + timedelta(days=100)):
        assert "has passed" in see(site, "case-board")


def test_the_board_is_narrowed_like_the_list_and_keeps_it_from_way_to_way(
    site: Client, case: Case, second: Case, firm: Firm, mara: Person
) -> None:
    """By words, owner and device; the links to list and vulnerabilities ask the same."""
    for query, there in (
        ({"q": second.number}, {LEAK}),
        ({"device": str(firm.pump.pk)}, {LEAK}),
        ({"device": str(firm.ventilator.pk)}, {RISK, LEAK}),
        ({"owner": str(mara.pk)}, {RISK, LEAK}),
        ({"owner": "nobody"}, {RISK, LEAK}),
        ({"q": "nothing"}, set()),
    ):
        page = see(site, "case-board", **query)
        assert {one for one in (RISK, LEAK) if one in page} == there, query
    assert "No open case fits these filters." in see(site, "case-board", q="nothing")
    content = site.get(reverse("case-board"), {"device": str(firm.pump.pk), "page": "2"}).content.decode()
    for route in ("cases", "case-vulnerabilities"):
        assert f"{reverse(route)}?device={firm.pump.pk}" in content


def test_an_empty_board_teaches(site: Client) -> None:
    """What would be here, and where it comes from."""
    assert heading(site.get(reverse("case-board"))) == "No case is open."
    assert "Open one from a vulnerability" in see(site, "case-board")


def test_vulnerabilities_stand_with_their_device_versions_under_them(
    site: Client, case: Case, second: Case, firm: Firm
) -> None:
    """Each with what is decided, signed, how many units, the next date and the case; unknown is said."""
    FieldedUnits.objects.create(version=firm.v1, units=1204, counted_on=NOW.date())
    page = see(site, "case-vulnerabilities")

    first, last = page.split("Priority any")[-1].split(ZLIB_CVE)[0], page.split(ZLIB_CVE)[-1]
    assert first.count("Ventorsa 5") >= 2
    assert "KEV" in first
    assert "1,204" in first
    for words in ("not decided", "not signed", "not counted", second.number, "Dosimere 3 3.0"):
        assert words in last, words
    assert heading(site.get(reverse("case-vulnerabilities"))) == (
        "Three device versions are in open cases for 2 vulnerabilities: none is decided."
    )


def test_vulnerabilities_are_narrowed_sorted_and_taken_away(site: Client, case: Case, second: Case, firm: Firm) -> None:
    """A device's rows alone; the file has a row for each version with its vulnerability."""
    pump = see(site, "case-vulnerabilities", device=str(firm.pump.pk))
    assert "Dosimere 3 3.0" in pump
    assert "Ventorsa 5 5.1" not in pump
    assert RISK not in see(site, "case-vulnerabilities", decided="yes")
    for sort in ("due", "-due", "case", "owner"):
        assert "Ventorsa 5 5.1" in see(site, "case-vulnerabilities", sort=sort)
    file = site.get(reverse("case-vulnerabilities"), {"format": "csv", "sort": "case"})
    rows = list(csv.DictReader(io.StringIO(b"".join(file).decode("utf-8-sig"))))
    assert [(row["Vulnerability"], row["Device version"], row["Case"], row["Decided"]) for row in rows] == [
        (CVE, "Ventorsa 5 5.1", case.number, "unknown"),
        (CVE, "Ventorsa 5 5.2", case.number, "unknown"),
        (ZLIB_CVE, "Dosimere 3 3.0", second.number, "unknown"),
        (ZLIB_CVE, "Ventorsa 5 5.1", second.number, "unknown"),
    ]
    assert b"".join(site.get(reverse("case-vulnerabilities"), {"format": "xlsx"})).startswith(b"PK")


def test_neither_asks_more_with_more_in_it(site: Client, case: Case, mara: Person) -> None:
    """Board and vulnerabilities: as many queries with twelve cases as with two."""

    def asked(route: str) -> int:
        site.get(reverse(route))
        with CaptureQueriesContext(connection) as counted:
            site.get(reverse(route))
        return len(counted)

    def more(number: int) -> None:
        lamp = keep_device(f"Alder lamp {number}")
        version = keep_version(lamp, "1.0", [ZLIB])
        made = Case.objects.create(
            number=f"PSIRT-2026-1{number:03d}", title="A lamp.", owner=mara, opened_at=NOW, state_since=NOW
        )
        made.versions.create(version=version, added_at=NOW)

    more(0)
    before = {route: asked(route) for route in ("case-board", "case-vulnerabilities")}
    for number in range(1, 11):
        more(number)

    assert {route: asked(route) for route in before} == before


def test_several_cases_are_handed_over_at_once(site: Client, case: Case, second: Case, firm: Firm) -> None:
    """All or none; the page says which and what it causes."""
    chosen = [case.number, second.number]
    page = site.post(reverse("cases-hand-over"), {"number": chosen})
    assert heading(page) == "Who takes over 2 cases?"
    assert "Why" in refused(site, "cases-hand-over", number=chosen, person=str(firm.ana.pk), why="")

    # Pia works on pumps only: of the ventilator's case she sees nothing.
    said = refused(site, "cases-hand-over", number=chosen, person=str(firm.pia.pk))
    assert f"{case.number} stays with Mara Lindqvist, and so do the others" in said
    assert set(Case.objects.values_list("owner__name", flat=True)) == {"Mara Lindqvist"}

    do(site, "cases-hand-over", number=chosen, person=str(firm.ana.pk))
    assert set(Case.objects.values_list("owner", flat=True)) == {firm.ana.pk}


def test_several_cases_are_watched_and_not_any_more(site: Client, case: Case, second: Case, mara: Person) -> None:
    """With a way back that ends what was begun, and nothing else."""
    case.watchers.create(person=mara)
    answer = site.post(reverse("cases-watch"), {"number": [case.number, second.number]})
    (told,) = get_messages(answer.wsgi_request)
    undo = told.extra_tags.removeprefix("undo:")
    assert set(mara.watching.values_list("case", flat=True)) == {case.pk, second.pk}

    site.post(undo)

    assert set(mara.watching.values_list("case", flat=True)) == {case.pk}


def test_what_somebody_may_not_see_is_not_chosen(site: Client, case: Case, firm: Firm, mara: Person) -> None:
    """By its number or not: it is as if it were not there."""
    restrict(by=mara, case=case, why="Embargo.", now=NOW)
    ana = Client()
    ana.force_login(firm.ana)
    for route in ("cases-watch", "cases-hand-over"):
        answer = ana.post(reverse(route), {"number": [case.number]})
        assert answer.headers["Location"] == reverse("cases")
        assert "Choose a case first" in see(ana, "cases")
    assert not case.watchers.exists()


def test_who_reads_only_has_no_way_to_move_or_hand_over(case: Case) -> None:
    """An auditor sees the board and the list, and may watch."""
    auditor = Client()
    auditor.force_login(person("Abe Lund", Role.AUDITOR))
    assert "Is it acknowledged?" not in see(auditor, "case-board")
    page = see(auditor, "cases")
    assert "Hand over" not in page
    assert "Watch" in page
