"""The two signatures of a case: who signed what, when and with which hash, and who is awaited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from postmarket.assessment.words import Lead
from postmarket.web.components.text import plural
from postmarket.web.pages.cases.panels.assessed import open_again

if TYPE_CHECKING:
    from postmarket.assessment.queries.assessments import OfVersion
    from postmarket.assessment.queries.case_page import SignedBy
    from postmarket.web.pages.cases.panels.assessed import Assessed


@dataclass(frozen=True, slots=True)
class Signatory:
    """
    One who signed as a lead, or the lead who is awaited (`name` is "" then).

    `at` and `sha256` are of the newest signature, `versions` how many it is under when the case has several.
    """

    lead: str
    name: str
    initials: str
    at: datetime | None
    sha256: str
    line: str


@dataclass(frozen=True, slots=True)
class Void:
    """A signature that does not count any more, and why."""

    name: str
    lead: str
    at: datetime
    because: str


@dataclass(frozen=True, slots=True)
class Signing:
    """Both leads in their order; `void` signatures stay to be read."""

    people: Sequence[Signatory]
    void: Sequence[Void]


def signing(of: Assessed) -> Signing:
    """Nothing is read for it."""
    living = [one for one in of.signatures if one.row.voided_at is None]
    people: list[Signatory] = []
    for lead in Lead:
        signed = [one for one in living if one.lead is lead]
        waits = [one for one in of.versions if _awaits(one, lead)]
        people += _signed(signed, len(of.versions), waits)
        if not signed:
            people.append(Signatory(_title(lead), "", "", None, "", _waiting(of, waits, lead)))
    return Signing(
        people,
        [
            Void(one.row.person.name, _title(one.lead), one.row.signed_at, one.row.voided_because)
            for one in of.signatures
            if one.row.voided_at is not None
        ],
    )


def _signed(signed: Sequence[SignedBy], versions: int, waits: Sequence[OfVersion]) -> list[Signatory]:
    by_person: dict[str, list[SignedBy]] = {}
    for one in signed:
        by_person.setdefault(str(one.row.person_id), []).append(one)
    found = []
    for rows in by_person.values():
        newest = rows[-1]
        covered = len({one.row.assessment.version_id for one in rows})
        line = f"for {covered} of {plural(versions, 'version')}" if covered < versions else ""
        if waits and rows is list(by_person.values())[-1]:
            line += f"; {_more(waits, newest.lead)}" if line else _more(waits, newest.lead)
        name = newest.row.person.name
        found.append(Signatory(_title(newest.lead), name, initials(name), newest.row.signed_at, newest.sha256, line))
    return found


def _more(waits: Sequence[OfVersion], lead: Lead) -> str:
    ready = sum(lead in one.waits_for for one in waits)
    if ready:
        return plural(ready, "waits,wait")
    again = sum(map(open_again, waits))
    return f"{plural(again, 'version')} to be signed anew" if again else f"{len(waits)} still to be assessed"


def _awaits(one: OfVersion, lead: Lead) -> bool:
    """Whether the lead has still to sign for that version, ready or not; anew where it is open again."""
    if one.written is not None:
        return lead not in one.signed_by
    return one.standing is None or open_again(one)


def _waiting(of: Assessed, waits: Sequence[OfVersion], lead: Lead) -> str:
    if not of.versions:
        return "Waits for a version to be assessed"
    ready = [one for one in waits if lead in one.waits_for]
    unready = len(waits) - len(ready)
    if ready and not unready:
        return f"{plural(len(ready), 'version waits,versions wait')} for this signature"
    if ready:
        return f"{plural(len(ready), 'version waits,versions wait')} for this signature, {unready} still to be assessed"
    return "Waits for the assessment" if unready == len(of.versions) else f"{unready} still to be assessed"


def initials(name: str) -> str:
    """`Jonas Okafor` is JO; titles are left out."""
    words = [word for word in name.split() if not word.endswith(".") and word[:1].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


def _title(lead: Lead) -> str:
    return lead.value[:1].upper() + lead.value[1:]
