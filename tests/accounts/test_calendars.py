"""Calendar addresses: shown once, kept as a hash, taken back, ended, and not read too often."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from postmarket.accounts import token_text
from postmarket.accounts.errors import AskedTooOften, InvalidCalendar, NotAllowed, NotHere
from postmarket.accounts.models import CalendarAddress, Person
from postmarket.accounts.roles import Role
from postmarket.accounts.services.calendars import (
    HOLDS,
    MOST,
    MOST_ASKED,
    WINDOW,
    Made,
    check_calendar,
    make_calendar,
    revoke_calendar,
)
from postmarket.accounts.services.people import deactivate_person, reactivate_person, renew_access
from postmarket.records.models import Entry
from tests.accounts.builders import NOW, person, token

pytestmark = pytest.mark.django_db


def made(by: Person | None = None, *, name: str = "Phone") -> Made:
    """An analyst's address."""
    return make_calendar(by=by or person("Ana Reed", Role.PSIRT_ANALYST), name=name, now=NOW)


def test_an_address_is_that_of_its_person() -> None:
    """The day of reading is noted."""
    new = made()

    found = check_calendar(new.text, now=NOW + timedelta(days=3))

    assert (found, found.person.name) == (new.address, "Ana Reed")
    new.address.refresh_from_db()
    assert new.address.last_used_on == (NOW + timedelta(days=3)).date()


def test_neither_database_nor_trail_holds_the_secret() -> None:
    """A copy of either opens nothing; the object printed in a log neither."""
    new = made()
    written = token_text.read(new.text)
    assert written is not None
    kept = str(list(CalendarAddress.objects.values_list())) + "".join(
        bytes(one.content).decode() for one in Entry.objects.all()
    )

    assert written.secret not in kept + repr(new) + repr(written)
    assert new.address.secret_sha256 in kept
    assert [json.loads(bytes(one.content))["kind"] for one in Entry.objects.all()] == ["calendar.made"]


@pytest.mark.parametrize("change", ["", "x", "pm_", "pm_0123456789_" + "a" * 38])
def test_what_is_no_address_is_refused_like_an_unknown_one(change: str) -> None:
    """The refusal tells nobody how near they were."""
    with pytest.raises(InvalidCalendar, match="no such calendar"):
        check_calendar(change, now=NOW)


def test_a_wrong_secret_and_an_api_token_open_nothing() -> None:
    """Another's secret behind a right key neither."""
    new, other = made(), token_text.make()
    wrong = token_text.Written(new.address.key, other.secret)
    machine = token_text.make()
    row = token(by=person("Mara Lindqvist", Role.PSIRT_MANAGER))
    row.key, row.secret_sha256 = machine.key, machine.sha256()
    row.save()

    for text in (wrong.text(), machine.text()):
        with pytest.raises(InvalidCalendar, match="no such calendar"):
            check_calendar(text, now=NOW)


def test_one_that_is_taken_back_opens_nothing_and_only_ones_own_is() -> None:
    """From the next reading on, with its record."""
    new = made()
    with pytest.raises(NotHere):
        revoke_calendar(by=person("Otto Other", Role.QUALITY), key=new.address.key, now=NOW)
    check_calendar(new.text, now=NOW)

    revoke_calendar(by=new.address.person, key=new.address.key, now=NOW)

    with pytest.raises(InvalidCalendar, match="no such calendar"):
        check_calendar(new.text, now=NOW)
    assert Entry.objects.filter(kind="calendar.revoked").count() == 1


def test_one_that_has_ended_is_known_for_the_caller_to_say_so() -> None:
    """It is not refused: a calendar that falls silent would be taken for a calm one."""
    new = made()
    after = NOW + HOLDS

    assert check_calendar(new.text, now=after).expires_at <= after


def test_whoever_loses_access_loses_the_addresses() -> None:
    """Deactivated, and also come back; and with access that is renewed, since a device may be lost."""
    admin = person("Ada Min", Role.ADMINISTRATOR)
    ana, max_ = person("Ana Reed", Role.PSIRT_ANALYST), person("Max Stone", Role.PSIRT_ANALYST)
    hers, his = made(ana), made(max_)

    deactivate_person(by=admin, person=ana, why="Left.", now=NOW)
    reactivate_person(by=admin, person=ana, why="Came back.", now=NOW)
    renew_access(by=admin, person=max_, why="Lost the phone.", now=NOW)

    for text in (hers.text, his.text):
        with pytest.raises(InvalidCalendar):
            check_calendar(text, now=NOW)


def test_an_address_is_not_read_too_often() -> None:
    """By itself: another address of the same person is not kept waiting."""
    ana = person("Ana Reed", Role.PSIRT_ANALYST)
    wild, calm = made(ana), made(ana)
    for _ in range(MOST_ASKED):
        check_calendar(wild.text, now=NOW)

    with pytest.raises(AskedTooOften) as raised:
        check_calendar(wild.text, now=NOW + WINDOW / 2)
    assert raised.value.retry_after == 300
    check_calendar(calm.text, now=NOW)
    check_calendar(wild.text, now=NOW + WINDOW)


def test_who_may_read_nothing_makes_none_and_nobody_makes_many() -> None:
    """A name says where it is used."""
    with pytest.raises(NotAllowed):
        made(person("Nia Cole"))
    ana = person("Ana Reed", Role.PSIRT_ANALYST)
    with pytest.raises(InvalidCalendar, match="no name"):
        made(ana, name=" ")
    for _ in range(MOST):
        last = made(ana)
    with pytest.raises(InvalidCalendar, match="already"):
        made(ana)
    revoke_calendar(by=ana, key=last.address.key, now=NOW)
    made(ana)
