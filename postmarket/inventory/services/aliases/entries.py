"""The life of an alias entry. Approving and retiring change what is matched, so a task follows each."""

from __future__ import annotations

from datetime import datetime

from postmarket import tasks
from postmarket.accounts.authority import ANYWHERE, require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.inventory.errors import InvalidAlias
from postmarket.inventory.models import AliasEntry
from postmarket.inventory.rules.alias_entry import AliasFields, table_of
from postmarket.inventory.services.reasons import reason
from postmarket.inventory.words import AliasState
from postmarket.records.interface import Snapshot, instant
from postmarket.records.trail import Act, act

REKEEP = "inventory.rekeep_identities"


def propose_alias(*, by: Person, fields: AliasFields, why: str, now: datetime) -> AliasEntry:
    """
    Propose that names mean one product; it changes nothing until somebody approves it.

    Raises NotAllowed, and InvalidAlias for an entry that says nothing or what is proposed or approved already.
    """
    require(by, Permission.ALIASES_REVIEW, on=ANYWHERE)
    table_of(fields)
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        twin = _twin(fields)
        if twin is not None:
            raise InvalidAlias(f"The same is {twin.state} already", where=str(twin), next_step="Decide on that one.")
        entry = AliasEntry.objects.create(
            names=list(fields.names),
            purls=list(fields.purls),
            cpes=list(fields.cpes),
            vendor=fields.vendor,
            product=fields.product,
            scheme=fields.scheme.value if fields.scheme is not None else "",
            proposed_by=by,
            proposed_at=now,
            proposed_why=why,
        )
        doing.note("alias.proposed", subject=entry, before=None, after=alias_snapshot(entry))
    return entry


def approve_alias(*, by: Person, entry: AliasEntry, why: str, now: datetime) -> AliasEntry:
    """
    Let an entry count for the whole portfolio; the identities concerned are matched anew by a task.

    Raises NotAllowed without the permission for all lines, InvalidAlias for one that is not proposed.
    """
    return _decide(by, entry, AliasState.APPROVED, why=why, now=now)


def reject_alias(*, by: Person, entry: AliasEntry, why: str, now: datetime) -> AliasEntry:
    """Say that the names do not mean the same; it is not suggested again. Raises NotAllowed, InvalidAlias."""
    return _decide(by, entry, AliasState.REJECTED, why=why, now=now)


def retire_alias(*, by: Person, entry: AliasEntry, why: str, now: datetime) -> AliasEntry:
    """
    Take an approved entry back; what was matched by it alone is matched no more. Entries stay, with both reasons.

    Raises NotAllowed, InvalidAlias for one that is not approved.
    """
    require(by, Permission.ALIASES_REVIEW, on=None)
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        entry = _locked(entry, AliasState.APPROVED)
        before = alias_snapshot(entry)
        entry.state, entry.retired_by, entry.retired_at, entry.retired_why = AliasState.RETIRED.value, by, now, why
        entry.save()
        _note(doing, "alias.retired", entry, before)
        tasks.enqueue(REKEEP, {"entry": entry.pk}, key=f"alias:{entry.pk}", now=now)
    return entry


def alias_snapshot(entry: AliasEntry) -> Snapshot:
    """An entry, whole."""
    return {
        "names": list(entry.names),
        "purls": list(entry.purls),
        "cpes": list(entry.cpes),
        "vendor": entry.vendor,
        "product": entry.product,
        "scheme": entry.scheme,
        "state": entry.state,
        "proposed_by": str(entry.proposed_by_id),
        "proposed_at": instant(entry.proposed_at),
        "proposed_why": entry.proposed_why,
        "decided_by": None if entry.decided_by_id is None else str(entry.decided_by_id),
        "decided_why": entry.decided_why,
        "retired_by": None if entry.retired_by_id is None else str(entry.retired_by_id),
        "retired_why": entry.retired_why,
    }


def _decide(by: Person, entry: AliasEntry, state: AliasState, *, why: str, now: datetime) -> AliasEntry:
    require(by, Permission.ALIASES_REVIEW, on=None)
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        entry = _locked(entry, AliasState.PROPOSED)
        before = alias_snapshot(entry)
        entry.state, entry.decided_by, entry.decided_at, entry.decided_why = state.value, by, now, why
        entry.save()
        _note(doing, f"alias.{state.value}", entry, before)
        if state is AliasState.APPROVED:
            tasks.enqueue(REKEEP, {"entry": entry.pk}, key=f"alias:{entry.pk}", now=now)
    return entry


def _locked(entry: AliasEntry, wanted: AliasState) -> AliasEntry:
    row = AliasEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if row.state != wanted.value:
        raise InvalidAlias(
            f"This entry is {row.state}, not {wanted.value}", where=str(row), next_step="Look at the list again."
        )
    return row


def _note(doing: Act, kind: str, entry: AliasEntry, before: Snapshot) -> None:
    doing.note(kind, subject=entry, before=before, after=alias_snapshot(entry))


def _twin(fields: AliasFields) -> AliasEntry | None:
    living = AliasEntry.objects.filter(state__in=[AliasState.PROPOSED.value, AliasState.APPROVED.value])
    said = (list(fields.names), list(fields.purls), list(fields.cpes), fields.vendor, fields.product)
    return next((row for row in living if (row.names, row.purls, row.cpes, row.vendor, row.product) == said), None)
