"""One-time links: the first administrator, and invitations."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator

from postmarket.accounts.authority import may
from postmarket.accounts.errors import InvalidLink, InvalidPerson, NotAllowed
from postmarket.accounts.models import Link, Person
from postmarket.accounts.permissions import Permission
from postmarket.accounts.roles import Role
from postmarket.accounts.services.first_run import (
    check_first_run,
    invite_administrator,
    make_first_administrator,
    open_first_run,
)
from postmarket.accounts.services.people import (
    Invited,
    accept_invitation,
    check_invitation,
    deactivate_person,
    invite_person,
    renew_access,
)
from postmarket.records.models import Entry
from tests.accounts.builders import NOW, PASSWORD, line, person, with_generator

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    """What the trail says happened, in order."""
    return [json.loads(bytes(entry.content))["kind"] for entry in Entry.objects.order_by("number")]


def first(secret: str, *, now: datetime = NOW, email: str = "ana@example.com", password: str = PASSWORD) -> Person:
    """Use a first-run link."""
    return make_first_administrator(secret=secret, email=email, name="Ana Reed", password=password, now=now)


def opened() -> str:
    """A first-run link's secret."""
    secret = open_first_run(now=NOW)
    assert secret is not None
    return secret


def test_the_first_run_makes_one_administrator_and_says_so() -> None:
    """The one person whom nobody granted their role."""
    ana = first(opened())

    assert may(ana, Permission.PEOPLE_MANAGE, on=None)
    assert not may(ana, Permission.FINDINGS_DECIDE, on=None)
    assert ana.check_password(PASSWORD)
    assert kinds() == ["person.invited", "role.granted"]


def test_a_first_run_link_works_once() -> None:
    """Whoever reads it over a shoulder comes too late."""
    secret = opened()
    first(secret)

    with pytest.raises(InvalidLink):
        first(secret, email="eve@example.com")
    assert Person.objects.count() == 1


def test_a_first_run_link_holds_an_hour() -> None:
    """A terminal's log of yesterday opens nothing."""
    secret = opened()
    check_first_run(secret=secret, now=NOW + timedelta(minutes=59))

    with pytest.raises(InvalidLink):
        first(secret, now=NOW + timedelta(hours=1))


def test_a_newer_link_voids_the_older() -> None:
    """Each start of the server prints one; only the last works."""
    old, new = opened(), opened()

    with pytest.raises(InvalidLink):
        check_first_run(secret=old, now=NOW)
    check_first_run(secret=new, now=NOW)


def test_there_is_no_first_run_once_anybody_is_there() -> None:
    """Also when a link was made before they came."""
    secret = opened()
    person()

    assert open_first_run(now=NOW) is None
    with pytest.raises(InvalidLink):
        check_first_run(secret=secret, now=NOW)
    with pytest.raises(InvalidPerson):
        first(secret)


def test_a_weak_password_leaves_the_link_open() -> None:
    """A person may try again; the words say what is wrong."""
    secret = opened()
    with pytest.raises(InvalidPerson, match="too short"):
        first(secret, password="short")  # noqa: S106 - of nobody

    assert first(secret).email == "ana@example.com"


def test_no_secret_is_kept() -> None:
    """A copy of the database opens nothing."""
    secret = opened()

    assert secret not in str(list(Link.objects.values_list()))


def invited(*, role: Role | None = None) -> Invited:
    """Somebody an administrator invited."""
    boss = person("Boss Lee", Role.ADMINISTRATOR)
    return invite_person(by=boss, email="petra@example.com", name="Petra Sommer", why="New.", now=NOW, role=role)


def test_an_invitation_sets_the_password_once() -> None:
    """Within seven days; then it opens nothing."""
    given = invited()
    assert check_invitation(secret=given.secret, now=NOW + timedelta(days=6)) == given.person
    petra = accept_invitation(secret=given.secret, password=PASSWORD, now=NOW + timedelta(days=6))

    assert petra.check_password(PASSWORD)
    with pytest.raises(InvalidLink):
        accept_invitation(secret=given.secret, password=PASSWORD, now=NOW + timedelta(days=6))


