"""Who may what: every cell of the table, and where a grant reaches."""

from __future__ import annotations

from itertools import product

import pytest
from pytest_django import DjangoAssertNumQueries

from postmarket.accounts.authority import ANYWHERE, Bearer, asked_once, lines, may, people_with, require
from postmarket.accounts.errors import InvalidPerson, LastAdministrator, NotAllowed
from postmarket.accounts.factors import needs_second_factor
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import HOLDERS, Permission
from postmarket.accounts.roles import Role
from postmarket.accounts.services.grants import grant_role, name_line, revoke_role
from postmarket.accounts.services.people import deactivate_person, reactivate_person
from postmarket.accounts.words import DEEDS
from tests.accounts.builders import NOW, grant, line, person, token

pytestmark = pytest.mark.django_db

COLUMNS = "manager analyst cyber clinical regulatory quality sustaining auditor admin"
SHORT = dict(zip(COLUMNS.split(), Role, strict=True))
EXPECTED = {
    "content.read": "manager analyst cyber clinical regulatory quality sustaining auditor admin",
    "restricted.read": "manager",
    "restricted.member": "manager analyst cyber clinical regulatory quality sustaining auditor",
    "content.export": "manager analyst cyber clinical regulatory quality sustaining auditor",
    "devices.edit": "manager regulatory quality sustaining",
    "devices.determine": "cyber regulatory",
    "versions.ship": "manager quality sustaining",
    "sboms.upload": "manager analyst cyber sustaining",
    "suppliers.edit": "manager analyst quality sustaining",
    "aliases.review": "manager analyst cyber",
    "feeds.run": "manager analyst cyber admin",
    "findings.triage": "manager analyst cyber clinical",
    "findings.decide": "manager analyst cyber",
    "criteria.retire": "manager cyber",
    "advisories.review": "manager analyst cyber",
    "reports.enter": "manager analyst cyber clinical regulatory quality sustaining",
    "reports.handle": "manager analyst regulatory quality",
    "cases.open": "manager analyst cyber",
    "cases.work": "manager analyst cyber clinical regulatory quality sustaining",
    "cases.steer": "manager analyst cyber clinical regulatory quality",
    "cases.restrict": "manager cyber",
    "assessments.edit": "manager analyst cyber clinical",
    "assessments.sign-technical": "cyber",
    "assessments.sign-clinical": "clinical",
    "incidents.handle": "manager analyst cyber clinical",
    "isolation.approve": "clinical",
    "records.read": "manager regulatory quality auditor",
    "records.verify": "manager analyst cyber clinical regulatory quality sustaining auditor admin",
    "records.redact": "manager regulatory quality",
    "sign": "manager analyst cyber clinical regulatory quality sustaining",
    "tokens.issue": "manager sustaining",
    "tokens.revoke": "manager sustaining admin",
    "people.read": "manager analyst cyber clinical regulatory quality sustaining auditor admin",
    "people.manage": "admin",
    "settings.edit": "admin",
}
"""Written a second time on purpose: whoever changes who may what says so in two places."""
CHANGING = set(Permission) - {
    Permission.CONTENT_READ,
    Permission.CONTENT_EXPORT,
    Permission.RESTRICTED_READ,
    Permission.RESTRICTED_MEMBER,
    Permission.RECORDS_READ,
    Permission.RECORDS_VERIFY,
    Permission.PEOPLE_READ,
}


@pytest.mark.parametrize(("permission", "role"), list(product(Permission, Role)))
def test_every_cell_of_the_table(permission: Permission, role: Role) -> None:
    """Asked through the door every service uses."""
    who = person("Walter Walks", role)
    expected = role in {SHORT[word] for word in EXPECTED[permission.value].split()}

    assert may(who, permission, on=None) is expected
    assert (role in HOLDERS[permission]) is expected


def test_every_permission_has_its_words() -> None:
    """So that a refusal can say what was not allowed."""
    assert set(DEEDS) == set(Permission) == {Permission(word) for word in EXPECTED}


