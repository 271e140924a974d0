"""The first page says what matters, from the data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from postmarket.accounts.roles import Role
from postmarket.inventory.models import DeviceVersion
from postmarket.monitoring.models import Match, Standing, VulnerabilityFacts
from postmarket.monitoring.services.projecting.baseline import mark_due
from postmarket.web import clock
from postmarket.web.pages.today.headline import Day, headline
from tests.accounts.builders import person, with_generator
from tests.monitoring.builders import keep_device
from tests.web.pages.conftest import Firm
from tests.web.pages.reading import heading, words


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (Day(versions=0, loaded=False), "No device is here yet."),
        (Day(versions=3, loaded=False), "No vulnerability data has come in yet, so nothing can be found."),
        (Day(versions=3, loaded=True), "All is calm. Nothing is late, nothing waits."),
        (
            Day(versions=3, loaded=True, judging=2),
            "Two versions wait to be matched: what threatens them is not known yet.",
        ),
        (
            Day(versions=3, loaded=True, late=1, judging=1),
            "One finding is past its date. One version waits to be matched: what threatens it is not known yet.",
        ),
        (Day(versions=3, loaded=True, own_cases=2), "Nothing is late. Two cases of yours are open."),
        (
            Day(versions=3, loaded=True, own_cases=1, to_sign=2),
            "Nothing is late. One case of yours is open. Two decisions wait for your signature.",
        ),
        (
            Day(versions=3, loaded=True, own_cases=1, unseen_versions=2),
            "Nothing is late, but 2 versions cannot be seen. One case of yours is open.",
        ),
        (
            Day(versions=3, loaded=True, own_tasks=2, held=1),
            "Nothing is late. Two tasks of yours are open. One SBOM is held until you say whose it is.",
        ),
        (Day(versions=3, loaded=True, unseen_versions=2), "Nothing is open, but 2 versions cannot be seen."),
        (Day(versions=3, loaded=True, late=1, pressing=4), "One finding is past its date."),
        (
            Day(versions=3, loaded=True, pressing=12, devices=("A", "B", "C"), to_sign=1),
            "12 findings cannot wait, on A, B and C. One decision waits for your signature.",
        ),
        (Day(versions=9, loaded=True, pressing=2, devices=tuple("ABCD")), "Two findings cannot wait, on 4 devices."),
        (
            Day(versions=3, loaded=True, soon_clocks=1, pressing=2),
            "One clock of open cases ends within a week; two findings cannot wait.",
        ),
        (Day(versions=3, loaded=True, soon_clocks=2), "Two clocks of open cases end within a week."),
        (Day(versions=3, loaded=True, reopened=1), "One decision re-opened: what it rested on changed."),
        (
            Day(versions=3, loaded=True, reopened=1, reopened_assessments=2),
            "Two assessments and one decision re-opened: what they rested on changed.",
        ),
        (
            Day(versions=3, loaded=True, to_sign_assessments=1),
            "Nothing is late. One assessment waits for your signature.",
        ),
        (
            Day(versions=3, loaded=True, open=5, to_sign=12, to_sign_assessments=1),
            (
                "Nothing is late and nothing presses. Five findings can be judged in order. "
                "One assessment and 12 decisions wait for your signature."
            ),
        ),
        (
            Day(versions=3, loaded=True, to_sign=1, judging=2),
            (
                "Two versions wait to be matched: what threatens them is not known yet. "
                "One decision waits for your signature."
            ),
        ),
        (
            Day(versions=3, loaded=True, due=3, due_words="Fri 4 Dec", open=5),
            "Next date: Fri 4 Dec, for three findings.",
        ),
    ],
)
def test_the_headline_is_a_finding(day: Day, says: str) -> None:
    """The worst first, calm when all is calm."""
    assert headline(day) == says


def test_today_leads_with_what_cannot_wait(ana: Client) -> None:
    """The part and the patient before the number; the reason under it; what nobody can see in words."""
    page = ana.get("/")
    said = words(page)

    assert heading(page) == "Two findings cannot wait, on Ventorsa 5."
    assert "openssl 3.0.13, 3.0.15 on the alarm path of Ventorsa 5" in said
    assert "On the alarm path of a life-sustaining device; known to be exploited (CISA KEV)." in said
    assert "2 components are not monitored" in said
    assert said.index("openssl 3.0.13") < said.index("zlib 1.2.11")


def test_what_is_past_its_date_is_the_headline(ana: Client, firm: Firm, now: datetime) -> None:
    """The article gives 72 hours at 9.0 and above, and to what has no score."""
    with clock.stopped(now + timedelta(days=2)):
        assert heading(ana.get("/")) == "Four findings are past their date."


def test_new_is_what_came_since_the_visit_before(
    ana: Client, firm: Firm, now: datetime, bring_up: Callable[..., object]
) -> None:
    """Pages of one visit do not make each other old."""
    first = words(ana.get("/"))
    again = words(ana.get("/"))
    with clock.stopped(now + timedelta(days=1)):
        next_day = words(ana.get("/"))

    assert "4 new since" in first
    assert "4 new since" in again
    assert "nothing new since yesterday, 24 Nov" in next_day


def test_somebody_sees_only_their_device_line(pia: Client) -> None:
    """Neither the findings, nor their number, nor the names of others' devices."""
    said = words(pia.get("/"))

    assert "Ventorsa" not in said
    assert "1 finding to judge on 1 device version" in said


