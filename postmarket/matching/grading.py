"""From criteria in range to matches: conditions over the whole device, attributes, backports, contradictions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from postmarket.matching import facts
from postmarket.matching.attributes import Fit, fit
from postmarket.matching.interface import Evidence, Grade, Rung
from postmarket.matching.profile import (
    confirmed_attributes,
    confirms_platform,
    contradicts_attributes,
    contradicts_platform,
)
from postmarket.matching.store.flags import Flag
from postmarket.matching.store.retired import reasons, retired
from postmarket.matching.truth import evaluate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from postmarket.matching.interface import DeviceProfile, Identity
    from postmarket.matching.join import Hit
    from postmarket.matching.store.engine import Connection
    from postmarket.matching.truth import Truth
    from postmarket.sources.interface import Node

POSSIBLE, CONDITION, PLATFORM, ATTRIBUTES, WITHDRAWN, RETIRED = (
    flag.value for flag in (Flag.POSSIBLE, Flag.CONDITION, Flag.PLATFORM, Flag.ATTRIBUTES, Flag.WITHDRAWN, Flag.RETIRED)
)


def grade(
    connection: Connection, hits: Sequence[Hit], identities: Sequence[Identity], profile: DeviceProfile
) -> dict[tuple[int, int], list[Evidence]]:
    """
    The evidence of every hit of one device version, by (identity, vulnerability id).

    A hit whose attributes cannot be the component's is no evidence; every other is, with its grade and notes.
    """
    fits = [_fit(hit, identities, profile) for hit in hits]
    conditions = Conditions(connection, hits, fits, profile)
    said_of_retired = _retired(connection, hits)
    found: dict[tuple[int, int], list[Evidence]] = defaultdict(list)
    for hit, (fitting, phrase) in zip(hits, fits, strict=True):
        if fitting is Fit.DISJOINT or hit.flags & PLATFORM:
            continue
        sure, notes = _grade(hit, fitting, phrase, profile)
        needs: tuple[int, ...] = ()
        if hit.flags & CONDITION and not hit.flags & RETIRED:
            verdict = conditions.verdict(hit)
            sure, needs = max(sure, verdict.grade), verdict.needs
            notes = (*notes, verdict.note) if verdict.note else notes
        if hit.flags & WITHDRAWN:
            sure, notes = Grade.CONTRADICTED, (*notes, "its source has withdrawn or rejected it")
        if hit.flags & RETIRED:
            sure, notes = Grade.CONTRADICTED, (*notes, said_of_retired[hit.record_id, hit.position])
        found[hit.wanted.identity, hit.vulnerability_id].append(_evidence(hit, sure, notes, needs))
    return found


def _retired(connection: Connection, hits: Sequence[Hit]) -> dict[tuple[int, int], str]:
    """What to say of each retired criterion that was hit."""
    places = {(hit.record_id, hit.position) for hit in hits if hit.flags & RETIRED}
    if not places:
        return {}
    said = dict.fromkeys(places, "retired for the whole portfolio")
    for record_id, record in facts.words(connection, {record_id for record_id, _ in places}).items():
        marks = retired(connection, record.source.value).get(record.record_id, {})
        for position, why in reasons(record, marks).items():
            if (record_id, position) in said:
                said[record_id, position] += f": {why}"
    return said


def _fit(hit: Hit, identities: Sequence[Identity], profile: DeviceProfile) -> tuple[Fit, str]:
    if not hit.flags & ATTRIBUTES:
        return Fit.FITS, ""
    stated = identities[hit.wanted.identity].attributes
    return fit(hit.attributes, confirmed_attributes(profile, hit.attributes, stated))


def _grade(hit: Hit, fitting: Fit, phrase: str, profile: DeviceProfile) -> tuple[Grade, tuple[str, ...]]:
    if hit.flags & ATTRIBUTES:
        contradiction = contradicts_attributes(profile, hit.attributes)
        if contradiction:
            return Grade.CONTRADICTED, (contradiction,)
    if hit.flags & POSSIBLE:
        return Grade.POSSIBLE, ("the source gives no version range that can be compared",)
    if fitting is Fit.OPEN:
        return Grade.UNVERIFIED, (f"only for {phrase}, which the SBOM does not state",)
    return Grade.CONFIRMED, ()


def _evidence(hit: Hit, sure: Grade, notes: tuple[str, ...], needs: tuple[int, ...]) -> Evidence:
    name = hit.wanted.name
    return Evidence(
        rung=name.rung,
        confidence=name.confidence,
        name=name.name,
        version=name.version,
        scheme=hit.wanted.scheme,
        record_id=hit.record_id,
        position=hit.position,
        grade=sure,
        notes=notes,
        needs=needs,
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a configuration says of a criterion that was hit: how sure, what speaks against it, what it also needs."""

    grade: Grade
    note: str = ""
    needs: tuple[int, ...] = ()


