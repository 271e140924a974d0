"""Each device version judged as a whole: what its other components, its profile and its patches change."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from postmarket.inventory.models import DeviceVersion, Listing
from postmarket.matching.aliases import AliasTable
from postmarket.matching.coverage import coverage_counts
from postmarket.matching.devices import match_device
from postmarket.matching.interface import Coverage, DeviceMatches, Grade
from postmarket.matching.interface import Match as Found
from postmarket.matching.store.engine import Connection
from postmarket.monitoring.models import Judgement, Match, VersionState
from postmarket.monitoring.queries.contents import Content, content_of
from postmarket.monitoring.rules import coverage
from postmarket.monitoring.rules.evidence import packed
from postmarket.monitoring.services.deciding.reconsidering import mark_decisions_due
from postmarket.monitoring.services.projecting.telling import Combination, rank_where_used
from postmarket.policy.pack import Pack
from postmarket.worklist.unseen import causes_of

CHUNK = 200

Place = tuple[int, int]
"""A component identity's key in the database, and an alias group."""
Said = tuple[int, bytes]
"""Grade and packed evidence."""


def due() -> list[int]:
    """The device versions to be judged."""
    return list(VersionState.objects.filter(due=True).order_by("version_id").values_list("version_id", flat=True))


def judge(connection: Connection, version_id: int, *, aliases: AliasTable, pack: Pack, now: datetime) -> None:
    """Judge one version against everything visible, and keep what differs from its identities alone."""
    with transaction.atomic():
        state = VersionState.objects.select_for_update().get(pk=version_id)
        version = DeviceVersion.objects.select_related("device").get(pk=version_id)
        content = content_of(version)
        found = match_device(
            connection, content.components, aliases=aliases, profile=content.profile, maker=content.maker
        )
        listing = {row.identity.key: row for row in Listing.objects.filter(version=version).select_related("identity")}
        alone = _alone(listing)
        # What a load made visible since the identities were matched waits for the next run, which it makes due.
        said = {place: what for place, what in _said(found, content, listing).items() if place in alone}
        _keep(version_id, {place: what for place, what in said.items() if alone[place] != what})
        rank_where_used(_combinations(version, listing, said, alone), pack=pack)
        _cover(state, content, found)
        mark_decisions_due(version=version_id)
        state.due, state.vex_due, state.judged_at = False, True, now
        state.save()


def _said(found: DeviceMatches, content: Content, listing: dict[str, Listing]) -> dict[Place, Said]:
    """What the whole device says; of components that share an identity, the surest."""
    best: dict[Place, Found] = {}
    for match in found.matches:
        row = listing.get(content.keys[match.component])
        if row is None:
            continue
        place = row.identity_id, match.vulnerability
        if place not in best or match.grade < best[place].grade:
            best[place] = match
    return {place: (match.grade.value, packed(match.evidence)) for place, match in best.items()}


def _alone(listing: dict[str, Listing]) -> dict[Place, Said]:
    by_match: dict[int, list[int]] = {}
    for row in listing.values():
        if row.identity.match_id is not None:
            by_match.setdefault(row.identity.match_id, []).append(row.identity_id)
    found: dict[Place, Said] = {}
    ids = sorted(by_match)
    for start in range(0, len(ids), CHUNK):
        for match in Match.objects.filter(identity__in=ids[start : start + CHUNK]):
            for identity in by_match[match.identity]:
                found[identity, match.lead] = match.grade, bytes(match.evidence)
    return found


def _keep(version_id: int, wanted: dict[Place, Said]) -> None:
    kept = {(row.identity_id, row.lead): row for row in Judgement.objects.filter(version_id=version_id)}
    gone = [row.pk for place, row in kept.items() if place not in wanted]
    Judgement.objects.filter(pk__in=gone).delete()
    other, new = [], []
    for (identity, lead), (grade, evidence) in wanted.items():
        row = kept.get((identity, lead))
        if row is None:
            row = Judgement(version_id=version_id, identity_id=identity, lead=lead)
            new.append(row)
        elif (row.grade, bytes(row.evidence)) != (grade, evidence):
            other.append(row)
        row.grade, row.evidence = grade, evidence
    Judgement.objects.bulk_update(other, ["grade", "evidence"], batch_size=CHUNK)
    Judgement.objects.bulk_create(new, batch_size=CHUNK)


def _combinations(
    version: DeviceVersion, listing: dict[str, Listing], said: dict[Place, Said], alone: dict[Place, Said]
) -> set[Combination]:
    roles = {row.identity_id: row.role for row in listing.values()}
    return {
        (lead, version.device.device_type, roles[identity], int(grade == Grade.POSSIBLE))
        for (identity, lead), (grade, _) in {**alone, **said}.items()
    }


def _cover(state: VersionState, content: Content, found: DeviceMatches) -> None:
    counts = coverage_counts(found.coverage)
    state.matched, state.matched_none = counts[Coverage.MATCHED], counts[Coverage.MATCHED_NONE]
    state.unmatched, state.not_monitorable = counts[Coverage.UNMATCHED], counts[Coverage.NOT_MONITORABLE]
    state.causes = causes_of(zip(found.components, found.coverage, strict=True))
    state.detail = coverage.packed(content.keys, found.components, found.coverage)
