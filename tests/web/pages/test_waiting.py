"""The navigation says how much waits: for whom, of what, and never of what is not theirs to see."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from postmarket.accounts.roles import Role
from postmarket.cases.models import Case, Task
from postmarket.cases.services.opening import open_case
from postmarket.cases.services.people import restrict
from tests.accounts.builders import person, with_generator
from tests.monitoring.builders import NOW
from tests.web.pages.conftest import Firm

pytestmark = pytest.mark.django_db
RISK = "An attacker on the hospital network can silence the alarm of the Ventorsa 5."


def waits(client: Client, room: str, path: str = "/suppliers/") -> int:
    """The number beside a room, 0 where there is none."""
    page = client.get(path).content.decode()
    found = re.search(rf"<span>{room}</span>(?:<b>([\d,]+)<)?", page)
    assert found
    return int((found.group(1) or "0").replace(",", ""))


def browser(name: str, role: Role, **more: object) -> Client:
    """Somebody's, with a second factor."""
    who = person(name, role, **more)  # type: ignore[arg-type]
    with_generator(who)
    client = Client()
    client.force_login(who)
    return client


def test_triage_counts_what_the_person_s_lines_have(firm: Firm, ana: Client, pia: Client) -> None:
    """As many as its list says, on every page; the pump's alone for who answers for pumps."""
    assert waits(ana, "Triage") == 4
    assert waits(pia, "Triage") == 1


def test_today_counts_what_waits_for_this_person(firm: Firm, ana: Client) -> None:
    """Their open cases and tasks; nobody else's."""
    open_case(by=firm.ana, vulnerability="CVE-2025-0001", title=RISK, why="Seen in triage.", now=NOW)
    Task.objects.create(case=Case.objects.get(), what="Call the hospital", assignee=firm.ana, made_at=NOW)

    assert waits(ana, "Today") == 2
    assert waits(browser("Mara Lindqvist", Role.PSIRT_MANAGER), "Today") == 0


def test_a_task_in_a_restricted_case_is_not_counted_for_who_cannot_see_it(firm: Firm) -> None:
    """Not even the number tells that there is one."""
    mara = person("Mara Lindqvist", Role.PSIRT_MANAGER)
    case = open_case(by=mara, vulnerability="CVE-2025-0001", title=RISK, why="Seen in triage.", now=NOW)
    jonas = person("Jonas Weber", Role.QUALITY)
    with_generator(jonas)
    client = Client()
    client.force_login(jonas)
    Task.objects.create(case=case, what="Look", assignee=jonas, made_at=NOW)
    assert waits(client, "Today") == 1

    restrict(by=mara, case=case, why="Patients are named.", now=NOW)
    cache.clear()

    assert waits(client, "Today") == 0


def test_a_page_asks_for_the_numbers_once_a_minute(firm: Firm, ana: Client) -> None:
    """The second page finds them remembered."""

    def asked(ask: Callable[[], object]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            ask()
        return len(queries)

    first = asked(lambda: ana.get("/suppliers/"))
    second = asked(lambda: ana.get("/suppliers/"))

    assert second <= first - 3


def test_where_the_work_is_done_the_number_is_right_at_once(firm: Firm, ana: Client) -> None:
    """An answer is given, and Triage says the new number; so does every page after it."""
    assert waits(ana, "Triage") == 4
    key = re.search(r'"/triage/\?at=([\d-]+)', ana.get("/").content.decode())
    assert key
    given = {"status": "under_investigation", "rationale": "Asked the supplier.", "action": "Look at the build."}
    ana.post("/triage/answer/", {"item": key.group(1), **given, "back": "/triage/"}, follow=True)

    assert waits(ana, "Triage") < 4
    assert waits(ana, "Today") >= 0
