"""API tokens: shown once, kept as a hash, for one use, ended in time."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.accounts import token_text
from postmarket.accounts.errors import InvalidToken, NotAllowed, NotHere
from postmarket.accounts.models import ApiToken, DeviceLine, Person
from postmarket.accounts.queries import tokens as queries
from postmarket.accounts.roles import Role
from postmarket.accounts.scopes import Scope
from postmarket.accounts.services.people import deactivate_person
from postmarket.accounts.services.tokens import Issued, check_token, issue_token, revoke_token
from postmarket.records.models import Entry
from tests.accounts.builders import NOW, line, person

pytestmark = pytest.mark.django_db


def issued(
    by: Person | None = None, *, scopes: tuple[Scope, ...] = (Scope.SBOMS_WRITE,), on: DeviceLine | None = None
) -> Issued:
    """A token of a PSIRT manager for 90 days."""
    return issue_token(
        by=by or person("Marta Ruiz", Role.PSIRT_MANAGER),
        name="CI of the pump",
        scopes=scopes,
        line=on,
        holds=timedelta(days=90),
        why="SBOM of every release.",
        now=NOW,
    )


def test_a_token_lets_a_machine_in() -> None:
    """As itself, with the person who answers for it; the day of use is noted."""
    new = issued()
    bearer = check_token(new.text, now=NOW + timedelta(days=3))

    assert bearer.token == new.token
    assert bearer.actor.name == "CI of the pump (token of Marta Ruiz)"
    assert bearer.scopes == {Scope.SBOMS_WRITE}
    new.token.refresh_from_db()
    assert new.token.last_used_on == (NOW + timedelta(days=3)).date()


def test_neither_database_nor_trail_holds_the_secret() -> None:
    """A copy of either opens nothing; the object printed in a log neither."""
    new = issued()
    written = token_text.read(new.text)
    assert written is not None
    kept = str(list(ApiToken.objects.values_list())) + "".join(bytes(e.content).decode() for e in Entry.objects.all())

    assert written.secret not in kept
    assert written.secret not in repr(new) + repr(written)
    assert new.token.secret_sha256 in kept


@pytest.mark.parametrize("change", ["", "x", "pm_", "pm_0123456789_" + "a" * 38])
def test_what_is_no_token_is_refused_like_an_unknown_one(change: str) -> None:
    """The refusal tells nobody how near they were."""
    with pytest.raises(InvalidToken, match="not known here"):
        check_token(change, now=NOW)


def test_another_token_s_secret_opens_nothing() -> None:
    """Secret and key belong together."""
    one, two = issued(), issued()
    first, second = token_text.read(one.text), token_text.read(two.text)
    assert first is not None
    assert second is not None
    mixed = token_text.Written(key=first.key, secret=second.secret)
    with pytest.raises(InvalidToken, match="not known here"):
        check_token(mixed.text(), now=NOW)


def test_a_token_ends() -> None:
    """At its hour, and it says so to whoever holds it."""
    new = issued()
    check_token(new.text, now=NOW + timedelta(days=90) - timedelta(seconds=1))
    with pytest.raises(InvalidToken, match="expired on 2027-02-22"):
        check_token(new.text, now=NOW + timedelta(days=90))


def test_a_revoked_token_opens_nothing_at_once() -> None:
    """By its issuer."""
    new = issued()
    revoke_token(by=new.token.issued_by, token=new.token, why="Leaked.", now=NOW)

    with pytest.raises(InvalidToken, match="revoked"):
        check_token(new.text, now=NOW)


def test_tokens_of_somebody_deactivated_are_revoked() -> None:
    """Nobody would answer for them."""
    new, boss = issued(), person("Boss Lee", Role.ADMINISTRATOR)
    deactivate_person(by=boss, person=new.token.issued_by, why="Left.", now=NOW)

    with pytest.raises(InvalidToken):
        check_token(new.text, now=NOW)
    kinds = [json.loads(bytes(entry.content))["kind"] for entry in Entry.objects.order_by("number")]
    assert kinds[-2:] == ["person.deactivated", "token.revoked"]


def test_nobody_issues_more_than_they_may() -> None:
    """A PSIRT manager of the pumps issues none for all lines, nor for the monitors."""
    pumps, monitors = line("Pumps"), line("Monitors")
    marta = person("Marta Ruiz", Role.PSIRT_MANAGER, line=pumps)
    for on in (None, monitors):
        with pytest.raises(NotAllowed):
            issued(marta, on=on)
    assert issued(marta, on=pumps).token.line == pumps


@pytest.mark.parametrize("role", [Role.PSIRT_ANALYST, Role.AUDITOR, Role.ADMINISTRATOR])
def test_only_some_roles_issue_tokens(role: Role) -> None:
    """Those who look after pipelines."""
    with pytest.raises(NotAllowed):
        issued(person("Ana Reed", role))


def test_a_scope_the_issuer_lacks_is_refused() -> None:
    """Sustaining engineering runs no feeds."""
    with pytest.raises(NotAllowed, match="run feeds"):
        issued(person("Sam Ode", Role.SUSTAINING_ENGINEERING), scopes=(Scope.FEEDS_RUN,))


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [
        ("", (Scope.SBOMS_WRITE,), 90),
        ("CI", (), 90),
        ("CI", (Scope.SBOMS_WRITE,), 0),
        ("CI", (Scope.SBOMS_WRITE,), 367),
    ],
)
def test_a_token_has_a_name_a_scope_and_an_end(name: str, scopes: tuple[Scope, ...], days: int) -> None:
    """At most 366 days away."""
    with pytest.raises(InvalidToken):
        issue_token(
            by=person("Marta Ruiz", Role.PSIRT_MANAGER),
            name=name,
            scopes=scopes,
            line=None,
            holds=timedelta(days=days),
            why="Why.",
            now=NOW,
        )


def test_somebody_sees_their_own_tokens_and_those_they_may_revoke() -> None:
    """A manager of one line does not see another line's."""
    pumps, monitors = line("Pumps"), line("Monitors")
    marta = person("Marta Ruiz", Role.PSIRT_MANAGER, line=pumps)
    other = issued(on=monitors).token
    own = issued(marta, on=pumps).token

    assert queries.tokens(by=marta) == [own]
    with pytest.raises(NotHere):
        queries.token(by=marta, key=other.key)
    with pytest.raises(NotAllowed):
        revoke_token(by=marta, token=other, why="Not mine.", now=NOW)
    assert set(queries.tokens(by=person("Boss Lee", Role.ADMINISTRATOR))) == {own, other}


@given(st.integers(min_value=3, max_value=len(token_text.make().text()) - 1), st.sampled_from(token_text.DIGITS))
def test_a_mistyped_token_is_known_as_mistyped(place: int, letter: str) -> None:
    """One wrong letter anywhere is caught by the check, before anything is asked of the database."""
    text = token_text.make().text()
    changed = text[:place] + letter + text[place + 1 :]

    assert (token_text.read(changed) is not None) is (changed == text)
