"""Time-based codes and recovery codes: each once, whoever asks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection

from postmarket.accounts.factors import has_second_factor, spend_code
from postmarket.accounts.models import SpentCode
from tests.accounts.builders import NOW, code_of, person, with_generator

pytestmark = pytest.mark.django_db
STEP = timedelta(seconds=30)


def test_a_code_counts_once() -> None:
    """RFC 6238 section 5.2."""
    ana = person()
    code = code_of(with_generator(ana), at=NOW)

    assert spend_code(ana, code, now=NOW)
    assert not spend_code(ana, code, now=NOW)
    assert not spend_code(ana, code, now=NOW + STEP)


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(steps: int, taken: bool) -> None:
    """Either way, not more."""
    ana = person()
    assert spend_code(ana, code_of(with_generator(ana), at=NOW + steps * STEP), now=NOW) is taken


def test_a_code_of_somebody_else_is_none() -> None:
    """Nor one without a generator, nor letters, nor digits of another script."""
    ana, ben = person("Ana Reed"), person("Ben Ode")
    with_generator(ana)
    code = code_of(with_generator(ben), at=NOW)

    assert not spend_code(ana, code, now=NOW)
    assert not spend_code(person("Cy Lo"), code, now=NOW)
    for wrong in ("", "abcdef", "12345", "\u0661\u0662\u0663\u0664\u0665\u0666"):
        assert not spend_code(ana, wrong, now=NOW)


def test_two_people_may_use_the_same_step() -> None:
    """What is spent is one person's."""
    for who in (person("Ana Reed"), person("Ben Ode")):
        assert spend_code(who, code_of(with_generator(who), at=NOW), now=NOW)
    assert SpentCode.objects.count() == 2


def test_old_steps_are_cleared_away() -> None:
    """The table does not grow with every sign-in."""
    ana = person()
    secret = with_generator(ana)
    for step in range(12):
        assert spend_code(ana, code_of(secret, at=NOW + step * STEP), now=NOW + step * STEP)
    assert SpentCode.objects.count() <= 4


def test_a_generator_s_secret_is_sealed_in_the_database() -> None:
    """A copy of the database makes no codes."""
    secret = with_generator(person())
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        assert secret not in str(cursor.fetchall())


def test_recovery_codes_alone_are_no_second_factor() -> None:
    """They are for the day a device is lost."""
    ana = person()
    Authenticator.objects.create(user=ana, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert not has_second_factor(ana)
    with_generator(ana)
    assert has_second_factor(ana)
