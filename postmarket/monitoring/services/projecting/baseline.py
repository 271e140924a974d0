"""What hits each identity by itself, kept beside what was known before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from postmarket.inventory.models import Listing
from postmarket.matching.alone import match_alone
from postmarket.matching.interface import Evidence, Identity
from postmarket.matching.join import IN_RANGE, asked_at
from postmarket.matching.store.connection import generation
from postmarket.matching.store.engine import Connection
from postmarket.matching.store.flags import Flag
from postmarket.matching.store.wanted import fill
from postmarket.monitoring.models import Match, VersionState
from postmarket.monitoring.rules.evidence import packed
from postmarket.monitoring.services.deciding.reconsidering import mark_decisions_due

CHUNK = 200
"""Identities in one transaction."""

HIT = f"""
SELECT DISTINCT w.identity_id
FROM wanted_id g
CROSS JOIN vulnerability v
CROSS JOIN record r
CROSS JOIN criterion c
CROSS JOIN identity_product w
WHERE v.lead_id = g.id AND r.vulnerability_id = v.id AND c.record_id = r.id
  AND {IN_RANGE} AND c.flags & {Flag.PLATFORM.value} = 0
"""  # noqa: S608 - our own words
"""Whom any visible criterion of these groups holds, also one that is only possible."""
WAS_HIT = "SELECT DISTINCT m.identity FROM wanted_id g CROSS JOIN monitoring_match m WHERE m.lead = g.id"
MOVED = """
SELECT m.id, v.lead_id
FROM wanted_id w
CROSS JOIN monitoring_match m
JOIN vulnerability v ON v.id = m.lead
WHERE m.identity = w.id AND m.lead <> v.lead_id
"""
"""Matches under a name that another group has taken in since, with that group."""

_identity = msgspec.msgpack.Decoder(Identity).decode


def concerned(connection: Connection, leads: Collection[int], *, after: int) -> list[int]:
    """The identities that `leads` hit or have hit, and those that came after the identity `after`."""
    fill(connection, "wanted_id", [(lead,) for lead in sorted(leads)])
    found = {id_ for (id_,) in connection.execute(HIT, asked_at(generation(connection)))}
    found |= {id_ for (id_,) in connection.execute(WAS_HIT)}
    found |= {id_ for (id_,) in connection.execute("SELECT id FROM identity WHERE id > ?", (after,))}
    return sorted(found)


def match_identities(connection: Connection, ids: Sequence[int], *, now: datetime) -> set[int]:
    """
    Match these identities anew and keep what differs; the alias groups whose matches changed.

    The device versions that list an identity of which anything changed become due, in the same transaction.
    """
    with transaction.atomic():
        identities = _identities(connection, ids)
        found = dict(zip(identities, match_alone(connection, list(identities.values())), strict=True))
        kept: dict[int, dict[int, Match]] = defaultdict(dict)
        for row in Match.objects.filter(identity__in=ids):
            kept[row.identity][row.lead] = row
        earlier = _earlier(connection, ids)
        new: list[Match] = []
        other: list[Match] = []
        gone: list[Match] = []
        for id_ in ids:
            for lead, evidence in found.get(id_, {}).items():
                if lead not in kept[id_]:
                    first = min(now, earlier.get((id_, lead), now))
                    new.append(_set(Match(identity=id_, lead=lead, first_matched=first), evidence))
                    continue
                row = kept[id_].pop(lead)
                if bytes(row.evidence) != packed(evidence):
                    first = min(row.first_matched, earlier.get((id_, lead), row.first_matched))
                    row.first_matched = first
                    other.append(_set(row, evidence))
            gone.extend(kept[id_].values())
        Match.objects.filter(pk__in=[row.pk for row in gone]).delete()
        Match.objects.bulk_update(other, ["grade", "evidence", "first_matched"], batch_size=CHUNK)
        Match.objects.bulk_create(new, batch_size=CHUNK)
        touched = [*new, *other, *gone]
        mark_due(_listing({row.identity for row in touched}))
        mark_decisions_due(leads={row.lead for row in touched})
    return {row.lead for row in touched}


def mark_due(version_ids: Iterable[int]) -> None:
    """Have these device versions judged anew with the next run."""
    rows = [VersionState(version_id=pk, due=True) for pk in sorted(set(version_ids))]
    VersionState.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["version"], update_fields=["due"], batch_size=CHUNK
    )


def _listing(ids: Collection[int]) -> list[int]:
    return list(Listing.objects.filter(identity__match_id__in=ids).values_list("version_id", flat=True).distinct())


def _identities(connection: Connection, ids: Sequence[int]) -> dict[int, Identity]:
    fill(connection, "wanted_id", [(id_,) for id_ in ids])
    rows = connection.execute("SELECT w.id, i.packed FROM wanted_id w CROSS JOIN identity i WHERE i.id = w.id")
    return {id_: _identity(bytes(content)) for id_, content in rows}


def _earlier(connection: Connection, ids: Sequence[int]) -> Mapping[tuple[int, int], datetime]:
    """When an identity was first matched under another name of a group: merging names moves no date."""
    fill(connection, "wanted_id", [(id_,) for id_ in ids])
    leads = dict(connection.execute(MOVED).fetchall())
    found: dict[tuple[int, int], datetime] = {}
    for pk, row in Match.objects.in_bulk(leads).items():
        key = row.identity, leads[pk]
        found[key] = min(found.get(key, row.first_matched), row.first_matched)
    return found


def _set(row: Match, evidence: Sequence[Evidence]) -> Match:
    row.grade, row.evidence = evidence[0].grade.value, packed(evidence)
    return row
