"""A person is one address, and stays."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError

from postmarket.accounts.addresses import canonical_email, printed_name
from postmarket.accounts.errors import AccountsError, InvalidPerson
from postmarket.accounts.models import Person

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ana@example.com", "ana@example.com"),
        ("  Ana@Example.COM ", "ana@example.com"),
        ("o'neil+psirt@sub.example.com", "o'neil+psirt@sub.example.com"),
        ("root@localhost", "root@localhost"),
        ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
    ],
)
def test_an_address_has_one_form(typed: str, kept: str) -> None:
    """Case and surrounding space make no second person."""
    assert canonical_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ana",
        "ana@",
        "@example.com",
        "an a@example.com",
        "ana@example.com\nBcc: all@example.com",
        "ana@exa_mple.com",
        "ana@-example.com",
        "ana..b@example.com",
        "mi\u212ae@example.com",
        "adm\u0131n@example.com",
        "\u0430na@example.com",
        "ana@example\u3002com",
        "ana@example.com\u200b",
        "\uff41na@example.com",
        f"{'a' * 250}@example.com",
    ],
)
def test_look_alikes_and_nonsense_are_refused(typed: str) -> None:
    """Letters that fold or look like others never reach the comparison."""
    with pytest.raises(InvalidPerson):
        canonical_email(typed)


@pytest.mark.parametrize("typed", ["", "  ", "Ana\u202eReed", "Ana\x00", "x" * 121])
def test_a_printed_name_can_be_printed(typed: str) -> None:
    """What stands beside a signature cannot rearrange its line."""
    with pytest.raises(InvalidPerson):
        printed_name(typed)


@pytest.mark.django_db
def test_the_database_refuses_a_second_spelling() -> None:
    """Even a write that goes round the services cannot make two people of one address."""
    Person.objects.create(email="ana@example.com", name="Ana Reed", invited_at=NOW)
    with pytest.raises(IntegrityError):
        Person.objects.create(email="Ana@example.com", name="Ana Two", invited_at=NOW)


@pytest.mark.django_db
def test_a_person_is_never_deleted() -> None:
    """Deactivation is the way out; the name stays beside what was signed."""
    ana = Person.objects.create(email="ana@example.com", name="Ana Reed", invited_at=NOW)
    with pytest.raises(AccountsError, match="Deactivate"):
        ana.delete()

    assert Person.objects.filter(pk=ana.pk).exists()


@pytest.mark.django_db
def test_people_are_found_whatever_the_case_and_look_alikes_find_nobody() -> None:
    """Sign-in asks the manager."""
    ana = Person.objects.create(email="mike@example.com", name="Mike", invited_at=NOW)

    assert Person.objects.get_by_natural_key("MIKE@Example.com") == ana
    with pytest.raises(Person.DoesNotExist):
        Person.objects.get_by_natural_key("mi\u212ae@example.com")
