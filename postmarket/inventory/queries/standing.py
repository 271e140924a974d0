"""Where the determination of devices stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from postmarket.inventory.models import Determination, Device
from postmarket.inventory.rules.cyber_device import Applies, Outcome, applies, outcome
from postmarket.inventory.words import SubmissionType


class State(StrEnum):
    """Whether somebody signed it, and whether it still rests on what is true."""

    SIGNED = "signed"
    OUTDATED = "outdated"
    """Signed, and the submission of the device was changed since."""
    DRAFT = "draft"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Standing:
    """The determination that counts now (else the draft), and what it comes to; None, None, None without any."""

    state: State
    determination: Determination | None
    outcome: Outcome | None
    applies: Applies | None


NOTHING = Standing(State.NONE, None, None, None)


def standings(devices: Sequence[Device]) -> Mapping[int, Standing]:
    """Where each device stands, by its key; one query."""
    rows = Determination.objects.filter(device__in=[one.pk for one in devices], superseded_at=None)
    by_device: dict[int, list[Determination]] = {}
    for row in rows.select_related("signature", "drafted_by"):
        by_device.setdefault(row.device_id, []).append(row)
    return {one.pk: _standing(one, by_device.get(one.pk, [])) for one in devices}


def _standing(device: Device, rows: Sequence[Determination]) -> Standing:
    signed = next((row for row in rows if row.signature_id is not None), None)
    counts = signed or next(iter(rows), None)
    if counts is None:
        return NOTHING
    state = State.DRAFT if signed is None else State.SIGNED if counts.basis == device.basis else State.OUTDATED
    tests = counts.tests
    bound = applies(tests, SubmissionType(device.submission_type), device.submission_date)
    return Standing(state, counts, outcome(tests), bound)
