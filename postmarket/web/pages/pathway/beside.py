"""What stands beside the form: where it comes from, what saving causes, and what is kept of the device."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postmarket.assessment.queries.assessments import signatures
from postmarket.web.components.text import plural
from postmarket.web.pages.pathway.forms import KeepForm

if TYPE_CHECKING:
    from postmarket.web.pages.pathway.asking import Asked
    from postmarket.web.pages.pathway.draft import Draft


@dataclass(frozen=True, slots=True)
class Beside:
    """`where` says which revision it is; `causes` what saving does; `keep` the form that keeps the saved pathway."""

    where: str
    copied: str
    causes: Sequence[str]
    keep: KeepForm | None


def beside(at: Asked, draft: Draft) -> Beside:
    """Two queries at most."""
    begun = at.begun
    keeps = begun.written is not None and bool(begun.pathway.steps) and not at.case.restricted
    return Beside(where=_where(at), copied=_copied(at), causes=_causes(at, draft), keep=KeepForm() if keeps else None)


def _where(at: Asked) -> str:
    written = at.begun.written
    if written is not None:
        return f"revision {written.revision}, {written.state}"
    origin = at.begun.origin
    if origin is not None and origin.version_id == at.begun.version.pk:
        return f"revision {origin.revision}, {origin.state}"
    return "not assessed yet"


def _copied(at: Asked) -> str:
    source = at.begun.copied_from
    if source is None or not at.begun.pathway.steps:
        return ""
    return f"{source.version}, revision {source.revision}, drafted by {source.drafted_by.name}"


def _causes(at: Asked, draft: Draft) -> list[str]:
    begun, found = at.begun, []
    if begun.written is None:
        stands = begun.origin is not None and begun.origin.version_id == begun.version.pk
        found.append(f"Begins {'a new revision' if stands else 'the assessment'} of {begun.version}.")
        if stands:
            found.append("What both leads have signed stands until the new revision is signed.")
    elif begun.copied_from is not None:
        found.append(f"A change makes it a draft of {begun.version}'s own.")
    signed = [] if begun.written is None else [one for one in signatures(begun.written) if one.voided_at is None]
    if signed:
        names = " and ".join(one.person.name for one in signed)
        found.append(f"A change voids the {plural(len(signed), 'signature').split()[1]} of {names}.")
    if draft.new_controls:
        names = ", ".join(dict.fromkeys(one.name for one in draft.new_controls))
        found.append(f"Names for {begun.version.device}: {names}.")
    return [*found, "Nothing takes effect before both leads sign."]