def test_an_invitation_ends() -> None:
    """After seven days."""
    with pytest.raises(InvalidLink):
        check_invitation(secret=invited().secret, now=NOW + timedelta(days=7))


def test_an_invitation_does_not_open_the_first_run_nor_the_other_way_round() -> None:
    """A link opens what it was made for."""
    with pytest.raises(InvalidLink):
        first(invited().secret)


def test_somebody_invited_with_a_role_for_one_line_holds_it_there() -> None:
    """The person, the role and the link, together or not at all."""
    boss, pumps, monitors = person("Boss Lee", Role.ADMINISTRATOR), line("Pumps"), line("Monitors")
    petra = invite_person(
        by=boss,
        email="petra@example.com",
        name="Petra Sommer",
        why="Joins the pumps.",
        now=NOW,
        role=Role.PSIRT_ANALYST,
        line=pumps,
    ).person

    assert may(petra, Permission.FINDINGS_DECIDE, on=pumps)
    assert not may(petra, Permission.FINDINGS_DECIDE, on=monitors)
    assert kinds() == ["person.invited", "role.granted"]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_an_administrator_invites(role: Role) -> None:
    """Whatever else somebody may."""
    with pytest.raises(NotAllowed):
        invite_person(by=person("Ana Reed", role), email="x@example.com", name="X Y", why="Why.", now=NOW)


def test_a_deactivated_person_s_invitation_is_void() -> None:
    """Access that was closed stays closed."""
    given = invited()
    boss = Person.objects.get(name="Boss Lee")
    deactivate_person(by=boss, person=given.person, why="Left.", now=NOW)

    with pytest.raises(InvalidLink):
        check_invitation(secret=given.secret, now=NOW)


def test_renewed_access_takes_password_and_second_factors() -> None:
    """For somebody who lost their device: nothing of the old access is left."""
    boss, petra = person("Boss Lee", Role.ADMINISTRATOR), person("Petra Sommer", Role.QUALITY)
    with_generator(petra)
    before = petra.get_session_auth_hash()
    renewed = renew_access(by=boss, person=petra, why="Lost the phone.", now=NOW)

    petra.refresh_from_db()
    assert not petra.has_usable_password()
    assert not Authenticator.objects.filter(user=petra).exists()
    assert petra.get_session_auth_hash() != before
    assert check_invitation(secret=renewed.secret, now=NOW) == petra


def test_nobody_renews_their_own_access() -> None:
    """It would be a way round the second factor."""
    boss = person("Boss Lee", Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed):
        renew_access(by=boss, person=boss, why="Forgot.", now=NOW)


def test_the_command_line_lets_a_lost_administrator_in_again() -> None:
    """Whoever runs the server can; the trail says that it was done there."""
    boss = person("Boss Lee", Role.ADMINISTRATOR, email="boss@example.com")
    with_generator(boss)
    deactivated = Person.objects.filter(pk=boss.pk).update(is_active=False)
    given = invite_administrator(email="Boss@Example.com", name="", why="Phone lost.", now=NOW)

    assert deactivated
    assert given.person == boss
    assert check_invitation(secret=given.secret, now=NOW).is_active
    assert not Authenticator.objects.filter(user=boss).exists()
    entry = json.loads(bytes(Entry.objects.get().content))
    assert (entry["kind"], entry["actor"]["name"]) == ("person.access-renewed", "Command line of the server")


def test_the_command_line_makes_an_administrator_where_nobody_is() -> None:
    """An installation without a browser at hand."""
    given = invite_administrator(email="new@example.com", name="New Boss", why="Set up.", now=NOW)

    assert may(given.person, Permission.PEOPLE_MANAGE, on=None)
    assert kinds() == ["person.invited", "role.granted"]
