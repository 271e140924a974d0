"""The pages of the records, as a reader sees them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.records import Subject, anchoring
from postmarket.records.checking import check_now
from postmarket.records.meanings import Authentication, Factor, Meaning, Target
from postmarket.records.signing import sign
from postmarket.tasks.models import Task
from postmarket.web import clock
from tests.accounts.builders import person
from tests.records.attacker import execute, forged, rows, write
from tests.records.builders import ANALYST, FEEDS, LEAD, NOON, PUMP, VENTILATOR, record, story
from tests.records.conftest import places as places

pytestmark = pytest.mark.django_db
NOW = NOON + timedelta(hours=2)


@pytest.fixture
def quinn() -> Person:
    """An auditor, who reads and changes nothing."""
    return person("Quinn Auditor", Role.AUDITOR)


@pytest.fixture
def reader(client: Client, quinn: Person) -> Iterator[Client]:
    """Their browser, two hours after noon."""
    client.force_login(quinn)
    with clock.stopped(NOW):
        yield client


def page(browser: Client, name: str = "records", query: str = "", **kwargs: object) -> str:
    """The HTML of a page that must open."""
    answer = browser.get(f"{reverse(name, kwargs=kwargs or None)}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def title(html: str) -> str:
    """The finding a page is called by."""
    return html.partition("<h1>")[2].partition("</h1>")[0]


def test_a_chain_that_was_verified_and_anchored_is_whole(reader: Client) -> None:
    """The title says up to which entry, and how many nobody has looked at yet."""
    story(3)
    check_now(now=NOON + timedelta(hours=1))
    anchoring.anchor_now(now=NOON + timedelta(hours=1, minutes=30))

    html = page(reader)
    assert title(html) == "The chain is whole up to entry 3, verified today, 13:00; 2 entries came since."
    assert "Anchored up to entry 4 today, 13:30." in html
    assert '<span class="tag safe">Whole</span>' in html
    assert str(anchoring.anchor_folder().path) in html


def test_what_nobody_looked_at_is_not_called_whole(reader: Client) -> None:
    """Unknown is hatched."""
    story(3)

    html = page(reader)
    assert title(html) == "Nobody has verified the 3 entries yet."
    assert '<span class="tag unknown"><span>Not verified yet</span></span>' in html


def test_an_old_look_is_called_old(reader: Client) -> None:
    """Whole then is not whole now."""
    story(3, start=NOON - timedelta(days=4))
    check_now(now=NOON - timedelta(days=3))

    assert title(page(reader)) == "The chain was whole Sat 21 Nov, and nobody has looked since."


def test_a_chain_without_anchor_is_weakened(reader: Client) -> None:
    """A cut at its end could not be seen."""
    story(3)
    check_now(now=NOON + timedelta(hours=1))

    assert title(page(reader)) == "The chain is whole up to entry 3, but its end is not anchored."


def test_what_is_wrong_stands_on_the_page_line_by_line(reader: Client) -> None:
    """With the entry it is about."""
    story(5)
    table = rows()
    table[2] = forged(table[2], bytes(table[2][2]), why="<b>Forged.</b>")
    write(table)
    check_now(now=NOON + timedelta(hours=1))

    html = page(reader)
    assert title(html) == "One thing is wrong with the records."
    assert "entry 3, 2026-11-24T12:02:00.000000Z, device.changed: its hash is not the one" in html
    assert '<span class="tag harm">Not whole</span>' in html


def test_a_site_whose_head_is_gone_says_that_nothing_can_be_recorded(reader: Client) -> None:
    """And the page still opens."""
    story(2)
    execute("DELETE FROM records_head")

    assert title(page(reader)) == "The records have lost their end: nothing more can be recorded."


def test_an_empty_chain_teaches(reader: Client) -> None:
    """What would be here, and why it is not."""
    html = page(reader)

    assert title(html) == "Nothing is recorded yet."
    assert "The first sign-in makes the first one." in html


def several() -> None:
    """Five entries: people and a machine, two subjects, three days."""
    record("device.created", at=NOON - timedelta(days=2), before=None, after={"name": "VersaPump 3"})
    record("device.changed", at=NOON - timedelta(days=1), subject=VENTILATOR, actor=LEAD)
    record("feed.run", at=NOON, subject=Subject("feed", "nvd"), actor=FEEDS)
    record("finding.decided", at=NOON, subject=Subject("finding", "device 42"), actor=LEAD)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [4, 3, 2, 1]),
        ("?sort=number", [1, 2, 3, 4]),
        ("?q=2", [2]),
        ("?q=device.changed", [2]),
        ("?q=device", [2, 1]),
        ("?q=Device+changed", [2]),
        ("?q=device+42", [4, 1]),
        ("?q=feed", [3]),
        ("?q=99999999999999999999999", []),
        ("?who=feeds", [3]),
        ("?who=nobody", []),
        ("?by=machine", [3]),
        ("?by=human", [4, 2, 1]),
        ("?when=2026-11-23", [2]),
        ("?when=2026-11-22+to+2026-11-23", [2, 1]),
        ("?when=2026-11", [4, 3, 2, 1]),
        ("?when=2026", [4, 3, 2, 1]),
        ("?when=2025-12+to+2026-11-22", [1]),
        ("?when=2025-12", []),
        ("?when=soon", []),
        ("?when=2026-13", []),
        ("?when=9999-12-31", []),
        ("?when=1-1-1-1", []),
    ],
)
def test_the_trail_is_narrowed_by_subject_kind_person_and_time(reader: Client, query: str, expected: list[int]) -> None:
    """Whatever is asked for; what means nothing leaves nothing, and never fails."""
    several()
    html = page(reader, query=query)

    assert [
        number for number in sorted(expected, reverse="sort" not in query) if f'href="/records/{number}/"' in html
    ] == expected
    assert html.count('<a class="numbers" href="/records/') == len(expected)


def test_a_person_is_found_by_name_and_address(reader: Client, quinn: Person) -> None:
    """Of whom the trail only keeps the id that never changes."""
    record(actor=quinn.actor)
    record(actor=ANALYST)

    for asked in ("quinn", quinn.email):
        html = page(reader, query=f"?who={asked}")
        assert html.count('<a class="numbers" href="/records/') == 1
        assert 'href="/records/1/"' in html


def test_an_export_holds_every_entry_whole(reader: Client) -> None:
    """What the filters leave, with before, after and hashes, so that it can be checked elsewhere."""
    several()
    answer = reader.get(reverse("records") + "?format=csv&q=device.")
    lines = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]

    assert [line["Entry"] for line in lines] == ["2", "1"]
    assert lines[1]["After"] == '{"name":"VersaPump 3"}'
    assert lines[1]["Before"] == "null"
    assert lines[0]["Before"] == ""
    assert lines[0]["Hash before"] == lines[1]["Hash"]
    workbook = reader.get(reverse("records") + "?format=xlsx")
    assert b"".join(workbook.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    workbook.close()


def test_an_entry_shows_before_and_after_and_its_hash(reader: Client) -> None:
    """Side by side; what changed is marked in words; the link to the one before is looked at now."""
    record(before=None, after={"firmware": "1.0"})
    record(before={"firmware": "1.0", "name": "Pump", "tested": False}, after={"firmware": "1.1", "name": "Pump"})
    html = page(reader, "record", number=2)

    assert title(html) == "Device changed by Petra Sommer: Pump (device 42)."
    assert "<td>1.0</td><td><b>1.1</b></td>" in html
    assert "<td>Pump</td><td>Pump</td><td></td>" in html
    assert "<td>no</td><td><b>not there</b></td>" in html
    assert bytes(rows()[1][3]).hex() in html
    assert "Bytes give the hash" in html
    assert "Continues the one before" in html
    assert 'rel="prev">Entry 1</a>' in html
    assert "As reported by the hospital." in html


def test_an_entry_that_was_changed_says_so(reader: Client) -> None:
    """Its own bytes, or those of the one before."""
    story(3)
    table = rows()
    table[1][1] = bytes(table[1][1]).replace(b"As reported", b"Not reported")
    write(table)

    assert "Bytes do not give the hash" in page(reader, "record", number=2)
    table[1] = forged(table[1], bytes(table[1][2]), why="Forged.")
    write(table)
    assert "Does not continue the one before" in page(reader, "record", number=3)
    table[1][1] = b"no entry"
    write(table)
    assert "The bytes of this entry are no entry." in page(reader, "record", number=2)
    assert page(reader)


def test_hostile_words_in_an_entry_stay_words(reader: Client) -> None:
    """In a field, a name, a reason."""
    bad = "<script>alert(1)</script>"
    record(before={"name": bad}, after={"name": f"{bad}2", bad: bad}, why=bad)

    for html in (
        page(reader),
        page(reader, "record", number=1),
        page(reader, "record-subject", kind="device", id="42"),
    ):
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert" in html


def test_what_something_was_on_a_day(reader: Client) -> None:
    """State and history until then; today without asking."""
    record(at=NOON - timedelta(days=2), before=None, after={"name": "Pump"})
    record(at=NOON, before={"name": "Pump"}, after={"name": "VersaPump 3"}, actor=LEAD)

    html = page(reader, "record-subject", kind="device", id="42")
    assert title(html).startswith("VersaPump 3 (device 42): 2 entries speak of it, the last by Dr. Amara Okafor, today")
    html = page(reader, "record-subject", "?on=2026-11-23", kind="device", id="42")
    assert title(html).startswith("By the end of yesterday, 23 Nov, Pump (device 42): 1 entry speaks of it")
    assert "VersaPump" not in html
    html = page(reader, "record-subject", "?on=2026-11-01", kind="device", id="42")
    assert title(html) == "By the end of 1 Nov, nothing was recorded about device 42."


def test_what_was_deleted_is_said_to_be_gone(reader: Client) -> None:
    """With the entry that says so."""
    record("device.deleted", before={"name": "Pump"}, after=None)

    assert title(page(reader, "record-subject", kind="device", id="42")) == "device 42 was gone: entry 1 says so."


@pytest.mark.parametrize(("query", "status"), [("?on=soon", 400), ("?on=0001-01-01", 400), ("?on=9999-12-31", 400)])
def test_a_day_that_is_none_is_said_in_the_form(reader: Client, query: str, status: int) -> None:
    """And the page still shows how it is now."""
    record(after={"name": "Pump"})
    answer = reader.get(reverse("record-subject", kwargs={"kind": "device", "id": "42"}) + query)

    assert answer.status_code == status
    assert b"aria-invalid" in answer.content
    assert b"Pump" in answer.content


def test_signatures_stand_beside_what_they_were_given_for(reader: Client) -> None:
    """Name, meaning, time, and the hash of what was shown."""
    record(after={"name": "Pump"})
    sign(
        signer=LEAD,
        meaning=Meaning.APPROVED,
        manifest=[Target(PUMP, "ab" * 32)],
        authentication=Authentication(frozenset({Factor.PASSKEY_VERIFIED}), at=NOON),
        at=NOON,
    )

    html = page(reader, "record-subject", kind="device", id="42")
    assert "<b>Dr. Amara Okafor</b>" in html
    assert "Approved " in html
    assert "abababab…" in html


def test_what_is_not_there_is_not_found(reader: Client) -> None:
    """An entry past the end, one past every number, a subject nobody spoke of, and one that cannot be."""
    for address in (
        "/records/7/",
        f"/records/{10**30}/",
        "/records/of/device/4711/",
        f"/records/of/device/{'x' * 300}/",
    ):
        assert reader.get(address).status_code == 404


def test_who_asks_for_a_look_sees_it_wait_and_two_share_one(reader: Client) -> None:
    """The page says when no worker is there to do it; when it is done, the bar loads the page anew."""
    story(2)
    for _ in range(2):
        assert reader.post(reverse("records-check")).status_code == 302
    assert Task.objects.filter(name="records.check").count() == 1

    html = page(reader)
    assert "Verifying the chain" in html
    assert "No worker runs that could do it." in html
    assert "Verify now" not in html
    assert "Verifying the chain" in page(reader, "records-progress")
    Task.objects.filter(name="records.check").update(state="done")
    assert reader.get(reverse("records-progress")).headers["HX-Refresh"] == "true"


def test_the_public_key_can_be_taken_away(reader: Client) -> None:
    """As a file; there is no secret in it."""
    record()
    answer = reader.get(reverse("records-key"))

    assert answer.content.startswith(b"-----BEGIN PUBLIC KEY-----")
    assert 'filename="records.pub"' in answer.headers["Content-Disposition"]


def test_who_may_not_read_records_sees_neither_page_nor_room(client: Client) -> None:
    """Also with the role for one device line only: the trail belongs to none."""
    from tests.accounts.builders import line

    story(1)
    for who in (person("Ana Analyst"), person("Lina Line", Role.AUDITOR, line=line())):
        client.force_login(who)
        answer = client.get(reverse("records"))
        assert answer.status_code == 403
        assert b'href="/records/"' not in client.get(reverse("account")).content


def test_a_long_page_asks_the_database_no_more_often_than_a_short_one(reader: Client) -> None:
    """However many entries it lists."""
    story(3)
    page(reader)
    with CaptureQueriesContext(connection) as few:
        page(reader)
    story(60, start=NOON + timedelta(hours=1))
    with CaptureQueriesContext(connection) as many:
        page(reader)

    assert len(many) == len(few)