def test_the_administrator_has_no_authority_over_content() -> None:
    """People and settings, feeds to run and tokens to revoke; nothing that is decided, changed or signed."""
    held = {permission for permission in CHANGING if Role.ADMINISTRATOR in HOLDERS[permission]}

    assert held == {
        Permission.PEOPLE_MANAGE,
        Permission.SETTINGS_EDIT,
        Permission.FEEDS_RUN,
        Permission.TOKENS_REVOKE,
    }


def test_the_auditor_changes_nothing() -> None:
    """Read-only."""
    assert not {permission for permission in CHANGING if Role.AUDITOR in HOLDERS[permission]}


def test_a_role_for_one_line_reaches_that_line_only() -> None:
    """Not another, and not what belongs to no line."""
    pumps, monitors = line("Pumps"), line("Monitors")
    ana = person("Ana Reed", Role.PSIRT_ANALYST, line=pumps)

    assert may(ana, Permission.FINDINGS_DECIDE, on=pumps)
    assert not may(ana, Permission.FINDINGS_DECIDE, on=monitors)
    assert not may(ana, Permission.FINDINGS_DECIDE, on=None)
    assert may(ana, Permission.FINDINGS_DECIDE, on=ANYWHERE)
    held = lines(ana, Permission.CONTENT_READ)
    assert (held.every, held.ids) == (False, frozenset({pumps.pk}))


def test_roles_on_two_lines_add_up_and_do_not_mix() -> None:
    """Each line with its own role."""
    pumps, monitors = line("Pumps"), line("Monitors")
    ana = person("Ana Reed", Role.PSIRT_ANALYST, line=pumps)
    grant(ana, Role.AUDITOR, monitors)

    assert lines(ana, Permission.CONTENT_READ).ids == {pumps.pk, monitors.pk}
    assert not may(ana, Permission.FINDINGS_DECIDE, on=monitors)


def test_a_refusal_names_who_may() -> None:
    """What a person can do about it."""
    person("Marta Ruiz", Role.PSIRT_MANAGER)
    with pytest.raises(NotAllowed, match=r"Petra Sommer may not retire a criterion\. Ask Marta Ruiz\."):
        require(person("Petra Sommer", Role.QUALITY), Permission.CRITERIA_RETIRE, on=None)


def test_a_refusal_where_nobody_may_names_the_role() -> None:
    """And who gives it."""
    with pytest.raises(NotAllowed, match="PSIRT manager or Cybersecurity lead"):
        require(person(), Permission.CRITERIA_RETIRE, on=None)


def test_what_was_revoked_while_a_page_lay_open_no_longer_counts() -> None:
    """The grants of this moment are asked, not those of the object at hand."""
    boss, ana = person("Boss Lee", Role.ADMINISTRATOR), person("Ana Reed", Role.PSIRT_ANALYST)
    open_page = Person.objects.get(pk=ana.pk)
    revoke_role(by=boss, grant=ana.grants.get(), why="Moved on.", now=NOW)
    assert not may(open_page, Permission.FINDINGS_DECIDE, on=None)

    grant(ana, Role.PSIRT_ANALYST)
    deactivate_person(by=boss, person=ana, why="Left.", now=NOW)
    assert open_page.is_active
    assert not may(open_page, Permission.FINDINGS_DECIDE, on=None)
    assert people_with(Permission.FINDINGS_DECIDE, on=None) == []
    reactivate_person(by=boss, person=ana, why="Came back.", now=NOW)
    assert may(open_page, Permission.FINDINGS_DECIDE, on=None)


