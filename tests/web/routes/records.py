"""The trail, one entry, a subject's history, and verifying."""

from __future__ import annotations

from collections.abc import Mapping

from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from tests.intake.given import entered
from tests.records.builders import record
from tests.web.routes.interface import Route, Routes, holders

READERS = holders(Permission.RECORDS_READ)


def an_entry(who: Person | None) -> Mapping[str, object]:
    """The first of the chain."""
    record()
    return {"number": 1}


def a_subject(who: Person | None) -> Mapping[str, object]:
    """A pump that was changed."""
    record()
    return {"kind": "device", "id": "42"}


def with_a_key(who: Person | None) -> Mapping[str, object]:
    """The first record makes it."""
    record()
    return {}


def a_datum(who: Person | None) -> Mapping[str, object]:
    """The words of a report."""
    return {"id": entered().body_id}


REDACTORS = READERS & holders(Permission.RECORDS_REDACT)
ROUTES: Routes = {
    "records": Route(allowed=READERS),
    "records-check": Route(allowed=READERS & holders(Permission.RECORDS_VERIFY), methods=("POST",)),
    "records-progress": Route(allowed=READERS),
    "records-key": Route(allowed=READERS, kwargs=with_a_key),
    "record": Route(allowed=READERS, kwargs=an_entry),
    "record-subject": Route(allowed=READERS, kwargs=a_subject),
    "redactions": Route(allowed=READERS),
    "redaction": Route(allowed=READERS, kwargs=a_datum),
    "redaction-ask": Route(allowed=REDACTORS, methods=("POST",), kwargs=a_datum),
    "redaction-take-back": Route(allowed=REDACTORS, methods=("POST",), kwargs=a_datum),
    "redaction-confirm": Route(allowed=REDACTORS, methods=("POST",), kwargs=a_datum),
}
