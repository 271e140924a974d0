"""Private data that somebody may see: what is asked to go, and what is gone."""

from __future__ import annotations

from typing import Final

from postmarket.accounts.authority import Caller, require
from postmarket.accounts.permissions import Permission
from postmarket.cases.errors import CaseNotFound
from postmarket.cases.queries.curtain import hidden_entries
from postmarket.records.models import Entry
from postmarket.records.redactions import PrivateStanding, asked_or_done, standing_of, standings

REDACTION: Final = "private"
"""The kind of subject that is signed: the datum itself, so that its history shows the signature."""
PARTS: Final = {"reporter": "who reported", "text": "what the reporter wrote"}


def what(one: PrivateStanding) -> str:
    """Which piece of personal data it is, in words; what it says is never among them."""
    return PARTS.get(one.part, one.media_type)


def redactions(*, by: Caller) -> list[PrivateStanding]:
    """
    What is asked to go, and what is gone, the newest first; not of restricted cases that are not theirs to see.

    Raises NotAllowed.
    """
    require(by, Permission.RECORDS_READ, on=None)
    rows = asked_or_done().exclude(hidden_entries(by)).order_by("-number")
    ids = list(rows.values_list("subject_id", flat=True))
    found = standings(ids)
    return [found[id_] for id_ in ids if id_ in found]


def visible_datum(*, by: Caller, id: str) -> PrivateStanding:
    """A private datum as it stands. Raises NotAllowed, and CaseNotFound, also for what is not theirs to see."""
    require(by, Permission.RECORDS_READ, on=None)
    found = standing_of(id)
    entries = Entry.objects.filter(subject_kind=REDACTION, subject_id=id)
    if found is None or not entries.exclude(hidden_entries(by)).exists():
        raise CaseNotFound("There is no such private datum", next_step="Look at the list again.")
    return found
