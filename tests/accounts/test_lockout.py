"""Too many failures shut the door for a while, for whoever knocks."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from postmarket.accounts import lockout
from postmarket.accounts.errors import LockedOut
from postmarket.accounts.models import Attempts, Door
from postmarket.accounts.roles import Role
from postmarket.accounts.services.attempts import account_key, count_attempt, forgive, take_back
from postmarket.records.models import Entry
from tests.accounts.builders import NOW, PASSWORD, code_of, person, with_generator

pytestmark = pytest.mark.django_db


def test_the_door_shuts_for_twice_as_long_each_time_up_to_an_hour() -> None:
    """Five are free; then 1, 2, 4 … minutes."""
    shut = [lockout.locked_until(failures, now=NOW, patience=lockout.ACCOUNT) for failures in range(1, 14)]
    minutes = [None if until is None else (until - NOW) / timedelta(minutes=1) for until in shut]

    assert minutes == [None] * 4 + [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_failures_are_forgotten_in_time() -> None:
    """A day after the last one the count begins anew."""
    later = NOW + timedelta(hours=24)
    assert lockout.failures_after(9, last_failed_at=NOW, now=later, patience=lockout.ACCOUNT) == 1
    soon = later - timedelta(seconds=1)
    assert lockout.failures_after(9, last_failed_at=NOW, now=soon, patience=lockout.ACCOUNT) == 10


def test_an_attempt_counts_before_it_is_looked_at() -> None:
    """A hundred guesses sent at once are a hundred failures."""
    for _ in range(lockout.SIGNING.free):
        count_attempt(door=Door.SIGNING, key="7", now=NOW)
    with pytest.raises(LockedOut, match="in 5 minutes"):
        count_attempt(door=Door.SIGNING, key="7", now=NOW)


def test_while_the_door_is_shut_nothing_is_counted() -> None:
    """Knocking does not make it longer."""
    for _ in range(lockout.SIGNING.free):
        count_attempt(door=Door.SIGNING, key="7", now=NOW)
    for _ in range(5):
        with pytest.raises(LockedOut):
            count_attempt(door=Door.SIGNING, key="7", now=NOW + timedelta(minutes=4))
    count_attempt(door=Door.SIGNING, key="7", now=NOW + timedelta(minutes=5))


def test_success_clears_an_account_but_takes_only_itself_from_an_address() -> None:
    """Whoever guesses others' passwords gains nothing by signing in between."""
    for _ in range(3):
        counted = count_attempt(door=Door.ACCOUNT, key="a", now=NOW)
    forgive(counted)
    assert not Attempts.objects.exists()
    for _ in range(3):
        counted = count_attempt(door=Door.ADDRESS, key="1.2.3.4", now=NOW)
    take_back(counted, now=NOW)
    assert Attempts.objects.get().failures == 2


def test_spellings_of_one_address_are_one_account_and_none_is_kept_in_clear() -> None:
    """A count tells nobody who tried."""
    assert account_key(" Ana@Example.com") == account_key("ana@example.com")
    assert "ana" not in account_key("ana@example.com")


def sign_in(client: Client, email: str, password: str) -> str:
    """Try; what the page says, or "" when it went on."""
    response = client.post(reverse("account_login"), {"login": email, "password": password})
    return "" if response.status_code == 302 else response.content.decode()


@pytest.mark.parametrize("known", [True, False])
def test_after_five_wrong_passwords_not_even_the_right_one_opens(known: bool) -> None:
    """The same for an address nobody has: lock-out tells nothing about who is here."""
    if known:
        person("Ana Reed", email="ana@example.com")
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(5):
            assert "not the address and password" in sign_in(Client(), "ana@example.com", "wrong")
        assert "Try again in 1 minute" in sign_in(Client(), "ana@example.com", PASSWORD)
        clock.shift(timedelta(minutes=1))
        assert (sign_in(Client(), "ana@example.com", PASSWORD) == "") is known


def test_a_lock_is_recorded_and_told() -> None:
    """To the person and the administrators."""
    person("Boss Lee", Role.ADMINISTRATOR, email="boss@example.com")
    person("Ana Reed", email="ana@example.com")
    for _ in range(5):
        sign_in(Client(), "ana@example.com", "wrong")

    assert [json.loads(bytes(entry.content))["kind"] for entry in Entry.objects.all()] == ["person.locked-out"]
    assert {address for one in mail.outbox for address in one.to} == {"ana@example.com", "boss@example.com"}


def test_wrong_codes_count_at_the_same_door() -> None:
    """Whoever has the password cannot try all codes."""
    ana = person("Ana Reed", email="ana@example.com")
    secret = with_generator(ana)
    client = Client()
    assert sign_in(client, "ana@example.com", PASSWORD) == ""
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    said = client.post(reverse("mfa_authenticate"), {"code": code_of(secret)}).content.decode()

    assert "Too many failed attempts" in said
    assert client.get(reverse("account")).status_code == 302


def test_many_accounts_tried_from_one_address_shut_it() -> None:
    """Twenty failures, whosever they were."""
    with time_machine.travel(NOW, tick=False):
        for number in range(20):
            sign_in(Client(), f"nobody{number}@example.com", "wrong")
        assert "Too many failed attempts" in sign_in(Client(), "nobody99@example.com", "wrong")