def test_an_empty_site_teaches(db: None, now: datetime) -> None:
    """What would be here and the one thing to do."""
    ana = person("Ana Reed", Role.PSIRT_ANALYST)
    with_generator(ana)
    client = Client()
    client.force_login(ana)
    page = client.get("/")

    assert heading(page) == "No device is here yet."
    assert "First the devices" in words(page)


def test_before_anything_was_matched_neither_today_nor_triage_is_calm(ana: Client, firm: Firm) -> None:
    """Versions that changed and were not judged since are said to wait."""
    for model in (Standing, VulnerabilityFacts, Match):
        model.objects.all().delete()
    mark_due([firm.v1.pk, firm.v2.pk])
    said = "Two versions wait to be matched: what threatens them is not known yet."

    assert heading(ana.get("/")) == said
    page = ana.get("/triage/")
    assert heading(page) == said
    assert "Nothing can be judged yet." in words(page)
    assert "Nothing waits to be judged." not in words(page)


def test_an_empty_triage_says_that_no_device_is_here(db: None, now: datetime) -> None:
    """It is not calm then."""
    mara = person("Mara Lind", Role.PSIRT_MANAGER)
    with_generator(mara)
    client = Client()
    client.force_login(mara)

    assert heading(client.get("/triage/")) == "No device is here yet."


def test_a_site_with_versions_in_development_only_says_that_none_is_shipped(db: None, now: datetime) -> None:
    """There are devices, and nothing on the market."""
    mara = person("Mara Lind", Role.PSIRT_MANAGER)
    with_generator(mara)
    client = Client()
    client.force_login(mara)
    DeviceVersion.objects.create(device=keep_device("Ventorsa 5"), label="6.0", created_at=now)

    for address in ("/", "/triage/"):
        assert heading(client.get(address)) == "No version is shipped yet."


def test_the_first_administrator_is_led_to_inviting_who_adds_devices(db: None, now: datetime) -> None:
    """They may not add any themselves; on Today and on the page of devices."""
    client = Client()
    lena = person("Lena Okafor", Role.ADMINISTRATOR)
    with_generator(lena)
    client.force_login(lena)

    for address in ("/", "/devices/"):
        page = client.get(address)
        assert "Invite the first PSIRT manager" in words(page)
        assert 'href="/people/invite/"' in page.content.decode()
        assert "add one by hand" not in words(page)

    person("Mara Lind", Role.PSIRT_MANAGER)
    assert "Mara Lind may add devices" in words(client.get("/devices/"))


def test_who_may_neither_add_nor_invite_is_told_who_may(db: None, now: datetime) -> None:
    """By name, once there is somebody; who may add them is led there."""
    mara = person("Mara Lind", Role.PSIRT_MANAGER)
    clients = []
    for who in (person("Ana Reed", Role.PSIRT_ANALYST), mara):
        with_generator(who)
        client = Client()
        client.force_login(who)
        clients.append(client)
    analyst, manager = clients

    assert "Mara Lind may add devices." in words(analyst.get("/"))
    assert "/people/invite/" not in analyst.get("/").content.decode()
    assert "or add one by hand." in words(manager.get("/"))


def test_the_sign_in_of_a_site_nobody_entered_says_where_its_first_link_is(db: None) -> None:
    """Once somebody is there, it does not."""
    assert "stands in the terminal where postmarket serve runs" in words(Client().get("/account/login/"))
    person("Lena Okafor", Role.ADMINISTRATOR)
    assert "postmarket serve" not in words(Client().get("/account/login/"))


def test_a_longer_list_costs_no_more_questions(ana: Client, firm: Firm, bring_up: Callable[..., object]) -> None:
    """The same number with two devices as with eight."""
    from django.core.cache import cache
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.builders import component, cpe
    from tests.monitoring.builders import keep_device, keep_version
    from tests.web.pages.conftest import KNOWN, ZLIB

    ana.get("/")
    cache.clear()
    with CaptureQueriesContext(
        connection,
    ) as few:
        ana.get("/")
    for number in range(6):
        device = keep_device(f"Monitor {number}", now=KNOWN)
        keep_version(device, "1.0", [component("zlib", f"1.2.{number}", cpes=(cpe(ZLIB, f"1.2.{number}"),))], now=KNOWN)
    bring_up(KNOWN)
    cache.clear()
    with CaptureQueriesContext(connection) as many:
        ana.get("/")

    assert len(many) == len(few)


def test_figures_are_remembered_until_something_changes(
    ana: Client, firm: Firm, bring_up: Callable[..., object], now: datetime
) -> None:
    """A page again asks less; an answer of anybody is seen at once by everybody."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as first:
        ana.get("/")
    with CaptureQueriesContext(connection) as again:
        ana.get("/")
    assert len(again) < len(first)

    lead = VulnerabilityFacts.objects.get(name="CVE-2025-0001").lead
    ana.post("/triage/answer/", {"item": f"{firm.ventilator.pk}-{lead}", "status": "under_investigation"})

    assert heading(ana.get("/")).startswith("Next date: tomorrow, 25 Nov, for two findings.")
