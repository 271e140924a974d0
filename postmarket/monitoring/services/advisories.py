"""CSAF advisories are gathered from the store, held against what we are made of, and reviewed by a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection as database
from django.db import transaction

from postmarket import records
from postmarket.accounts.authority import require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.inventory.models import ComponentIdentity, Device, SupplierName
from postmarket.inventory.store import store
from postmarket.matching import facts
from postmarket.matching.store.connection import generation
from postmarket.matching.store.flags import Flag
from postmarket.monitoring.errors import InvalidReview
from postmarket.monitoring.feed_words import AdvisoryVerdict, Sharing
from postmarket.monitoring.models import Advisory, AdvisoryHit, AdvisoryReview, AdvisoryVulnerability
from postmarket.monitoring.rules.advisories import Gathered, gathered, number_of, whose
from postmarket.records import Snapshot
from postmarket.records.interface import instant
from postmarket.sources.interface import Source
from postmarket.sources.names import fold_name

if TYPE_CHECKING:
    from postmarket.matching.store.engine import Connection

CHUNK = 500
AFFECTED = """
SELECT DISTINCT a.advisory_id, m.identity_id
FROM monitoring_advisoryvulnerability a
JOIN vulnerability v ON v.name = a.name
JOIN vulnerability g ON g.lead_id = v.lead_id
JOIN match m ON m.vulnerability_id = g.id
"""
SAME_COMPONENT = f"""
SELECT DISTINCT a.advisory_id, w.identity_id
FROM monitoring_advisoryvulnerability a
JOIN vulnerability v ON v.name = a.name
JOIN vulnerability g ON g.lead_id = v.lead_id
JOIN record r ON r.vulnerability_id = g.id
JOIN criterion c ON c.record_id = r.id
JOIN identity_product w ON w.product_id = c.product_id
WHERE c.since <= ? AND c.until > ? AND c.flags & {(Flag.PLATFORM | Flag.RETIRED | Flag.WITHDRAWN).value} = 0
"""  # noqa: S608 - our own words
VERSIONS = """
SELECT h.advisory_id, count(DISTINCT l.version_id),
  count(DISTINCT CASE WHEN h.sharing = %s THEN l.version_id END)
FROM monitoring_advisoryhit h
JOIN inventory_componentidentity i ON i.match_id = h.identity
JOIN inventory_listing l ON l.identity_id = i.id
GROUP BY h.advisory_id
"""


def bring_up(*, now: datetime) -> int:
    """
    Gather the advisories that changed since this was last done, and hold all of them against the portfolio.

    Gives how many were gathered. Done again it changes nothing.
    """
    connection = store()
    numbers = _changed(connection)
    for start in range(0, len(numbers), CHUNK):
        with transaction.atomic():
            for number, namespace in numbers[start : start + CHUNK]:
                _keep(_gather(connection, number, namespace), generation(connection))
    with transaction.atomic():
        _place()
        _hold(connection)
    return len(numbers)


def review(
    *, by: Person, advisory: Advisory, revision: str, verdict: AdvisoryVerdict, because: str, now: datetime
) -> AdvisoryReview:
    """
    Keep what a person found of an advisory, as it was shown to them: `revision` is `revision_of` what they saw.

    It stays reviewed until its publisher revises it. Raises NotAllowed, and InvalidReview without a reason or when it
    was revised meanwhile.
    """
    require(by, Permission.ADVISORIES_REVIEW, on=None)
    if not because.strip():
        raise InvalidReview("A review says why", next_step="Write what you looked at, and why it is so.")
    with records.act(actor=by.actor, at=now, why=because.strip()) as doing:
        row = Advisory.objects.select_for_update().get(pk=advisory.pk)
        if revision_of(row) != revision:
            raise InvalidReview(
                f"{row.number} was revised meanwhile", next_step="Read it again as it is now, then review it."
            )
        made = AdvisoryReview.objects.create(
            advisory=row,
            revision=row.revision,
            verdict=verdict.value,
            because=because.strip(),
            by=by,
            at=now,
        )
        row.reviewed_revision = row.revision
        row.save(update_fields=["reviewed_revision"])
        doing.note("advisory.reviewed", subject=made, before=None, after=_snapshot(made, row))
    return made


def revision_of(advisory: Advisory) -> str:
    """An advisory's revision as a form carries it."""
    return "" if advisory.revision is None else instant(advisory.revision)


