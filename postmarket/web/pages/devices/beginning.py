"""What is next for somebody on a site without devices: whoever may not add them is told who may."""

from __future__ import annotations

from dataclasses import dataclass

from postmarket.accounts.authority import ANYWHERE, may, people_with
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Beginning:
    """
    Whether they add devices themselves; else the people who may ("Mara Lind or Ana Reed", empty: nobody is here yet).

    `invites` is whether they may invite somebody who can.
    """

    adds: bool
    invites: bool
    others: str


def beginning(by: Person) -> Beginning:
    """For `by`."""
    if may(by, Permission.DEVICES_EDIT, on=ANYWHERE):
        return Beginning(adds=True, invites=False, others="")
    names = [one.name for one in people_with(Permission.DEVICES_EDIT, on=ANYWHERE)][:MOST_NAMED]
    return Beginning(adds=False, invites=may(by, Permission.PEOPLE_MANAGE, on=None), others=" or ".join(names))
