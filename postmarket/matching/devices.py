"""The engine: the components of one device version in, its matches and the coverage of every component out."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec.structs import replace

from postmarket.matching import facts
from postmarket.matching.coverage import CoverageJudge
from postmarket.matching.features import note_features
from postmarket.matching.grading import grade, settle_backports
from postmarket.matching.identities import identity
from postmarket.matching.interface import DeviceMatches, DeviceProfile, Evidence, Grade, Match, Rung
from postmarket.matching.join import join
from postmarket.matching.profile import check
from postmarket.matching.store.connection import generation
from postmarket.matching.store.flags import Flag
from postmarket.sbom.interface import Component
from postmarket.sources.interface import NameKind
from postmarket.sources.names import fold_name
from postmarket.versions.interface import Scheme
from postmarket.versions.keys import key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from postmarket.matching.aliases import AliasTable
    from postmarket.matching.interface import ComponentCoverage, Identity
    from postmarket.matching.join import Joined
    from postmarket.matching.store.engine import Connection

NO_PROFILE = DeviceProfile()

SETTLES_NOTHING = (Flag.POSSIBLE | Flag.WITHDRAWN | Flag.RETIRED).value
SPOKEN_OF = """
SELECT DISTINCT p.scheme, v.lead_id
FROM product p
JOIN criterion c ON c.product_id = p.id
JOIN vulnerability v ON v.id = c.vulnerability_id
WHERE p.kind = ? AND p.name = ? AND c.since <= ? AND c.until > ? AND c.flags & ? = 0
"""


def match_device(
    connection: Connection,
    components: Sequence[Component],
    *,
    aliases: AliasTable,
    profile: DeviceProfile = NO_PROFILE,
    maker: str = "",
) -> DeviceMatches:
    """
    Match the components of one device version with everything visible in the store.

    Conditions ("running on") are judged over all `components` together. Matches come in the order of the components;
    within one, surest first. Every component has a coverage, and nothing that hit is left out: what speaks against a
    match is a grade and a note. `maker` is the device's own: its unlisted software is not monitorable, not unmatched.
    Raises DeviceProfileError for a profile that cannot be understood.
    """
    check(profile)
    identities, of_component = _distinct([identity(component, aliases) for component in components])
    platforms = _platforms(profile, aliases)
    joined = join(connection, [*identities, *platforms])
    found = grade(connection, joined.hits, [*identities, *platforms], profile)
    grouped = by_group(connection, found, of=len(identities))
    settled = settle_backports(grouped, identities, told_by_distributions(connection, joined, identities))
    settled = note_features(connection, settled, profile)
    patched = facts.named(connection, {name for component in components for name in component.patched})

    of_identity: dict[int, list[int]] = defaultdict(list)
    for position, index in enumerate(of_component):
        of_identity[index].append(position)
    matches = [
        _match(position, group, evidence, patched=_patched(components[position], group, patched))
        for (index, group), evidence in settled.items()
        for position in of_identity[index]
    ]
    matches.sort(key=lambda match: (match.component, match.grade))
    return DeviceMatches(
        components=tuple(components),
        coverage=_coverage(connection, components, identities, of_component, joined, matches, fold_name(maker)),
        matches=tuple(matches),
    )


def _distinct(identities: Sequence[Identity]) -> tuple[list[Identity], list[int]]:
    """The distinct identities, and for each one given its position among them."""
    positions: dict[Identity, int] = {}
    indexes = [positions.setdefault(item, len(positions)) for item in identities]
    return list(positions), indexes


def _platforms(profile: DeviceProfile, aliases: AliasTable) -> list[Identity]:
    """The profile's operating systems, as something the device states although its SBOM does not list it."""
    return [
        identity(Component(ref="", name="", kind="operating-system", cpes=(name,)), aliases)
        for name in profile.operating_systems
    ]


def by_group(
    connection: Connection, found: Mapping[tuple[int, int], Sequence[Evidence]], *, of: int
) -> dict[tuple[int, int], list[Evidence]]:
    """Evidence by (identity, alias group); platforms of the profile (positions from `of` on) make no match."""
    leads = facts.leads(connection, {vulnerability for _, vulnerability in found})
    grouped: dict[tuple[int, int], list[Evidence]] = defaultdict(list)
    for (index, vulnerability), evidence in found.items():
        if index < of:
            grouped[index, leads[vulnerability]].extend(evidence)
    return grouped


def told_by_distributions(
    connection: Connection, joined: Joined, identities: Sequence[Identity]
) -> dict[int, frozenset[int]]:
    """
    For each package of a distribution, the alias groups the distribution's own feed decides.

    It decides nothing by a range it gives as possible only, by a record it withdrew, or for a version that cannot be
    ordered among its own.
    """
    visible = generation(connection)
    told: dict[int, frozenset[int]] = {}
    for index in joined.known:
        if index >= len(identities) or not identities[index].distribution:
            continue
        told[index] = frozenset(
            lead
            for name in identities[index].names
            if name.rung is Rung.PURL and name.version
            for scheme, lead in connection.execute(
                SPOKEN_OF, (NameKind.PURL.value, name.name, visible, visible, SETTLES_NOTHING)
            )
            if key(Scheme(scheme), name.version) is not None
        )
    return told


def surest_first(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence of one match as it is shown."""
    return sorted(evidence, key=lambda item: (item.grade, item.rung, item.record_id, item.position))


def _patched(component: Component, group: int, named: Mapping[str, int]) -> bool:
    return any(named.get(name) == group for name in component.patched)


def _match(component: int, group: int, evidence: Sequence[Evidence], *, patched: bool) -> Match:
    ordered = surest_first(evidence)
    if patched:
        note = "the SBOM's pedigree says it is patched"
        ordered = [replace(item, grade=Grade.CONTRADICTED, notes=(*item.notes, note)) for item in ordered]
    return Match(component=component, vulnerability=group, grade=ordered[0].grade, evidence=tuple(ordered))


def _coverage(
    connection: Connection,
    components: Sequence[Component],
    identities: Sequence[Identity],
    of_component: Sequence[int],
    joined: Joined,
    matches: Sequence[Match],
    maker: str,
) -> tuple[ComponentCoverage, ...]:
    judge = CoverageJudge(connection)
    rows = {match.component for match in matches if match.grade <= Grade.UNVERIFIED}
    unordered: dict[int, int] = defaultdict(int)
    for wanted, number in joined.unordered:
        unordered[wanted.identity] = max(unordered[wanted.identity], number)
    return tuple(
        judge.judge(
            component,
            identities[index],
            known=index in joined.known,
            matched=position in rows,
            ordered=index in joined.ordered,
            unordered=unordered.get(index, 0),
            foreign=joined.foreign.get(index, frozenset()),
            maker=maker,
        )
        for position, (component, index) in enumerate(zip(components, of_component, strict=True))
    )
