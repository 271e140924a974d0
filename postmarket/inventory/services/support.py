"""The ledger of how long components are supported: stated, superseded, withdrawn; nothing is erased."""

from __future__ import annotations

from datetime import date, datetime

from postmarket.accounts.authority import require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.inventory.errors import InvalidComponent
from postmarket.inventory.models import ComponentIdentity, SupportStatement
from postmarket.inventory.services.reasons import reason
from postmarket.records.interface import Snapshot, instant
from postmarket.records.trail import Act, act
from postmarket.sbom.interface import SupportLevel


def state_support(
    *,
    by: Person,
    about: ComponentIdentity,
    every_version: bool,
    level: SupportLevel,
    ends_on: date | None,
    source: str,
    justification: str = "",
    why: str,
    now: datetime,
) -> SupportStatement:
    """
    Say how long a component is supported, or (`every_version`) its whole product; the statement before is superseded.

    It counts for every device, so it takes the permission for all lines. Raises NotAllowed, and InvalidComponent for a
    statement without a source, or with neither a day nor a justification for its absence (FDA premarket guidance,
    V.A.4: what cannot be given is justified).
    """
    require(by, Permission.SUPPLIERS_EDIT, on=None)
    if not source.strip():
        raise InvalidComponent(
            "It is not said where this stands", where="source", next_step="Give an address or letter."
        )
    if ends_on is None and not justification.strip():
        raise InvalidComponent(
            "There is no end of support, and no justification",
            where="end of support",
            next_step="Give the day, or say why it cannot be given.",
        )
    if every_version and not about.product:
        raise InvalidComponent(f"{about} has no name to know its product by", next_step="State it for this one.")
    place = {"product": about.product} if every_version else {"identity": about}
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        held = SupportStatement.objects.select_for_update(of=("self",)).filter(superseded_at=None)
        for old in held.filter(**(place if not every_version else {**place, "identity": None})):
            _supersede(doing, old, now=now)
        statement = SupportStatement.objects.create(
            **place,
            level=level.value,
            ends_on=ends_on,
            justification=justification.strip(),
            source=source.strip(),
            stated_by=by,
            stated_at=now,
        )
        doing.note("support.stated", subject=statement, before=None, after=support_snapshot(statement))
    return statement


def withdraw_support(*, by: Person, statement: SupportStatement, why: str, now: datetime) -> SupportStatement:
    """
    Take a statement back: what the SBOM says counts again.

    Raises NotAllowed, and InvalidComponent for one that does not count any more.
    """
    require(by, Permission.SUPPLIERS_EDIT, on=None)
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        statement = SupportStatement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
        if statement.superseded_at is not None:
            raise InvalidComponent(f"The {statement} does not count any more", next_step="Look at the ledger again.")
        _supersede(doing, statement, now=now)
    return statement


def support_snapshot(statement: SupportStatement) -> Snapshot:
    """A statement, whole."""
    ends, over = statement.ends_on, statement.superseded_at
    return {
        "identity": None if statement.identity is None else statement.identity.key,
        "product": statement.product,
        "level": statement.level,
        "ends_on": None if ends is None else ends.isoformat(),
        "justification": statement.justification,
        "source": statement.source,
        "stated_by": str(statement.stated_by_id),
        "stated_at": instant(statement.stated_at),
        "superseded_at": None if over is None else instant(over),
    }


def _supersede(doing: Act, statement: SupportStatement, *, now: datetime) -> None:
    before = support_snapshot(statement)
    statement.superseded_at = now
    statement.save(update_fields=["superseded_at"])
    doing.note("support.superseded", subject=statement, before=before, after=support_snapshot(statement))
