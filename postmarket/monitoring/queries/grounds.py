"""What decisions rest on as it is now, for many places in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection

from postmarket.inventory.models import ComponentIdentity, Listing
from postmarket.inventory.store import store
from postmarket.matching.facts import told
from postmarket.matching.interface import Evidence, Grade
from postmarket.monitoring.models import Judgement, Match, VulnerabilityFacts
from postmarket.monitoring.rules.evidence import unpacked
from postmarket.monitoring.rules.premises import NONE, Grounds, grade_word
from postmarket.sources.interface import Record

Place = tuple[int, int, int]
"""Device version, component identity, alias group."""
Kept = tuple[Grade, tuple[Evidence, ...]]


def grounds_of(places: Collection[Place], *, policy: str) -> dict[Place, Grounds]:
    """The grounds at each of these places; `policy` is the version of the pack in force."""
    versions, identities, leads = ({place[part] for place in places} for part in range(3))
    facts = VulnerabilityFacts.objects.in_bulk(leads)
    listed = set(
        Listing.objects.filter(version__in=versions, identity__in=identities).values_list("version_id", "identity_id")
    )
    found = _evidence(versions, identities, leads)
    evidence = {place: found.get(place) or found.get((0, *place[1:])) for place in places}
    records = told(store(), {item.record_id for kept in evidence.values() if kept for item in kept[1]})
    return {
        place: _grounds(facts.get(place[2]), evidence[place], records, listed=place[:2] in listed, policy=policy)
        for place in places
    }


def _grounds(
    facts: VulnerabilityFacts | None, kept: Kept | None, records: dict[int, Record], *, listed: bool, policy: str
) -> Grounds:
    matched = kept if listed else None
    return Grounds(
        kev=facts.kev_added.isoformat() if facts is not None and facts.kev_added is not None else "",
        exploit=facts.maturity if facts is not None else "",
        epss=facts.epss if facts is not None else None,
        score=facts.score_label if facts is not None else "",
        grade=grade_word(matched[0]) if matched is not None else NONE,
        ranges=_ranges(matched[1], records) if matched is not None else (),
        names=tuple(sorted((facts.name, *facts.aliases))) if facts is not None else (),
        rejected=facts is not None and facts.rejected,
        listed=listed,
        policy=policy,
    )


def _evidence(versions: Collection[int], identities: Collection[int], leads: Collection[int]) -> dict[Place, Kept]:
    """Of judged places under themselves, of identities alone under version 0."""
    by_match = {
        match_id: pk
        for pk, match_id in ComponentIdentity.objects.filter(pk__in=identities).values_list("pk", "match_id")
        if match_id is not None
    }
    found: dict[Place, Kept] = {}
    for match in Match.objects.filter(identity__in=by_match, lead__in=leads):
        place = (0, by_match[match.identity], match.lead)
        found[place] = Grade(match.grade), unpacked(bytes(match.evidence))
    for row in Judgement.objects.filter(version__in=versions, identity__in=identities, lead__in=leads):
        found[row.version_id, row.identity_id, row.lead] = Grade(row.grade), unpacked(bytes(row.evidence))
    return found


def _ranges(evidence: Collection[Evidence], records: dict[int, Record]) -> tuple[str, ...]:
    said = set()
    for item in evidence:
        record = records.get(item.record_id)
        if record is None:  # replaced by a load; the next run of the projection matches it anew
            continue
        criterion = record.criteria[item.position]
        said.add(f"{record.source.value} {record.record_id}: {criterion.name} {criterion.text}".strip())
    return tuple(sorted(said))
