"""A case to be changed: found, held until the transaction ends, and for somebody who may."""

from __future__ import annotations

from postmarket.accounts.authority import Caller, may, require
from postmarket.accounts.models import DeviceLine, Person
from postmarket.accounts.permissions import Permission
from postmarket.cases.errors import InvalidCase, WrongStep
from postmarket.cases.models import Case
from postmarket.cases.queries.visible import not_found, visible_to
from postmarket.inventory.models import Device

LONGEST_TEXT = 20_000
LINE_BREAKS = str.maketrans("", "", "\n\r\t")


def held(case: Case, *, by: Person, permission: Permission, whole: bool = True, ended: bool = False) -> Case:
    """
    The case as it is now, locked. Call inside a transaction.

    What holds for the whole case takes the permission for every device line in it; else (`whole` False) one is enough.
    Raises CaseNotFound, NotAllowed, and WrongStep for one that has ended unless `ended`.
    """
    found = Case.objects.select_for_update().filter(visible_to(by), pk=case.pk).first()
    if found is None:
        raise not_found(case.number)
    allow(by, permission, found, whole=whole)
    if not ended and not found.is_open:
        raise WrongStep(f"{found.number} is {found.state}", next_step="Re-open it first, or go on in the other case.")
    return found


def allow(by: Caller, permission: Permission, case: Case, *, whole: bool) -> None:
    """Raise NotAllowed unless they may, for every device line of the case or for one of them."""
    on = lines_of(case)
    if whole:
        for line in on:
            require(by, permission, on=line)
    elif not any(may(by, permission, on=line) for line in on):
        require(by, permission, on=on[0])


def lines_of(case: Case) -> list[DeviceLine | None]:
    """The device lines of its versions, else of those left out, else of what its reports are about, else of none."""
    versions = Device.objects.filter(versions__cases__case=case, versions__cases__removed_at=None)
    left_out = Device.objects.filter(versions__cases__case=case)
    reports = Device.objects.filter(reports__in_case__case=case)
    for devices in (versions, left_out, reports):
        ids = set(devices.order_by().values_list("line", flat=True).distinct())
        if ids:
            named = list(DeviceLine.objects.filter(pk__in=ids).order_by("name", "pk"))
            return [*named, None] if None in ids else [*named]
    return [None]


def words(name: str, said: str, *, most: int = LONGEST_TEXT) -> str:
    """Some text that is needed. Raises InvalidCase, which names the field."""
    plain = said.strip()
    if not plain:
        raise InvalidCase(f"The {name} is missing", where=name, next_step="Write a few words.")
    if len(plain) > most or not plain.translate(LINE_BREAKS).isprintable():
        raise InvalidCase(
            f"The {name} cannot be kept",
            where=name,
            why=f"it has at most {most:,} printable characters",
            next_step="Shorten it.",
        )
    return plain
