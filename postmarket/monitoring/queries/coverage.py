"""What we can and cannot see: the four states of components, of one version and over the portfolio."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q, Sum

from postmarket.accounts.authority import Caller, lines, require
from postmarket.accounts.permissions import Permission
from postmarket.inventory.models import DeviceVersion
from postmarket.inventory.words import VersionState as Shipped
from postmarket.matching.interface import Coverage
from postmarket.monitoring.models import VersionState
from postmarket.monitoring.rules.coverage import Covered, unpacked

COLUMNS = {
    Coverage.MATCHED: "matched",
    Coverage.MATCHED_NONE: "matched_none",
    Coverage.UNMATCHED: "unmatched",
    Coverage.NOT_MONITORABLE: "not_monitorable",
}


@dataclass(frozen=True, slots=True)
class VersionCoverage:
    """The coverage of one version's components; `state` is None when it was never judged."""

    state: VersionState | None
    counts: Mapping[Coverage, int]
    causes: Mapping[str, int]
    components: tuple[Covered, ...]

    @property
    def monitored(self) -> float | None:
        """The share of components held against vulnerability data (0–1); None without components."""
        return _share(self.counts)


@dataclass(frozen=True, slots=True)
class PortfolioCoverage:
    """
    The same over versions; `causes` are why components are not monitored, the most frequent first.

    `waiting` are versions that changed and were not judged anew since, `blind` those of which nothing is listed.
    """

    versions: int
    counts: Mapping[Coverage, int]
    causes: Mapping[str, int]
    waiting: int
    blind: int

    @property
    def monitored(self) -> float | None:
        """The share of components held against vulnerability data (0–1); None without components."""
        return _share(self.counts)


def coverage_of(version: DeviceVersion, *, by: Caller) -> VersionCoverage:
    """What can be said of each component of `version`. Raises NotAllowed."""
    require(by, Permission.CONTENT_READ, on=version.device.line)
    state = VersionState.objects.filter(pk=version.pk).first()
    if state is None:
        return VersionCoverage(None, dict.fromkeys(Coverage, 0), {}, ())
    counts = {one: int(getattr(state, column)) for one, column in COLUMNS.items()}
    return VersionCoverage(state, counts, dict(state.causes), unpacked(bytes(state.detail)))


def portfolio_coverage(*, by: Caller, shipped: bool = True) -> PortfolioCoverage:
    """Over the versions that `by` may read: those on the market, or (`shipped` false) those in development."""
    held = lines(by, Permission.CONTENT_READ)
    state = Q(version__state=Shipped.SHIPPED.value)
    rows = VersionState.objects.filter(state if shipped else ~state)
    versions = DeviceVersion.objects.filter(Q(state=Shipped.SHIPPED.value) if shipped else ~Q(state="shipped"))
    if not held.every:
        rows = rows.filter(version__device__line__in=held.ids)
        versions = versions.filter(device__line__in=held.ids)
    sums = rows.aggregate(**{column: Sum(column, default=0) for column in COLUMNS.values()})
    causes: Counter[str] = Counter()
    due = 0
    for said, waiting in rows.values_list("causes", "due").iterator():
        causes.update(said)
        due += waiting
    return PortfolioCoverage(
        versions=versions.count(),
        counts={one: int(sums[column]) for one, column in COLUMNS.items()},
        causes=dict(causes.most_common()),
        waiting=due,
        blind=versions.filter(listings=None).count(),
    )


def _share(counts: Mapping[Coverage, int]) -> float | None:
    total = sum(counts.values())
    return (counts[Coverage.MATCHED] + counts[Coverage.MATCHED_NONE]) / total if total else None
