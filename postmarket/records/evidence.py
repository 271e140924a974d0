"""Keeping evidence: the file first, then its row and its record with the act that needs it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from postmarket import evidence as files
from postmarket.records.errors import RecordRefused
from postmarket.records.interface import HasSubject, Value, instant, named
from postmarket.records.models import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postmarket.records.trail import Act

FOLDER = "evidence"
KEPT = "evidence.kept"


@dataclass(frozen=True, slots=True)
class Kept:
    """Kept bytes: their SHA-256 in lower-case hex, and how many they are."""

    sha256: str
    bytes: int


def folder() -> Path:
    """Where evidence lies."""
    return Path(settings.POSTMARKET_HOME) / FOLDER


def put_away(content: bytes | Path) -> Kept:
    """
    Keep bytes, or a copy of a file, on disk: before anything is parsed, and whatever becomes of the act.

    Does not touch the database; `keep` makes it part of the records. The same bytes are kept once. Raises OSError.
    """
    if isinstance(content, Path):
        kept = files.keep(content, folder=folder())
    else:
        with tempfile.NamedTemporaryFile() as file:
            file.write(content)
            file.flush()
            kept = files.keep(Path(file.name), folder=folder())
    return Kept(kept.sha256, kept.bytes)


def keep(
    act: Act, content: bytes | Path | Kept, *, media_type: str, source: str, about: HasSubject | None = None
) -> Evidence:
    """
    Keep bytes or a file as evidence of `act`; `source` says in words where they came from, `about` what they concern.

    Bytes that are evidence already stay as they were first recorded, and what comes back is that. Raises RecordRefused
    for a media type or source without words, OSError when the file cannot be kept.
    """
    named("media type", media_type)
    if not source.strip():
        raise RecordRefused("Evidence without a source cannot be kept", next_step="Say where it came from.")
    kept = content if isinstance(content, Kept) else put_away(content)
    row, new = Evidence.objects.get_or_create(
        sha256=kept.sha256,
        defaults={"bytes": kept.bytes, "media_type": media_type, "source": source, "kept_at": act.at},
    )
    if new:
        detail: dict[str, Value] = {
            "bytes": kept.bytes,
            "media_type": media_type,
            "source": source,
            "kept_at": instant(act.at),
        }
        if about is not None:
            detail["about"] = {"kind": about.subject.kind, "id": about.subject.id}
        act.note(KEPT, subject=row, detail=detail)
    return row


def is_kept(sha256: str) -> bool:
    """Whether bytes of this hash lie in the evidence folder."""
    return (folder() / sha256[:2] / f"{sha256}.zst").exists()


def read(sha256: str) -> Iterator[bytes]:
    """The kept bytes, block by block. Raises OSError when they are not there."""
    return files.read(sha256, folder=folder())
