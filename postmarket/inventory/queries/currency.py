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
from postmarket.inventory.rules.currency import (
    BuildFacts,
    Currency,
    SbomFacts,
    VersionFacts,
    about_another,
    currency,
    held_back,
)
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
    return about_another(_version_facts(sbom.version), _facts(sbom))


def held_back_of(sbom: Sbom) -> str:
    """
    Why it waits for a person before it takes its version's place (`rules.currency.held_back`); "" when it need not.

    Only what a shipped version is made of is guarded so, and only once it has an SBOM that could be read.
    """
    version = sbom.version
    current = Sbom.objects.defer("content").select_related("build").filter(version=version, is_current=True).first()
    if sbom.confirmed or current is None or not version.is_shipped:
        return ""
    others = DeviceVersion.objects.filter(device=version.device_id).exclude(pk=version.pk)
    return held_back(
        _version_facts(version), _facts(sbom), _facts(current), others=others.values_list("label", flat=True)
    )


def waiting_held(by: Caller) -> list[Sbom]:
    """The SBOMs that wait for a person, of what `by` may read, newest first; of each version one at most."""
    held = Sbom.objects.defer("content").select_related("version__device__line").filter(state=SbomState.HELD.value)
    return list(held.filter(readable(by, "version__device__line")))


def portfolio_currency(by: Caller, *, now: datetime) -> list[CurrencyRow]:
    """Every shipped version `by` may read: first those whose SBOM is not current, then those nobody can tell."""
    shipped = DeviceVersion.objects.filter(readable(by, "device__line"), state=VersionState.SHIPPED.value)
    rows = currency_of(list(shipped.select_related("device__line")), now=now)
    return sorted(rows.values(), key=lambda row: (WORST_FIRST.index(row.currency.is_current), str(row.version)))


def _version_facts(version: DeviceVersion) -> VersionFacts:
    builds = [BuildFacts(one.label, one.built_at, one.sha256, has_sbom=False) for one in version.builds.all()]
    return VersionFacts((version.device.name, *version.device.model_numbers), version.label, tuple(builds))


def _facts(sbom: Sbom) -> SbomFacts:
    return SbomFacts(
        subject_name=sbom.subject_name,
        subject_version=sbom.subject_version,
        subject_sha256=sbom.subject_sha256,
        made_on=sbom.made_on,
        build=sbom.build.label if sbom.build is not None else "",
    )
