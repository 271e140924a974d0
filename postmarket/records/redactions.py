"""What stands of a private datum: whether it is there, who asked for it to go, and the tombstone it left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Length

from postmarket.records.interface import Subject
from postmarket.records.models import Entry, PrivateDatum
from postmarket.records.private import KEPT, PROPOSED, REDACTED, WITHDRAWN, Proposal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left of a redacted datum: the entry, who carried it out, when (UTC) and why, after whose proposal."""

    number: int
    by: str
    at: datetime
    why: str
    proposed_in: int
    proposed_by: str
    proposed_why: str


@dataclass(frozen=True, slots=True)
class PrivateStanding:
    """
    A private datum as it stands.

    `about` is the subject it was kept with, `part` the field of that which it is ("" where no entry says so), `size`
    its bytes; None once it is redacted.

    Of `proposal` and `tombstone` one at most is there.
    """

    id: str
    sha256: str
    media_type: str
    kept_at: datetime
    about: Subject | None
    part: str
    size: int | None
    proposal: Proposal | None
    tombstone: Tombstone | None


def standing_of(id_: str) -> PrivateStanding | None:
    """A private datum; None when there is none with this id."""
    return standings([id_]).get(id_)


def standings(ids: Sequence[str]) -> dict[str, PrivateStanding]:
    """Private data by id, in three queries whatever their number; what is not there is left out."""
    spoken: dict[str, list[Entry]] = {id_: [] for id_ in ids}
    for entry in Entry.objects.filter(subject_kind="private", subject_id__in=ids).order_by("number"):
        spoken[entry.subject_id].append(entry)
    about = {id_: _kept_with(next((one for one in said if one.kind == KEPT), None)) for id_, said in spoken.items()}
    parts = _parts([subject for subject in about.values() if subject is not None])
    rows = PrivateDatum.objects.filter(pk__in=ids).annotate(size=Length("content")).defer("content", "salt")
    return {row.pk: _standing(row, spoken[row.pk], about[row.pk], parts.get(row.pk, "")) for row in rows}


def asked_or_done() -> QuerySet[Entry]:
    """The entries that count: each open proposal, and each redaction that was carried out."""
    later = Entry.objects.filter(
        subject_kind="private",
        subject_id=OuterRef("subject_id"),
        number__gt=OuterRef("number"),
        kind__in=(PROPOSED, WITHDRAWN, REDACTED),
    )
    return Entry.objects.filter(subject_kind="private", kind__in=(PROPOSED, REDACTED)).exclude(Exists(later))


def _standing(datum: PrivateDatum, entries: Sequence[Entry], about: Subject | None, part: str) -> PrivateStanding:
    last = next((one for one in reversed(entries) if one.kind in (PROPOSED, WITHDRAWN, REDACTED)), None)
    asked = None if last is None or last.kind != PROPOSED else last.said
    stone = None if last is None or last.kind != REDACTED else _tombstone(last, entries)
    return PrivateStanding(
        id=datum.pk,
        sha256=datum.sha256,
        media_type=datum.media_type,
        kept_at=datum.kept_at,
        about=about,
        part=part,
        size=datum.size,  # type: ignore[attr-defined]  # annotated by the caller
        proposal=None if last is None or asked is None else Proposal(last.number, asked.actor, asked.at, asked.why),
        tombstone=stone,
    )


def _parts(subjects: Sequence[Subject]) -> dict[str, str]:
    """The field by which entries about these subjects name each private datum."""
    said = Entry.objects.filter(
        subject_kind__in={one.kind for one in subjects}, subject_id__in={one.id for one in subjects}, states=True
    )
    found = {}
    for entry in said.order_by("number"):
        after = entry.said.after if entry.said else None
        for name, value in after.items() if isinstance(after, dict) else ():
            if isinstance(value, dict) and isinstance(value.get("private"), str):
                found[str(value["private"])] = name
    return found


def _kept_with(entry: Entry | None) -> Subject | None:
    """The subject a datum was kept with, by the entry that says so."""
    said = None if entry is None else entry.said
    about = (said.detail or {}).get("about") if said else None
    return Subject(str(about["kind"]), str(about["id"])) if isinstance(about, dict) else None


def _tombstone(stone: Entry, entries: Sequence[Entry]) -> Tombstone | None:
    said = stone.said
    number = (said.detail or {}).get("proposed_in_entry") if said else None
    asked = next((one.said for one in entries if one.number == number), None)
    if said is None or asked is None or not isinstance(number, int):
        return None
    return Tombstone(stone.number, said.actor.name, said.at, said.why, number, asked.actor.name, asked.why)