def _changed(connection: Connection) -> list[tuple[str, str]]:
    """The advisories of which the store has records that are newer than what was gathered."""
    newest = Advisory.objects.order_by("-generation").values_list("generation", flat=True).first() or 0
    rows = connection.execute(
        "SELECT name FROM record WHERE source = ? AND since > ? AND since <= ?",
        (Source.CSAF.value, newest, generation(connection)),
    )
    return sorted({number_of(name) for (name,) in rows})


def _gather(connection: Connection, number: str, namespace: str) -> Gathered:
    visible = generation(connection)
    rows = connection.execute(
        "SELECT id, name FROM record WHERE source = ? AND name >= ? AND name < ? AND since <= ? AND until > ?",
        (Source.CSAF.value, f"{number}/", f"{number}0", visible, visible),  # "0" follows "/"
    ).fetchall()
    ids = [id_ for id_, name in rows if number_of(name) == (number, namespace)]
    return gathered(list(facts.words(connection, ids).values()))


def _keep(told: Gathered, visible: int) -> None:
    row, _ = Advisory.objects.update_or_create(
        name=told.name,
        defaults={
            "number": told.number,
            "title": told.title,
            "publisher": told.publisher,
            "link": told.link,
            "published_at": told.published_at,
            "revision": told.revision,
            "medical": told.medical,
            "withdrawn": told.withdrawn,
            "makers": list(told.makers),
            "products": list(told.products),
            "vulnerabilities": sorted({name for name, _ in told.vulnerabilities}),
            "generation": visible,
        },
    )
    row.named.all().delete()
    AdvisoryVulnerability.objects.bulk_create(
        AdvisoryVulnerability(advisory=row, name=name, record=record) for name, record in told.vulnerabilities
    )


def _place() -> None:
    """Say of each whose it is: devices and suppliers change too."""
    ours = {fold_name(name) for name in Device.objects.values_list("manufacturer", flat=True).distinct() if name}
    suppliers = set(SupplierName.objects.values_list("folded", flat=True))
    suppliers |= {
        fold_name(name) for name in ComponentIdentity.objects.values_list("supplier", flat=True).distinct() if name
    }
    turned = []
    for row in Advisory.objects.only("pk", "makers", "whose").iterator():
        is_of = whose(row.makers, ours=ours, suppliers=suppliers).value
        if row.whose != is_of:
            row.whose = is_of
            turned.append(row)
    Advisory.objects.bulk_update(turned, ["whose"], batch_size=CHUNK)


def _hold(connection: Connection) -> None:
    """Hold every advisory against the stored portfolio, in two joins; write what differs."""
    visible = generation(connection)
    wanted = dict.fromkeys(
        map(tuple, connection.execute(SAME_COMPONENT, (visible, visible)).fetchall()), Sharing.SAME_COMPONENT.value
    )
    wanted |= dict.fromkeys(map(tuple, connection.execute(AFFECTED).fetchall()), Sharing.AFFECTED.value)
    kept = {(row.advisory_id, row.identity): row for row in AdvisoryHit.objects.all().iterator()}
    _delete(row.pk for place, row in kept.items() if wanted.get(place) != row.sharing)
    AdvisoryHit.objects.bulk_create(
        (
            AdvisoryHit(advisory_id=advisory, identity=identity, sharing=sharing)
            for (advisory, identity), sharing in wanted.items()
            if (advisory, identity) not in kept or kept[advisory, identity].sharing != sharing
        ),
        batch_size=CHUNK,
    )
    _count()


def _delete(keys: Iterable[int]) -> None:
    gone = list(keys)
    for start in range(0, len(gone), CHUNK):
        AdvisoryHit.objects.filter(pk__in=gone[start : start + CHUNK]).delete()


def _count() -> None:
    counts: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    with database.cursor() as cursor:
        cursor.execute(VERSIONS, [Sharing.AFFECTED.value])
        for advisory, every, affected in cursor.fetchall():
            counts[advisory] = (affected, every - affected)
    turned = []
    for row in Advisory.objects.only("pk", "affected", "sharing").iterator():
        if (row.affected, row.sharing) != counts[row.pk]:
            row.affected, row.sharing = counts[row.pk]
            turned.append(row)
    Advisory.objects.bulk_update(turned, ["affected", "sharing"], batch_size=CHUNK)


def _snapshot(made: AdvisoryReview, row: Advisory) -> Snapshot:
    return {
        "advisory": row.name,
        "revision": revision_of(row),
        "verdict": made.verdict,
        "because": made.because,
        "affected_versions": row.affected,
        "sharing_versions": row.sharing,
    }
