"""Findings row by row: the database orders and cuts, the page's rows are then read with all they show."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db import connection
from django.db.models import Min

from postmarket.accounts.authority import Caller, lines
from postmarket.accounts.permissions import Permission
from postmarket.accounts.rules import Lines
from postmarket.inventory.models import Component, ComponentIdentity, Device, DeviceVersion, Listing
from postmarket.matching.interface import Evidence, Grade
from postmarket.monitoring.models import Judgement, Match, Standing, SupplierWord, VersionDecision, VulnerabilityFacts
from postmarket.monitoring.queries.findings.asked import EVERYTHING, Asked
from postmarket.monitoring.queries.findings.sql import STATE, ordered_by, statement
from postmarket.monitoring.rules.evidence import unpacked
from postmarket.monitoring.words import FindingState, Order
from postmarket.policy.interface import ClinicalRole, Priority
from postmarket.worklist.assemble import LANES
from postmarket.worklist.interface import Lane

CHUNK = 500
ORDERS = frozenset(order.value for order in Order)
KEYS = f"l.id, m.id, j.id, s.id, s.lead, e.id, p.id, {STATE}, w.id"


@dataclass(frozen=True, slots=True)
class FindingRow:
    """
    One component of one device version and one vulnerability, with everything a list shows of it.

    `listed_at` is when this version first listed the component (UTC).
    """

    listing: Listing
    match: Match
    judgement: Judgement | None
    standing: Standing
    facts: VulnerabilityFacts
    listed_at: datetime
    state: FindingState
    standing_decision: VersionDecision | None
    """Signed for this version; in effect unless `state` is re-opened."""
    proposed: VersionDecision | None
    supplier: SupplierWord | None
    """What suppliers' VEX says of it."""

    @property
    def place(self) -> tuple[int, int, int]:
        """What tells it from every other row: device version, component identity, alias group."""
        return self.listing.version_id, self.listing.identity_id, self.match.lead

    @property
    def device(self) -> Device:
        """The product model."""
        return self.listing.version.device

    @property
    def version(self) -> DeviceVersion:
        """The device version."""
        return self.listing.version

    @property
    def identity(self) -> ComponentIdentity:
        """The component, as every version that lists it shares it."""
        return self.listing.identity

    @property
    def role(self) -> ClinicalRole:
        """What the component does for the patient on this device."""
        return ClinicalRole(self.listing.role)

    @property
    def grade(self) -> Grade:
        """How sure the match is on this device version."""
        return Grade(self.match.grade if self.judgement is None else self.judgement.grade)

    @property
    def lane(self) -> Lane:
        """Where it is shown: as matched, unless a supplier's word moves it."""
        return Lane(self.supplier.lane) if self.supplier is not None and self.supplier.lane else LANES[self.grade]

    @property
    def priority(self) -> Priority:
        """The order of work; `standing.reason` says why."""
        return Priority(self.standing.priority)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Why it matched, surest first; `queries.explaining` puts it in words."""
        return unpacked(bytes(self.match.evidence if self.judgement is None else self.judgement.evidence))

    @property
    def aware(self) -> datetime | None:
        """
        When the system first knew that this marketed version has it (UTC): dates run from here.

        None for a version in development: it has no clock (DESIGN §4).
        """
        if self.version.shipped_at is None or not self.version.is_shipped:
            return None
        return max(self.match.first_matched, self.listed_at, self.version.shipped_at)


class Sorted(Protocol):
    """A column of a table; `order` is the value of an Order, or empty."""

    @property
    def order(self) -> str:
        """What it sorts by."""


@dataclass(frozen=True, slots=True)
class Findings:
    """The rows that were asked for, read when they are counted or cut: what a table asks of its rows."""

    asked: Asked
    lines: Lines
    order: Order = Order.WORK
    descending: bool = False

    def count(self) -> int:
        """How many there are."""
        found = statement(self.asked, self.lines, with_state=False)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) {found.text}", found.values)
            return int(cursor.fetchone()[0])

    def cut(self, start: int, end: int) -> list[FindingRow]:
        """The rows from `start` up to, not including, `end`: one statement for the keys, one for each kind of row."""
        return _read(self._keys(start, end - start))

    def every(self) -> Iterator[FindingRow]:
        """All of them, without holding them all."""
        start = 0
        while keys := self._keys(start, CHUNK):
            yield from _read(keys)
            start += CHUNK

    def sorts(self, column: Sorted) -> bool:
        """Whether they can be sorted by a column: its `order` is the value of an Order."""
        return column.order in ORDERS

    def sorted(self, column: Sorted, *, descending: bool) -> Findings:
        """The same rows in that order."""
        return Findings(self.asked, self.lines, Order(column.order), descending)

    def _keys(self, start: int, most: int) -> Sequence[_Key]:
        found = statement(self.asked, self.lines, with_state=True)
        order = ordered_by(self.order, descending=self.descending)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {KEYS} {found.text} {order} LIMIT %s OFFSET %s", [*found.values, max(most, 0), start]
            )
            rows: Sequence[_Key] = cursor.fetchall()
        return rows


_Key = tuple[int, int, int | None, int, int, int | None, int | None, str, int | None]


def findings(*, by: Caller, asked: Asked = EVERYTHING, order: Order = Order.WORK, descending: bool = False) -> Findings:
    """The findings that `by` may read and `asked` means. A development version's are among them, and say so."""
    return Findings(asked, lines(by, Permission.CONTENT_READ), order, descending)


def _read(keys: Sequence[_Key]) -> list[FindingRow]:
    listings = Listing.objects.select_related("identity", "version__device__line").in_bulk([key[0] for key in keys])
    matches = Match.objects.in_bulk({key[1] for key in keys})
    judgements = Judgement.objects.in_bulk({key[2] for key in keys if key[2] is not None})
    standings = Standing.objects.in_bulk({key[3] for key in keys})
    facts = VulnerabilityFacts.objects.in_bulk({key[4] for key in keys})
    decisions = VersionDecision.objects.select_related("decision__made_by", "decision__made_for", "signature").in_bulk(
        {pk for key in keys for pk in key[5:7] if pk is not None}
    )
    words = SupplierWord.objects.in_bulk({key[8] for key in keys if key[8] is not None})
    first = _first_listed(listings.values())
    return [
        FindingRow(
            listings[listing],
            matches[match],
            judgements[judgement] if judgement is not None else None,
            standings[standing],
            facts[lead],
            first[listings[listing].version_id, listings[listing].identity_id],
            FindingState(state),
            decisions[standing_decision] if standing_decision is not None else None,
            decisions[proposed] if proposed is not None else None,
            words[word] if word is not None else None,
        )
        for listing, match, judgement, standing, lead, standing_decision, proposed, state, word in keys
    ]


def _first_listed(listings: Collection[Listing]) -> Mapping[tuple[int, int], datetime]:
    """When each version first listed each identity, in any of its SBOMs or by hand."""
    rows = (
        Component.objects.filter(
            version__in={row.version_id for row in listings}, identity__in={row.identity_id for row in listings}
        )
        .values_list("version_id", "identity_id")
        .annotate(first=Min("added_at"))
        .order_by()
    )
    return {(version, identity): first for version, identity, first in rows}
