"""How many device versions a vulnerability concerns, told apart by what was said of them so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from postmarket.accounts.authority import Caller, lines
from postmarket.accounts.permissions import Permission
from postmarket.monitoring.queries.findings.asked import Asked
from postmarket.monitoring.queries.findings.sql import LANE, STATE, statement
from postmarket.monitoring.words import FindingState
from postmarket.worklist.interface import Lane


@dataclass(frozen=True, slots=True)
class Concerned:
    """
    Device versions, each once: under the first of these four that one of its components is in.

    `open_devices` are the names of the devices of open versions, `devices` those of all.
    """

    open: int
    proposed: int
    cleared: int
    """Nobody answered; suppliers say that they are not affected."""
    decided: int
    open_devices: Sequence[str]
    devices: Sequence[str]


def concerned(lead: int, *, by: Caller) -> Concerned:
    """The versions in which an alias group is found, of what `by` may read; one statement."""
    found = statement(Asked(vulnerabilities=(lead,)), lines(by, Permission.CONTENT_READ), with_state=True)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT v.id, d.id, d.name, {LANE}, {STATE} {found.text}", found.values)
        rows = cursor.fetchall()
    worst: dict[int, int] = {}
    devices: dict[int, str] = {}
    device_of: dict[int, int] = {}
    for version, device, name, lane, state in rows:
        devices[device], device_of[version] = name, device
        worst[version] = min(worst.get(version, 3), _place(Lane(lane), FindingState(state)))
    opened = {device_of[version] for version, place in worst.items() if place == 0}
    counted = Counter(worst.values())
    return Concerned(
        open=counted[0],
        proposed=counted[1],
        cleared=counted[2],
        decided=counted[3],
        open_devices=sorted(devices[device] for device in opened),
        devices=sorted(devices.values()),
    )


def _place(lane: Lane, state: FindingState) -> int:
    if state is FindingState.DECIDED:
        return 3
    if state is FindingState.PROPOSED:
        return 1
    return 2 if lane is Lane.SUPPLIER_NOT_AFFECTED and state is FindingState.OPEN else 0
