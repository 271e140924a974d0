"""Redactions as they are put before the second person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.accounts.signing.interface import Shown
from postmarket.cases.queries.redactions import REDACTION, visible_datum, what
from postmarket.records import Act, Subject, private
from postmarket.records.interface import instant
from postmarket.records.meanings import Meaning
from postmarket.records.models import PrivateDatum, Signature
from postmarket.records.redactions import PrivateStanding, standing_of


class Redactions:
    """A private datum that somebody asked to go; signed by another, it is gone. What it says is never shown here."""

    kind = REDACTION
    permission = Permission.RECORDS_REDACT

    def shown(self, ids: Sequence[str]) -> Mapping[str, Shown]:
        """Those among `ids` that are still there and asked for."""
        held = PrivateDatum.objects.select_for_update().filter(pk__in=ids, content__isnull=False).order_by("pk")
        found = [standing_of(pk) for pk in held.values_list("pk", flat=True)]
        return {one.id: _shown(one) for one in found if one is not None and one.proposal is not None}

    def signed(
        self, shown: Sequence[Shown], *, meaning: Meaning, signature: Signature, by: Person, doing: Act, now: datetime
    ) -> None:
        """Carry them out. Raises RedactionRefused for who asked, CaseNotFound for who may not see the case."""
        for one in shown:
            visible_datum(by=by, id=one.subject.id)
            private.carry_out(doing, one.subject.id)


def _shown(one: PrivateStanding) -> Shown:
    asked = one.proposal
    assert asked is not None  # noqa: S101 - the caller leaves the others out
    where = "" if one.about is None else f"{one.about.kind.replace('-', ' ')} {one.about.id}"
    return Shown(
        subject=Subject(REDACTION, one.id),
        sentence=f"{what(one).capitalize()} is removed for good: personal data of {where or 'no subject'}.",
        content={
            "kept with": where,
            "what it is": f"{what(one)}, {one.size or 0:,} bytes",
            "kept on": instant(one.kept_at),
            "asked by": asked.by.name,
            "asked on": instant(asked.at),
            "because": asked.why,
            "what stays": "Its id and salted hash, the entries that speak of it, and a signed tombstone.",
            "private datum": one.sha256,
        },
    )
