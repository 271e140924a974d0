"""Rows of other tables that were recorded: each is held against its entry, and its content against its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import zstandard
from django.db import models

from postmarket.records import evidence, private, signing
from postmarket.records.entries import CHANGES, read
from postmarket.records.interface import instant
from postmarket.records.keys import is_signed
from postmarket.records.models import Entry, Evidence, PrivateDatum, Signature, SignedTarget
from postmarket.records.problems import Fault, Problem

if TYPE_CHECKING:
    from postmarket.records.entries import Draft


class Recorded(NamedTuple):
    """An entry that says a row was written."""

    number: int
    said: Draft

    def problem(self, fault: Fault, what: str) -> Problem:
        """Something wrong with that row."""
        return Problem(fault, what, self.number, at=instant(self.said.at), kind=self.said.kind)


Facts = Mapping[str, object]
"""What a row says, as its entry writes it."""


@dataclass(frozen=True, slots=True)
class Companion:
    """
    A table whose rows entries of one `kind` announce: `rows` reads what it holds under some ids, `said` what an entry
    says of a row, and `content` looks behind the row (None: there is nothing behind it).
    """

    kind: str
    title: str
    table: type[models.Model]
    rows: Callable[[Sequence[str]], Mapping[str, Facts]]
    said: Callable[[Draft], Facts]
    content: Callable[[Recorded, Context], Iterator[Problem]] | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """How thorough to be, and whose signatures count."""

    trusted: frozenset[str]
    files: bool
    """Whether every evidence file is read and hashed."""


def check(companion: Companion, batch: Sequence[Recorded], context: Context) -> Iterator[Problem]:
    """The rows that some entries announced."""
    rows = companion.rows([one.said.subject.id for one in batch])
    for one in batch:
        row = rows.get(one.said.subject.id)
        if row is None:
            yield one.problem(Fault.ROW_MISSING, f"its row in the table of {companion.title} is not there")
            continue
        said = companion.said(one.said)
        for name, value in said.items():
            if row.get(name) != value:
                what = (
                    f"the table of {companion.title} says {name} is {_short(row.get(name))}, the entry {_short(value)}"
                )
                yield one.problem(Fault.ROW_DIFFERS, what)
        if companion.content is not None:
            yield from companion.content(one, context)


def unrecorded(companion: Companion) -> Iterator[Problem]:
    """Rows that no entry announces."""
    recorded = Entry.objects.filter(kind=companion.kind).values("subject_id")
    rows = companion.table._default_manager.exclude(pk__in=recorded).values_list("pk", flat=True)
    for id_ in rows.iterator():
        yield Problem(Fault.ROW_UNRECORDED, f"the table of {companion.title} holds {id_}, of which no entry speaks")


def check_changes(runs: Sequence[Recorded]) -> Iterator[Problem]:
    """The list of changes that each run names must be evidence; whether its file is whole is looked at as such."""
    named = [str((one.said.detail or {}).get(CHANGES)) for one in runs]
    kept = set(Evidence.objects.filter(pk__in=named).values_list("pk", flat=True))
    for one, sha256 in zip(runs, named, strict=True):
        if sha256 not in kept:
            yield one.problem(Fault.EVIDENCE_MISSING, f"the list of changes {sha256} is not kept as evidence")


def _evidence_rows(ids: Sequence[str]) -> dict[str, Facts]:
    rows = Evidence.objects.filter(pk__in=ids).values("sha256", "bytes", "media_type", "source", "kept_at")
    return {row["sha256"]: _facts(row) for row in rows}


def _evidence_said(said: Draft) -> Facts:
    return {"sha256": said.subject.id, **_of(said, "bytes", "media_type", "source", "kept_at")}


def _evidence_file(one: Recorded, context: Context) -> Iterator[Problem]:
    """Whether the file is there, and is what came in."""
    sha256 = one.said.subject.id
    if not context.files:
        if not (evidence.folder() / sha256[:2] / f"{sha256}.zst").is_file():
            yield one.problem(Fault.EVIDENCE_MISSING, f"the file of evidence {sha256} is not there")
        return
    digest = hashlib.sha256()
    try:
        for block in evidence.read(sha256):
            digest.update(block)
    except FileNotFoundError:
        yield one.problem(Fault.EVIDENCE_MISSING, f"the file of evidence {sha256} is not there")
    except (OSError, zstandard.ZstdError) as error:
        yield one.problem(Fault.EVIDENCE_ALTERED, f"the file of evidence {sha256} cannot be read ({error})")
    else:
        if digest.hexdigest() != sha256:
            yield one.problem(Fault.EVIDENCE_ALTERED, f"the file of evidence {sha256} has another hash")


def _private_rows(ids: Sequence[str]) -> dict[str, Facts]:
    rows = PrivateDatum.objects.filter(pk__in=ids).values("id", "sha256", "media_type", "kept_at")
    return {row["id"]: _facts(row) for row in rows}


def _private_said(said: Draft) -> Facts:
    return _of(said, "sha256", "media_type", "kept_at")


def _private_content(one: Recorded, context: Context) -> Iterator[Problem]:
    """Whether the datum is the one that was recorded, or was redacted as it should be."""
    id_ = one.said.subject.id
    stones = Entry.objects.filter(kind=private.REDACTED, subject_id=models.OuterRef("pk")).order_by("number")
    # One statement, so that a redaction meanwhile is seen whole or not at all.
    datum = PrivateDatum.objects.annotate(stone=models.Subquery(stones.values("number")[:1])).filter(pk=id_)
    salt, content, sha256, stone = datum.values_list("salt", "content", "sha256", "stone").get()
    if stone is None:
        if salt is None or content is None:
            yield one.problem(Fault.PRIVATE_REMOVED, f"the private datum {id_} is empty, and no entry redacts it")
        elif private.salted(bytes(salt), bytes(content)) != sha256:
            yield one.problem(Fault.PRIVATE_ALTERED, f"the private datum {id_} does not give its hash")
        return
    if content is not None or salt is not None:
        yield one.problem(Fault.PRIVATE_RETURNED, f"the private datum {id_}, redacted in entry {stone}, is there")
    if not _is_genuine(id_, bytes(Entry.objects.get(pk=stone).content), context.trusted):
        what = f"the tombstone of the private datum {id_}, entry {stone}, is not signed by a key known here"
        yield one.problem(Fault.PRIVATE_RETURNED, what)


def _is_genuine(id_: str, content: bytes, trusted: frozenset[str]) -> bool:
    """Whether a tombstone's signature is one of ours, over what it says, by two people."""
    try:
        _, said = read(content)
        detail = dict(said.detail or {})
        key, signature = str(detail.pop("key")), bytes.fromhex(str(detail.pop("signature")))
    except (ValueError, KeyError):
        return False
    two = detail.get("proposed_by") != detail.get("redacted_by") == said.actor.id
    return two and key in trusted and is_signed(private.tombstone(id_, detail), signature, key=key)


