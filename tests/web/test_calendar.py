"""Clocks in a calendar of one's own: the address is made on the site, read without a session, and taken back."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from postmarket.accounts.models import CalendarAddress, Person
from postmarket.accounts.roles import Role
from postmarket.accounts.services.calendars import MOST_ASKED
from postmarket.cases.models import Case
from postmarket.cases.services.opening import open_case
from postmarket.cases.services.people import add_member, restrict
from postmarket.web import clock
from tests.accounts.builders import person, with_generator
from tests.monitoring.builders import NOW
from tests.web.pages.conftest import Firm, bring_up, firm, kept, now, pack, store
from tests.web.pages.reading import heading
from tests.web.test_cases import RISK, do, see

__all__ = ["bring_up", "firm", "kept", "now", "pack", "store"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def mara(firm: Firm) -> Person:
    """The PSIRT manager."""
    made = person("Mara Lindqvist", Role.PSIRT_MANAGER)
    with_generator(made)
    return made


@pytest.fixture
def case(mara: Person) -> Case:
    """The case of OpenSSL in the ventilator."""
    return open_case(by=mara, vulnerability="CVE-2025-0001", title=RISK, why="Seen in triage.", now=NOW)


def address(who: Person, *, shows: str = "all") -> str:
    """Make one on the site; the path that is shown once."""
    client = Client()
    client.force_login(who)
    page = client.post(reverse("calendars"), {"name": "Phone", "shows": shows}).content.decode()
    whole = page.partition('<code class="shown-once">')[2].partition("<")[0]
    assert whole.startswith("http://testserver/calendar/pm_")
    parts = urlsplit(whole)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def read(path: str) -> str:
    """What a calendar program gets, without cookies, unfolded."""
    answer = Client().get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.content.decode().replace("\r\n ", "")


def test_an_address_is_shown_once_and_read_without_signing_in(firm: Firm, case: Case) -> None:
    """The dates of cases with whose rule each is; the page tells it from others and knows that it was read."""
    path = address(firm.ana)
    client = Client()
    client.force_login(firm.ana)
    assert heading(client.get(reverse("calendars"))) == "1 calendar follows your clocks."
    assert "not read yet" in see(client, "calendars")
    assert path.split("/")[2] not in client.get(reverse("calendars")).content.decode()

    text = read(path)

    assert f"SUMMARY:{case.number}: " in text
    assert RISK in text
    assert "by article" in text
    assert "last read" in see(client, "calendars")


def test_only_ones_own_cases_where_that_is_wanted(firm: Firm, mara: Person, case: Case) -> None:
    """The owner's shows it, another's does not."""
    assert case.number in read(address(mara, shows="mine"))
    assert case.number not in read(address(firm.ana, shows="mine"))


def test_a_restricted_case_is_there_for_its_members_and_tells_little(firm: Firm, mara: Person, case: Case) -> None:
    """Asked anew at every reading: who was a member and is none any more sees nothing of it."""
    path = address(firm.ana)
    restrict(by=mara, case=case, why="Embargo.", now=NOW)
    assert case.number not in read(path)

    add_member(by=mara, case=case, person=firm.ana, why="Works on it.", now=NOW)
    text = read(path)
    assert case.number in text
    assert RISK not in text


def test_what_is_revoked_wrong_or_anothers_opens_nothing(firm: Firm, mara: Person, case: Case) -> None:
    """All of them get the same answer; nobody takes back somebody else's."""
    path = address(firm.ana)
    key = CalendarAddress.objects.get().key
    other = Client()
    other.force_login(mara)
    assert other.post(reverse("calendar-revoke", args=[key])).status_code == 404
    read(path)

    client = Client()
    client.force_login(firm.ana)
    do(client, "calendar-revoke", key)

    answers = [Client().get(one) for one in (path, path.replace("pm_", "pm_x"), reverse("calendar-feed", args=["x"]))]
    assert {(one.status_code, one.content) for one in answers} == {
        (404, b"There is no such calendar. Make another address under Your account.")
    }
    assert heading(client.get(reverse("calendars"))) == "No calendar follows your clocks yet."


def test_one_that_has_ended_says_so_instead_of_falling_silent(firm: Firm, case: Case) -> None:
    """One entry, today; no clock."""
    path = address(firm.ana)

    with clock.stopped(NOW + timedelta(days=367)):
        text = read(path)

    assert "this calendar has ended and shows no clocks" in text
    assert text.count("BEGIN:VEVENT") == 1
    assert case.number not in text


def test_it_is_not_read_too_often(firm: Firm) -> None:
    """With the time after which it may be read again."""
    path = address(firm.ana)
    for _ in range(MOST_ASKED):
        read(path)

    answer = Client().get(path)

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) == 600


def test_it_follows_the_roles_of_the_moment(firm: Firm, case: Case) -> None:
    """Whose last role is taken back reads an empty calendar."""
    path = address(firm.ana)
    firm.ana.grants.update(revoked_at=NOW)

    assert "BEGIN:VEVENT" not in read(path)
