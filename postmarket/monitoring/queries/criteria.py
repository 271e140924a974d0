"""What a source's record says, and exactly what retiring one of its criteria would change."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import msgspec
from django.db.models import QuerySet

from postmarket.accounts.authority import ANYWHERE, Caller, lines, require
from postmarket.accounts.permissions import Permission
from postmarket.inventory.models import Listing
from postmarket.inventory.store import store
from postmarket.matching import facts
from postmarket.matching.rematch import matches_of
from postmarket.matching.retirement import Told, effect, is_retired, told
from postmarket.matching.store.retired import retired
from postmarket.monitoring.errors import InvalidRetirement
from postmarket.monitoring.feed_words import RetirementState
from postmarket.monitoring.models import RetiredCriterion

IN_CHUNKS = 500


class Changed(msgspec.Struct, frozen=True):
    """
    One component of one device version whose match changes.

    `still` says why the vulnerability goes on to match it, "" when it ends.
    """

    version_id: int
    device: str
    version: str
    shipped: bool
    component: str
    still: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """One criterion, and each change that retiring it makes; those that end come first."""

    source: str
    record: str
    fingerprint: str
    vulnerability: str
    vulnerability_id: int
    product: str
    range_text: str
    retired: bool
    effects: tuple[Changed, ...]

    @property
    def ends(self) -> tuple[Changed, ...]:
        """Where the vulnerability no longer matches at all."""
        return tuple(one for one in self.effects if not one.still)

    @property
    def digest(self) -> str:
        """What was shown, in one word: a confirmation holds only for exactly this."""
        shown = msgspec.json.encode((self.source, self.record, self.fingerprint, self.effects))
        return hashlib.sha256(shown).hexdigest()


@dataclass(frozen=True, slots=True)
class Said:
    """One criterion of a record, as the source words it."""

    fingerprint: str
    product: str
    range_text: str
    vulnerable: bool
    retired: bool


def said(*, by: Caller, source: str, record: str) -> list[Said]:
    """The criteria of a record as it is visible now. Raises NotAllowed, InvalidRetirement for no such record."""
    require(by, Permission.CONTENT_READ, on=ANYWHERE)
    where = _told(source, record)
    off = retired(store(), source).get(record, {})
    found = []
    for position, criterion in enumerate(where.record.criteria):
        mark = where.fingerprint(position)
        found.append(Said(mark, criterion.name, criterion.text, criterion.vulnerable, mark in off))
    return list({one.fingerprint: one for one in found}.values())


def preview(*, by: Caller, source: str, record: str, fingerprint: str) -> Preview:
    """
    Exactly what retiring the criterion changes now: device versions × vulnerability, and what goes on by another.

    Needs a grant for every device line: the effect has no lines. Raises NotAllowed, and InvalidRetirement when the
    source does not say it (any more).
    """
    require(by, Permission.CRITERIA_RETIRE, on=None)
    connection = store()
    where = _told(source, record)
    criterion = where.criterion(fingerprint)
    if criterion is None:
        raise _not_there(f"{source} {record}")
    lead = facts.leads(connection, [where.vulnerability])[where.vulnerability]
    what = effect(connection, where, fingerprint)
    still = dict.fromkeys(what.changed, "another criterion of the record")
    others = connection.execute(
        "SELECT id, name FROM vulnerability WHERE lead_id = ? AND id <> ?", (lead, where.vulnerability)
    ).fetchall()
    for other, name in others:
        still |= {identity: f"as {name}" for identity in matches_of(connection, other) if identity in what.lost}
    return Preview(
        source=source,
        record=record,
        fingerprint=fingerprint,
        vulnerability=facts.vulnerabilities(connection, [lead])[lead].name,
        vulnerability_id=where.vulnerability,
        product=criterion.name,
        range_text=criterion.text,
        retired=is_retired(connection, source=source, record=record, mark=fingerprint),
        effects=tuple(_changed({*what.lost, *what.changed}, still)),
    )


def retirements(*, by: Caller) -> QuerySet[RetiredCriterion]:
    """Every criterion that was ever retired, newest first. Raises NotAllowed."""
    require(by, Permission.CONTENT_READ, on=ANYWHERE)
    return RetiredCriterion.objects.select_related("retired_by", "ended_by")


def retired_now() -> int:
    """How many criteria are retired."""
    return RetiredCriterion.objects.filter(state=RetirementState.RETIRED.value).count()


def may_retire(by: Caller) -> bool:
    """Whether they may retire a criterion: it takes the permission for every line."""
    return lines(by, Permission.CRITERIA_RETIRE).covers(None)


def _changed(identities: set[int], still: dict[int, str]) -> list[Changed]:
    wanted = sorted(identities)
    found = []
    for start in range(0, len(wanted), IN_CHUNKS):
        rows = Listing.objects.filter(identity__match_id__in=wanted[start : start + IN_CHUNKS])
        found += [
            Changed(
                version_id=row.version_id,
                device=row.version.device.name,
                version=row.version.label,
                shipped=row.version.is_shipped,
                component=str(row.identity),
                still=still.get(row.identity.match_id or 0, ""),
            )
            for row in rows.select_related("version__device", "identity")
        ]
    return sorted(found, key=lambda one: (bool(one.still), one.device, one.version, one.component))


def _told(source: str, record: str) -> Told:
    where = told(store(), source=source, record=record)
    if where is None:
        raise _not_there(f"{source} {record}")
    return where


def _not_there(where: str) -> InvalidRetirement:
    return InvalidRetirement(
        "No source says this now",
        where=where[:200],
        why="the record is gone, or says it in other words",
        next_step="Open the vulnerability again: what its sources say now is there.",
    )
