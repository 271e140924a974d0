"""Is each version's SBOM current? (rules.currency)"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from postmarket.accounts.authority import Caller
from postmarket.inventory.days import site_day
from postmarket.inventory.models import Build, DeviceVersion, Sbom
from postmarket.inventory.policy import limits
from postmarket.inventory.queries.scope import readable
from postmarket.inventory.rules.currency import BuildFacts, Currency, SbomFacts, VersionFacts, about_another, currency
from postmarket.inventory.words import Answer, SbomState, VersionState

WORST_FIRST = (Answer.NO, Answer.UNKNOWN, Answer.YES)


@dataclass(frozen=True, slots=True)
class CurrencyRow:
    """A version, its current SBOM (None without), and the three answers."""

    version: DeviceVersion
    sbom: Sbom | None
    currency: Currency


def currency_of(versions: Sequence[DeviceVersion], *, now: datetime) -> Mapping[int, CurrencyRow]:
    """The answers for each version, by its key; three queries. Fetch `device` with the versions."""
    keys = [version.pk for version in versions]
    current = {
        sbom.version_id: sbom
        for sbom in Sbom.objects.defer("content").select_related("build").filter(version__in=keys, is_current=True)
    }
    with_sbom = set(
        Sbom.objects.filter(version__in=keys, state=SbomState.READ.value)
        .exclude(build=None)
        .order_by()
        .values_list("build_id", flat=True)
    )
    builds: dict[int, list[BuildFacts]] = {}
    for build in Build.objects.filter(version__in=keys):
        facts = BuildFacts(build.label, build.built_at, build.sha256, has_sbom=build.pk in with_sbom)
        builds.setdefault(build.version_id, []).append(facts)
    today, allowed = site_day(now), limits().sbom_age
    rows = {}
    for version in versions:
        sbom = current.get(version.pk)
        names = (version.device.name, *version.device.model_numbers)
        facts_of = VersionFacts(names, version.label, tuple(builds.get(version.pk, ())))
        found = currency(facts_of, _facts(sbom) if sbom is not None else None, today=today, allowed=allowed)
        rows[version.pk] = CurrencyRow(version, sbom, found)
    return rows


def about_another_of(sbom: Sbom) -> str:
    """What it says it is about, where that is not its version (`rules.currency.about_another`); one query."""
    version = sbom.version
    builds = [BuildFacts(one.label, one.built_at, one.sha256, has_sbom=False) for one in version.builds.all()]
    facts = VersionFacts((version.device.name, *version.device.model_numbers), version.label, tuple(builds))
    return about_another(facts, _facts(sbom))


def portfolio_currency(by: Caller, *, now: datetime) -> list[CurrencyRow]:
    """Every shipped version `by` may read: first those whose SBOM is not current, then those nobody can tell."""
    shipped = DeviceVersion.objects.filter(readable(by, "device__line"), state=VersionState.SHIPPED.value)
    rows = currency_of(list(shipped.select_related("device__line")), now=now)
    return sorted(rows.values(), key=lambda row: (WORST_FIRST.index(row.currency.is_current), str(row.version)))


def _facts(sbom: Sbom) -> SbomFacts:
    return SbomFacts(
        subject_name=sbom.subject_name,
        subject_version=sbom.subject_version,
        subject_sha256=sbom.subject_sha256,
        made_on=sbom.made_on,
        build=sbom.build.label if sbom.build is not None else "",
    )
