"""Which components' support ends, and when; of how many nobody knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from postmarket.accounts.authority import ANYWHERE, Caller, require
from postmarket.accounts.permissions import Permission
from postmarket.inventory.days import site_day
from postmarket.inventory.models import Component, ComponentIdentity, DeviceVersion, Listing, SupportStatement
from postmarket.inventory.policy import limits
from postmarket.inventory.queries.scope import readable
from postmarket.inventory.rules.support_ledger import ComponentSupport, Outlook, Said, counts, outlook
from postmarket.inventory.words import VersionState
from postmarket.sbom.interface import SupportLevel

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Ending:
    """A component of a version whose support has ended, or ends within the time policy looks ahead."""

    version: DeviceVersion
    identity: ComponentIdentity
    support: ComponentSupport
    outlook: Outlook


@dataclass(frozen=True, slots=True)
class Forecast:
    """What ends, nearest first; `unknown` of `listed` components (per version, added up) nobody spoke of."""

    endings: tuple[Ending, ...]
    listed: int
    unknown: int


def ledger(by: Caller, *, past: bool = False) -> Sequence[SupportStatement]:
    """The statements that count, of no device line, newest first; with `past` old ones too. Raises NotAllowed."""
    require(by, Permission.CONTENT_READ, on=ANYWHERE)
    found = SupportStatement.objects.select_related("identity", "stated_by")
    return list(found if past else found.filter(superseded_at=None))


def version_support(version: DeviceVersion) -> dict[int, ComponentSupport]:
    """What counts for each identity a version is made of now, by its key."""
    return _supports([version.pk])[version.pk]


def forecast(by: Caller, *, now: datetime, version: DeviceVersion | None = None) -> Forecast:
    """What ends for one version, or for every shipped one that `by` may read."""
    versions = DeviceVersion.objects.filter(readable(by, "device__line")).select_related("device__line")
    chosen = (
        versions.filter(pk=version.pk) if version is not None else versions.filter(state=VersionState.SHIPPED.value)
    )
    by_key = {one.pk: one for one in chosen}
    supports = _supports(by_key)
    today, ahead = site_day(now), limits().support_forecast
    found: list[tuple[int, int, ComponentSupport, Outlook]] = []
    listed = unknown = 0
    for version_id, of_version in supports.items():
        for identity_id, support in of_version.items():
            looks = outlook(support, today=today, ahead=ahead)
            listed += 1
            unknown += looks is Outlook.UNKNOWN
            if looks in {Outlook.ENDED, Outlook.SOON}:
                found.append((version_id, identity_id, support, looks))
    identities = _identities({identity_id for _, identity_id, _, _ in found})
    endings = [Ending(by_key[version_id], identities[one], said, looks) for version_id, one, said, looks in found]
    endings.sort(key=lambda row: (row.support.ends_on or date.min, str(row.identity), str(row.version)))
    return Forecast(tuple(endings), listed, unknown)


def _supports(version_ids: Collection[int]) -> dict[int, dict[int, ComponentSupport]]:
    """What counts, by version and identity: four queries."""
    of_identity, of_product = _stated()
    said: dict[tuple[int, int], list[Said]] = defaultdict(list)
    spoken = ~Q(support_level=SupportLevel.UNKNOWN.value) | ~Q(end_of_support=None)
    now_listed = Q(sbom__is_current=True) | Q(sbom=None, removed_at=None)
    components = Component.objects.filter(spoken, now_listed, version__in=version_ids).order_by()
    for version_id, identity_id, level, ends_on in components.values_list(
        "version_id", "identity_id", "support_level", "end_of_support"
    ):
        said[version_id, identity_id].append(Said(SupportLevel(level), ends_on))
    supports: dict[int, dict[int, ComponentSupport]] = {key: {} for key in version_ids}
    listings = Listing.objects.filter(version__in=version_ids).order_by()
    for version_id, identity_id, product in listings.values_list("version_id", "identity_id", "identity__product"):
        supports[version_id][identity_id] = counts(
            of_identity.get(identity_id), of_product.get(product), said.get((version_id, identity_id), ())
        )
    return supports


def _stated() -> tuple[dict[int, Said], dict[str, Said]]:
    of_identity: dict[int, Said] = {}
    of_product: dict[str, Said] = {}
    for row in SupportStatement.objects.filter(superseded_at=None):
        said = Said(SupportLevel(row.level), row.ends_on)
        if row.identity_id is not None:
            of_identity[row.identity_id] = said
        else:
            of_product[row.product] = said
    return of_identity, of_product


def _identities(keys: Collection[int]) -> dict[int, ComponentIdentity]:
    wanted = list(keys)
    return {
        row.pk: row
        for start in range(0, len(wanted), CHUNK)
        for row in ComponentIdentity.objects.filter(pk__in=wanted[start : start + CHUNK])
    }
