"""Reading what was recorded: as it was at a time, how it came to be, and who signed it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from postmarket.records.entries import Draft, read
from postmarket.records.interface import HasSubject, Snapshot, Subject, Unsaid, Value
from postmarket.records.meanings import Meaning
from postmarket.records.models import Entry, Head, SignedTarget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class AsOf:
    """What a subject was: its snapshot (None: it was gone), and the number and time of the entry that says so."""

    number: int
    at: datetime
    snapshot: Snapshot | None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a subject, by its path (`owner.name`, `markets[2]`), and what it was and is; None where absent."""

    path: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Step:
    """One entry in a subject's history, and which fields it changed."""

    number: int
    said: Draft
    changes: tuple[FieldChange, ...]


class SignatureStatus(StrEnum):
    """Whether a content is signed."""

    VALID = "valid"
    VOID = "void"
    """It was signed, and changed since: the signature does not count for what it is now."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SignedBy:
    """
    One signature on a subject as it is displayed and printed (21 CFR 11.50): name, time, meaning.

    `at` is in UTC, `site_zone` the zone to show it in beside; `void` when what was signed is not what it is now.
    """

    id: str
    signer_id: str
    printed_name: str
    meaning: Meaning
    at: datetime
    site_zone: str
    void: bool


@dataclass(frozen=True, slots=True)
class SignatureState:
    """Whether a content is signed, and every signature on its subject, oldest first."""

    status: SignatureStatus
    signatures: tuple[SignedBy, ...]


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """Where the chain ends now: the number of its last entry, and that entry's hash in hexadecimal."""

    number: int
    sha256: str


def chain_end() -> ChainEnd | None:
    """What a page that is printed says, so that it can be held against the records later; None before any entry."""
    head = Head.objects.filter(pk=Head.ONLY).first()
    return None if head is None or not head.number else ChainEnd(head.number, bytes(head.hash).hex())


def end_of(day: date, *, zone: str) -> datetime:
    """The last microsecond of a day in `zone` (IANA name), UTC: what something was "on" that day, it was then."""
    morning = datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo(zone))
    return morning.astimezone(UTC) - timedelta(microseconds=1)


def as_of(subject: HasSubject, at: datetime) -> AsOf | None:
    """
    What `subject` was at `at` (inclusive), or None when nothing had said so by then.

    Of all entries up to that time the last in the chain's order counts: clocks may go back, the chain does not.
    """
    entry = _about(subject.subject).filter(at__lte=at, states=True).order_by("-number").first()
    if entry is None:
        return None
    _, said = read(bytes(entry.content))
    return AsOf(entry.number, entry.at, None if isinstance(said.after, Unsaid) else said.after)


def history(subject: HasSubject) -> Iterator[Step]:
    """Every entry about `subject`, oldest first, each with the fields it changed."""
    state: Snapshot | None = None
    for entry in _about(subject.subject).order_by("number").iterator(chunk_size=500):
        number, said = read(bytes(entry.content))
        before = state if isinstance(said.before, Unsaid) else said.before
        state = before if isinstance(said.after, Unsaid) else said.after
        yield Step(number, said, tuple(differences(before, state)))


def signature_state(subject: HasSubject, content_hash: str, *, meaning: Meaning | None = None) -> SignatureState:
    """
    Whether the content with this hash is signed; with `meaning`, by a signature of that meaning.

    One valid signature suffices; those on earlier contents are void and stay in the list.
    """
    about = subject.subject
    targets = SignedTarget.objects.filter(subject_kind=about.kind, subject_id=about.id).select_related("signature")
    if meaning is not None:
        targets = targets.filter(signature__meaning=meaning.value)
    found = tuple(
        SignedBy(
            id=target.signature.id,
            signer_id=target.signature.signer_id,
            printed_name=target.signature.printed_name,
            meaning=Meaning(target.signature.meaning),
            at=target.signature.at,
            site_zone=target.signature.site_zone,
            void=target.sha256 != content_hash,
        )
        for target in targets.order_by("signature__at", "signature_id")
    )
    if not found:
        return SignatureState(SignatureStatus.NONE, ())
    status = SignatureStatus.VOID if all(one.void for one in found) else SignatureStatus.VALID
    return SignatureState(status, found)


def signed_on(subject: HasSubject) -> QuerySet[SignedTarget]:
    """Every signature on `subject`, the newest first; each counts for the content with its `sha256` and no other."""
    about = subject.subject
    targets = SignedTarget.objects.filter(subject_kind=about.kind, subject_id=about.id).select_related("signature")
    return targets.order_by("-signature__at", "-signature_id")


def signed_hashes(signatures: Collection[str]) -> Mapping[tuple[str, str, str], str]:
    """What these signatures signed: the SHA-256 by signature, kind and id of the subject. One query."""
    rows = SignedTarget.objects.filter(signature__in=signatures)
    return {
        (signature, kind, id_): sha256
        for signature, kind, id_, sha256 in rows.values_list("signature", "subject_kind", "subject_id", "sha256")
    }


def differences(before: Value, after: Value, path: str = "") -> Iterator[FieldChange]:
    """The leaves in which two values differ, by path, in the order of the fields' names and the lists' places."""
    match before, after:
        case Mapping(), Mapping():
            for key in sorted({*before, *after}):
                yield from differences(before.get(key), after.get(key), f"{path}.{key}".lstrip("."))
        case (list() | tuple(), list() | tuple()):
            for place in range(max(len(before), len(after))):
                yield from differences(_item(before, place), _item(after, place), f"{path}[{place}]")
        case Mapping(), None:
            yield from differences(before, {}, path)
        case None, Mapping():
            yield from differences({}, after, path)
        case _ if type(before) is not type(after) or before != after:
            yield FieldChange(path, before, after)


def _item(values: Sequence[Value], place: int) -> Value:
    return values[place] if place < len(values) else None


def entries_about(subject: HasSubject) -> QuerySet[Entry]:
    """Every entry about `subject`, not yet ordered."""
    return _about(subject.subject)


def _about(subject: Subject) -> QuerySet[Entry]:
    return Entry.objects.filter(subject_kind=subject.kind, subject_id=subject.id)