class Conditions:
    """The configurations of the records that were hit, evaluated once each over the whole device."""

    def __init__(
        self,
        connection: Connection,
        hits: Sequence[Hit],
        fits: Sequence[tuple[Fit, str]],
        profile: DeviceProfile,
    ) -> None:
        self._profile = profile
        self._hit: dict[tuple[int, int], Truth] = {}
        conditional = set()
        for hit, (fitting, _) in zip(hits, fits, strict=True):
            if not hit.flags & CONDITION or hit.flags & RETIRED or fitting is Fit.DISJOINT:
                continue
            place = (hit.record_id, hit.position)
            sure = fitting is Fit.FITS and not hit.flags & POSSIBLE
            self._hit[place] = True if sure else self._hit.get(place)
            if not hit.flags & PLATFORM:
                conditional.add(hit.record_id)
        self._trees = facts.conditions(connection, conditional)
        # Only a profile can contradict a platform, so only then is it worth reading what the platforms are.
        speaks = profile.operating_systems or profile.architecture
        self._records = facts.words(connection, conditional) if speaks else {}
        self._verdicts: dict[tuple[int, int], Verdict] = {}

    def verdict(self, hit: Hit) -> Verdict:
        """The surest verdict of any configuration that holds the criterion."""
        verdicts = [
            self._verdict(hit.record_id, number, node)
            for number, node in enumerate(self._trees[hit.record_id])
            if _holds(node, hit.position)
        ]
        return min(verdicts, key=lambda verdict: verdict.grade)

    def _verdict(self, record_id: int, number: int, node: Node) -> Verdict:
        key = (record_id, number)
        if key not in self._verdicts:
            self._verdicts[key] = self._judge(record_id, node)
        return self._verdicts[key]

    def _judge(self, record_id: int, node: Node) -> Verdict:
        contradictions: list[str] = []
        missing: list[int] = []

        def leaf(position: int) -> Truth:
            if self._hit.get((record_id, position)) is True:
                return True
            if self._confirmed(record_id, position):
                return True
            reason = self._contradiction(record_id, position)
            if reason:
                contradictions.append(reason)
                return False
            if (record_id, position) not in self._hit:
                missing.append(position)
            return None

        truth = evaluate(node, leaf)
        if truth is True:
            return Verdict(Grade.CONFIRMED)
        if truth is False:
            note = contradictions[0] if contradictions else "the device has what the vulnerability excludes"
            return Verdict(Grade.CONTRADICTED, note)
        return Verdict(Grade.UNVERIFIED, needs=tuple(missing))

    def _confirmed(self, record_id: int, position: int) -> bool:
        record = self._records.get(record_id)
        return record is not None and confirms_platform(self._profile, record.criteria[position])

    def _contradiction(self, record_id: int, position: int) -> str:
        record = self._records.get(record_id)
        if record is None:
            return ""
        criterion = record.criteria[position]
        return contradicts_platform(self._profile, criterion.name, criterion.attributes)


def _holds(node: Node, position: int) -> bool:
    return position in node.criteria or any(_holds(child, position) for child in node.nodes)


def settle_backports(
    found: Mapping[tuple[int, int], Sequence[Evidence]],
    identities: Sequence[Identity],
    told: Mapping[int, frozenset[int]],
) -> dict[tuple[int, int], tuple[Evidence, ...]]:
    """
    Hold matches of distribution packages against the distribution's own feed.

    `found` is by (identity, alias group); `told` gives for each identity the groups its distribution's feed decides.
    NVD's ranges know nothing of backported fixes: where the distribution decides and did not match, it is believed;
    where nobody but NVD is sure, the match is unverified.
    """
    settled = {}
    for (identity, group), evidence in found.items():
        kind = identities[identity].distribution
        own = [item.grade for item in evidence if item.rung is Rung.PURL]
        if not kind or any(sure <= Grade.UNVERIFIED for sure in own):
            settled[identity, group] = tuple(evidence)
        elif group in told.get(identity, frozenset()) and Grade.POSSIBLE not in own:
            settled[identity, group] = _lowered(
                evidence, Grade.CONTRADICTED, "the distribution's own feed says this package version is not affected"
            )
        else:
            settled[identity, group] = _lowered(
                evidence, Grade.UNVERIFIED, f"backport unverified: no {kind} feed that is loaded decides it"
            )
    return settled


def _lowered(evidence: Sequence[Evidence], to: Grade, note: str) -> tuple[Evidence, ...]:
    """The evidence with all but the distribution's own at most as sure as `to`."""
    return tuple(
        item if item.rung is Rung.PURL else replace(item, grade=max(item.grade, to), notes=(*item.notes, note))
        for item in evidence
    )
