"""Everything that is kept as evidence of a case: its files, and what shows its start events and the ends of clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from postmarket.cases.models import Attachment, Case, Clock, StartEvent
from postmarket.records.models import Evidence


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of a case: under which name it came, and `shows` what it shows, in words. `at` is when it was kept."""

    evidence: Evidence
    name: str
    shows: str
    at: datetime


def files_of(case: Case) -> list[KeptFile]:
    """In the order they came, each once; three queries. Ask with a case that the reader may see."""
    found = [
        KeptFile(one.evidence, one.name, f"Attached by {one.added_by.name}", one.added_at)
        for one in Attachment.objects.filter(case=case).select_related("evidence", "added_by")
    ]
    for event in StartEvent.objects.filter(case=case).exclude(evidence=None).select_related("evidence"):
        if event.evidence is not None:
            found.append(_kept(case, event.evidence, f"Shows the start: {event.basis}"))
    for clock in Clock.objects.filter(case=case).exclude(evidence=None).select_related("evidence"):
        if clock.evidence is not None:
            found.append(_kept(case, clock.evidence, f"Shows that it was done: {clock.title}"))
    once = {(one.evidence.pk, one.shows): one for one in found}
    return sorted(once.values(), key=lambda one: one.at)


def file_of(case: Case, sha256: str) -> KeptFile | None:
    """The file of a case with this hash; None when it has no such file."""
    return next((one for one in files_of(case) if one.evidence.sha256 == sha256), None)


def _kept(case: Case, evidence: Evidence, shows: str) -> KeptFile:
    """By its name, unless it came in elsewhere first: what it was called in another case is not said in this one."""
    about, _, name = evidence.source.partition(": ")
    return KeptFile(evidence, name if case.number in about else evidence.sha256[:8], shows, evidence.kept_at)
