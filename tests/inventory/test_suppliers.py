"""Suppliers: whom to ask, and whose risk must be reviewed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from postmarket.accounts.errors import NotAllowed
from postmarket.accounts.permissions import HOLDERS, Permission
from postmarket.accounts.roles import Role
from postmarket.inventory.errors import InvalidSupplier
from postmarket.inventory.models import Supplier
from postmarket.inventory.queries.suppliers import list_suppliers
from postmarket.inventory.services.suppliers import add_supplier, edit_supplier, review_supplier
from tests.builders import NOW
from tests.inventory.builders import (
    LATER,
    TODAY,
    WHY,
    day,
    kinds,
    line,
    manager,
    person,
    steps,
    supplier_fields,
)

pytestmark = pytest.mark.django_db


def test_a_supplier_is_kept_with_the_names_sboms_give_it() -> None:
    """Its own among them."""
    fields = supplier_fields("Quellmar GmbH", security_contact="psirt@quellmar.example", names=("Quellmar Software",))

    made = add_supplier(by=manager(), fields=fields, why=WHY, now=NOW)

    assert [one.folded for one in made.names.all()] == ["quellmar", "quellmar_software"]
    assert kinds(made) == ["supplier.created"]


def test_a_name_means_one_supplier() -> None:
    """The refusal says which."""
    add_supplier(by=manager(), fields=supplier_fields(names=("Norrlake",)), why=WHY, now=NOW)
    with pytest.raises(InvalidSupplier, match="means the supplier Quellmar"):
        add_supplier(by=manager(), fields=supplier_fields("Norrlake Inc."), why=WHY, now=NOW)

    assert Supplier.objects.count() == 1


def test_a_change_records_what_was_before() -> None:
    """The same again records nothing; a name that is taken away is free."""
    by = manager()
    fields = supplier_fields(names=("Norrlake",))
    made = add_supplier(by=by, fields=fields, why=WHY, now=NOW)

    edit_supplier(by=by, supplier=made, fields=fields, why=WHY, now=LATER)
    edit_supplier(by=by, supplier=made, fields=replace(fields, names=()), why=WHY, now=LATER)
    add_supplier(by=by, fields=supplier_fields("Norrlake"), why=WHY, now=LATER)

    assert kinds(made) == ["supplier.created", "supplier.changed"]
    assert steps(made)[1].changes[0].before == "norrlake"


def test_a_review_makes_a_supplier_not_due_until_its_time_is_over() -> None:
    """The whole of the supplier stays as it was."""
    by = manager()
    made = add_supplier(by=by, fields=supplier_fields(response_terms="Ten days."), why=WHY, now=NOW)
    assert [row.is_due for row in list_suppliers(by, now=NOW)] == [True]

    review_supplier(by=by, supplier=made, reviewed_on=TODAY, why="SOC 2 report read.", now=NOW)

    (row,) = list_suppliers(by, now=NOW)
    assert (row.is_due, row.supplier.response_terms) == (False, "Ten days.")
    assert list_suppliers(by, now=NOW.replace(year=NOW.year + 2))[0].is_due


def test_a_review_of_a_day_to_come_is_refused() -> None:
    """Plans are no reviews."""
    made = add_supplier(by=manager(), fields=supplier_fields(), why=WHY, now=NOW)
    with pytest.raises(InvalidSupplier, match="a day to come"):
        review_supplier(by=manager(), supplier=made, reviewed_on=day("2026-12-24"), why=WHY, now=NOW)


@pytest.mark.parametrize("role", Role)
def test_who_may_change_suppliers_is_the_table_s_say(role: Role) -> None:
    """Every role."""
    if role in HOLDERS[Permission.SUPPLIERS_EDIT]:
        assert add_supplier(by=person(role), fields=supplier_fields(), why=WHY, now=NOW).pk
    else:
        with pytest.raises(NotAllowed, match="change suppliers"):
            add_supplier(by=person(role), fields=supplier_fields(), why=WHY, now=NOW)


def test_suppliers_are_shared_so_authority_over_one_line_is_too_little() -> None:
    """Reading them it is enough for; of nobody's roles nothing."""
    pumps = manager(line=line("pumps"))
    with pytest.raises(NotAllowed):
        add_supplier(by=pumps, fields=supplier_fields(), why=WHY, now=NOW)
    add_supplier(by=manager(), fields=supplier_fields(), why=WHY, now=NOW)

    assert len(list_suppliers(pumps, now=NOW)) == 1
    assert list_suppliers(person(), now=NOW) == []