def test_a_page_that_only_reads_asks_once_and_the_next_asks_anew(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """One page is of one moment; a role that is taken back counts no more on the next."""
    ana = person("Ana Reed", Role.PSIRT_ANALYST)
    with asked_once():
        with django_assert_num_queries(1):
            assert may(ana, Permission.CONTENT_READ, on=ANYWHERE)
            assert may(ana, Permission.FINDINGS_TRIAGE, on=ANYWHERE)
        ana.grants.all().delete()
        assert may(ana, Permission.CONTENT_READ, on=ANYWHERE)

    assert not may(ana, Permission.CONTENT_READ, on=ANYWHERE)


def test_nobody_grants_a_role_to_themselves() -> None:
    """An administrator would have authority over content in one step."""
    boss = person("Boss Lee", Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed, match="Ask another administrator"):
        grant_role(by=boss, person=boss, role=Role.PSIRT_MANAGER, line=None, why="I can.", now=NOW)


def test_a_role_has_a_reason() -> None:
    """It stands in the trail."""
    with pytest.raises(InvalidPerson):
        grant_role(
            by=person("Boss Lee", Role.ADMINISTRATOR), person=person(), role=Role.AUDITOR, line=None, why=" ", now=NOW
        )


def test_an_administrator_looks_after_the_whole_site() -> None:
    """Not after one line."""
    with pytest.raises(InvalidPerson):
        grant_role(
            by=person("Boss Lee", Role.ADMINISTRATOR),
            person=person(),
            role=Role.ADMINISTRATOR,
            line=line(),
            why="Why.",
            now=NOW,
        )


def test_giving_a_role_twice_changes_nothing() -> None:
    """A second click."""
    boss, ana = person("Boss Lee", Role.ADMINISTRATOR), person()
    for _ in range(2):
        grant_role(by=boss, person=ana, role=Role.QUALITY, line=None, why="CAPA.", now=NOW)

    assert ana.grants.count() == 1


def test_the_last_administrator_stays() -> None:
    """Neither their role nor their access can be taken, by whomever."""
    boss = person("Boss Lee", Role.ADMINISTRATOR)
    with pytest.raises(LastAdministrator):
        revoke_role(by=boss, grant=boss.grants.get(), why="Done.", now=NOW)
    with pytest.raises(LastAdministrator):
        deactivate_person(by=boss, person=boss, why="Done.", now=NOW)


def test_device_lines_are_named_by_an_administrator_alone() -> None:
    """They decide where authority reaches."""
    with pytest.raises(NotAllowed):
        name_line(by=person("Marta", Role.PSIRT_MANAGER), key="pumps", name="Pumps", why="New.", now=NOW)
    boss = person("Boss Lee", Role.ADMINISTRATOR)
    made = name_line(by=boss, key="pumps", name="Pumps", why="New.", now=NOW)
    assert name_line(by=boss, key="pumps", name="Infusion pumps", why="Clearer.", now=NOW) == made


@pytest.mark.parametrize("role", Role)
def test_whoever_changes_something_needs_a_second_factor(role: Role) -> None:
    """All but the auditor."""
    assert needs_second_factor(person("Ana Reed", role)) is (role is not Role.AUDITOR)


def test_somebody_without_a_role_may_nothing() -> None:
    """Not even read."""
    assert not any(may(person(), permission, on=ANYWHERE) for permission in Permission)


def test_a_token_may_what_its_scope_says_as_far_as_its_issuer_may() -> None:
    """And no further: not in another line, not what the issuer lost."""
    pumps, monitors = line("Pumps"), line("Monitors")
    marta = person("Marta Ruiz", Role.PSIRT_MANAGER)
    bearer = Bearer(token(by=marta, line=pumps, scopes="sboms:write"))

    assert may(bearer, Permission.SBOMS_UPLOAD, on=pumps)
    assert not may(bearer, Permission.SBOMS_UPLOAD, on=monitors)
    assert not may(bearer, Permission.SBOMS_UPLOAD, on=None)
    assert not may(bearer, Permission.CONTENT_READ, on=pumps)
    marta.grants.update(revoked_at=NOW)
    assert not may(bearer, Permission.SBOMS_UPLOAD, on=pumps)