def _signature_rows(ids: Sequence[str]) -> dict[str, Facts]:
    manifests: dict[str, list[Facts]] = {id_: [] for id_ in ids}
    for target in SignedTarget.objects.filter(signature_id__in=ids).order_by("signature_id", "position"):
        line = {"kind": target.subject_kind, "id": target.subject_id, "sha256": target.sha256}
        manifests[target.signature_id].append(line)
    columns = ("id", "signer_id", "printed_name", "meaning", "at", "site_zone", "factors", "authenticated_at")
    rows = Signature.objects.filter(pk__in=ids).values(*columns)
    return {row["id"]: {**_facts(row), "manifest": manifests[row["id"]]} for row in rows}


def _signature_said(said: Draft) -> Facts:
    of_the_act = {"signer_id": said.actor.id, "at": instant(said.at), "site_zone": said.site_zone}
    return of_the_act | _of(said, "printed_name", "meaning", "factors", "authenticated_at", "manifest")


def _facts(row: Mapping[str, object]) -> dict[str, object]:
    return {name: instant(value) if isinstance(value, datetime) else value for name, value in row.items()}


def _of(said: Draft, *names: str) -> dict[str, object]:
    detail = said.detail or {}
    return {name: detail.get(name) for name in names}


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}…"


COMPANIONS: tuple[Companion, ...] = (
    Companion(evidence.KEPT, "evidence", Evidence, _evidence_rows, _evidence_said, _evidence_file),
    Companion(private.KEPT, "private data", PrivateDatum, _private_rows, _private_said, _private_content),
    Companion(signing.SIGNED, "signatures", Signature, _signature_rows, _signature_said),
)
"""Every table that entries announce."""
