"""The two leads' signatures: whose, when, over what; which are void and why; and who may sign now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django import forms

from postmarket.accounts.authority import may, people_with
from postmarket.assessment.queries.assessments import PERMISSIONS, OfVersion, signatures
from postmarket.assessment.rules.parts import differing
from postmarket.assessment.signing import KINDS
from postmarket.assessment.words import Lead
from postmarket.records import Subject as Recorded
from postmarket.records.queries import signed_on
from postmarket.web.pages.assessment.words import SIGNS

if TYPE_CHECKING:
    from postmarket.assessment.models import LeadSignature
    from postmarket.web.pages.assessment.subject import Subject

MOST_NAMED: Final = 3
WHY: Final = "I have read the whole assessment, and agree with it."


class SignForm(forms.Form):
    """Why they sign; the ceremony asks for the proof."""

    why = forms.CharField(label="Why you sign", max_length=500, initial=WHY)


@dataclass(frozen=True, slots=True)
class Living:
    """A signature that counts, with the hash of exactly what was shown."""

    row: LeadSignature
    sha256: str


@dataclass(frozen=True, slots=True)
class Also:
    """A sibling version whose proposal can be signed in the same ceremony; `same` when it says the same."""

    of: OfVersion
    key: int
    same: bool


@dataclass(frozen=True, slots=True)
class LeadRow:
    """
    One of the two. `waits_for` are people who may sign, in words; `may_sign` whether this person can now.

    `hindered` says why somebody who holds the role cannot. `also` can be signed with it.
    """

    lead: Lead
    title: str
    slug: str
    living: Living | None
    void: Sequence[LeadSignature]
    waits_for: str
    may_sign: bool
    hindered: str
    also: Sequence[Also]

    @property
    def initials(self) -> str:
        """As the round mark shows them."""
        return "" if self.living is None else _initials(self.living.row.signature.printed_name)


def leads(subject: Subject) -> list[LeadRow]:
    """Both, the technical lead first."""
    shown = subject.shown
    found = [] if shown is None else signatures(shown.assessment)
    line = subject.version.device.line
    mine = [one for one in found if one.voided_at is None and one.person_id == subject.by.pk]
    rows = []
    for lead, permission in PERMISSIONS.items():
        of_lead = [one for one in found if one.lead == lead.value]
        living = next((one for one in of_lead if one.voided_at is None), None)
        holds = may(subject.by, permission, on=line)
        open_to = shown is not None and lead in subject.mine.waits_for and not subject.older and subject.case.is_open
        other = next((one for one in mine if one.lead != lead.value), None)
        hindered = ""
        if holds and open_to and other is not None:
            hindered = f"You have signed as {other.lead}; somebody else has to sign as this one."
        rows.append(
            LeadRow(
                lead=lead,
                title=lead.value.capitalize(),
                slug=SIGNS[lead],
                living=None if living is None or shown is None else Living(living, _hash(living, lead)),
                void=[one for one in of_lead if one.voided_at is not None],
                waits_for=_named([one.name for one in people_with(permission, on=line)]),
                may_sign=holds and open_to and not hindered,
                hindered=hindered,
                also=_also(subject, lead) if holds and open_to else [],
            )
        )
    return rows


def _also(subject: Subject, lead: Lead) -> list[Also]:
    """The siblings' revisions that wait for this lead too."""
    if subject.written is None:
        return []
    here = subject.written.content
    return [
        Also(one, one.written.assessment.pk, same=not differing(here, one.written.content))
        for one in subject.siblings
        if one.written is not None and lead in one.waits_for
    ]


def line(rows: Sequence[LeadRow], *, ready: bool) -> str:
    """The part in one line."""
    signed = [one for one in rows if one.living is not None]
    if len(signed) == len(rows):
        return " and ".join(one.living.row.signature.printed_name for one in signed if one.living) + " have signed."
    if signed and signed[0].living is not None:
        waiting = next(one for one in rows if one.living is None)
        return f"{signed[0].living.row.signature.printed_name} has signed; waits for the {waiting.lead}."
    return "Waits for both leads." if ready else "Nobody can sign yet: something is missing."


def _hash(row: LeadSignature, lead: Lead) -> str:
    target = signed_on(Recorded(KINDS[lead], str(row.assessment_id))).filter(signature=row.signature).first()
    return "" if target is None else target.sha256


def _named(names: Sequence[str]) -> str:
    more = f" or {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{' or '.join(names[:MOST_NAMED])}{more}"


def _initials(name: str) -> str:
    parts = [part for part in name.split() if part[:1].isalpha() and not part.endswith(".")]
    return "".join(part[0] for part in (parts[:1] + parts[-1:])[: min(2, len(parts))]).upper()
