"""Devices as people look at them: the list, and one with its versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet, Sum

from postmarket.accounts.authority import Caller
from postmarket.inventory.days import site_day
from postmarket.inventory.models import Determination, Device, DeviceProposal, DeviceVersion, UdiDi
from postmarket.inventory.policy import limits
from postmarket.inventory.queries.scope import readable, unlisted
from postmarket.inventory.queries.standing import Standing, standings
from postmarket.inventory.queries.versions import VersionRow, version_rows
from postmarket.inventory.rules.support import Ending
from postmarket.inventory.words import ProposalState, SupportStage, VersionState


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """
    A device in a list. `units` counts those in the field, None when nobody counted any of its shipped versions.

    `uncounted` are shipped versions without a count: with them `units` is only what is known.
    """

    device: Device
    versions: int
    shipped: int
    units: int | None
    uncounted: int
    standing: Standing
    stage: SupportStage
    ends_on: date | None
    udi_dis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeviceList:
    """The devices somebody may read, by name, and how many proposals wait for them to say what they are."""

    rows: tuple[DeviceRow, ...]
    open_proposals: int


@dataclass(frozen=True, slots=True)
class DeviceDetail:
    """One device: its versions newest first, where its determination stands, its draft, and all that were signed."""

    device: Device
    versions: tuple[VersionRow, ...]
    standing: Standing
    draft: Determination | None
    signed: tuple[Determination, ...]

    @property
    def shipped(self) -> tuple[VersionRow, ...]:
        """The versions in the field."""
        return tuple(row for row in self.versions if row.version.is_shipped)

    @property
    def ended(self) -> tuple[VersionRow, ...]:
        """Versions in the field that nobody supports any more."""
        return tuple(row for row in self.shipped if row.support.ending is Ending.PASSED)


@dataclass(slots=True)
class _Tally:
    versions: int = 0
    shipped: int = 0
    uncounted: int = 0
    units: int | None = None

    def add(self, *, is_shipped: bool, units: int | None) -> None:
        self.versions += 1
        self.shipped += is_shipped
        self.uncounted += is_shipped and units is None
        if units is not None:
            self.units = (self.units or 0) + units


def list_devices(by: Caller) -> DeviceList:
    """The devices `by` may read with their counts: a fixed number of queries, however many there are."""
    devices = list(_readable(by).defer(*unlisted()))
    tallies, stand, udis = _tallies(by), standings(devices), _udi_dis(by)
    rows = tuple(_row(one, tallies.get(one.pk, _Tally()), stand[one.pk], udis.get(one.pk, ())) for one in devices)
    return DeviceList(rows, open_proposals(by))


def device(by: Caller, pk: int, *, now: datetime) -> DeviceDetail | None:
    """One device and all that belongs to it, None when it is not there or not for `by`; a fixed number of queries."""
    found = _readable(by).prefetch_related("udi_dis").filter(pk=pk).first()
    if found is None:
        return None
    determinations = list(found.determinations.select_related("signature", "drafted_by"))
    versions = version_rows(
        DeviceVersion.objects.filter(device=found), today=site_day(now), ahead=limits().support_forecast
    )
    return DeviceDetail(
        device=found,
        versions=tuple(sorted(versions, key=_newest_first, reverse=True)),
        standing=standings([found])[found.pk],
        draft=next((one for one in determinations if one.signature_id is None), None),
        signed=tuple(one for one in determinations if one.signature_id is not None),
    )


def open_proposals(by: Caller) -> int:
    """How many proposals wait for somebody like `by`."""
    return DeviceProposal.objects.filter(readable(by), state=ProposalState.OPEN.value).count()


def _readable(by: Caller) -> QuerySet[Device]:
    return Device.objects.filter(readable(by)).select_related("line")


def _udi_dis(by: Caller) -> Mapping[int, tuple[str, ...]]:
    """The UDI-DIs of each device; one query."""
    found: dict[int, tuple[str, ...]] = {}
    for pk, di in UdiDi.objects.filter(readable(by, "device__line")).values_list("device_id", "di"):
        found[pk] = (*found.get(pk, ()), di)
    return found


def _tallies(by: Caller) -> Mapping[int, _Tally]:
    """What there is of each device; one query."""
    versions = DeviceVersion.objects.filter(readable(by, "device__line")).annotate(units=Sum("fielded__units"))
    found: dict[int, _Tally] = defaultdict(_Tally)
    for pk, state, units in versions.order_by().values_list("device_id", "state", "units"):
        found[pk].add(is_shipped=state == VersionState.SHIPPED.value, units=units)
    return found


def _row(device: Device, tally: _Tally, standing: Standing, udi_dis: tuple[str, ...]) -> DeviceRow:
    return DeviceRow(
        device=device,
        versions=tally.versions,
        shipped=tally.shipped,
        units=tally.units,
        uncounted=tally.uncounted,
        standing=standing,
        stage=SupportStage(device.support_stage),
        ends_on=device.end_of_support,
        udi_dis=udi_dis,
    )


def _newest_first(row: VersionRow) -> tuple[date, int]:
    version = row.version
    return version.released_on or version.created_at.date(), version.pk
