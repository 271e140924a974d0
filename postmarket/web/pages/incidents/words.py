"""The words and colours of incidents, the same on every page; and each incident as one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from postmarket.assessment.queries.incidents import standing_of
from postmarket.assessment.rules.incident import Standing
from postmarket.assessment.words import ExploitationHere
from postmarket.web.components.tags import Meaning
from postmarket.web.components.text import plural

if TYPE_CHECKING:
    from postmarket.assessment.models import Incident

EXPLOITATION: Final = {
    ExploitationHere.ACTIVE: ("Actively exploited", Meaning.HARM),
    ExploitationHere.SUSPECTED: ("Suspected", Meaning.SOON),
}
STANDINGS: Final = {
    Standing.UNPLANNED: ("Not planned", Meaning.HARM),
    Standing.PLANNED: ("Waits for approval", Meaning.SOON),
    Standing.APPROVED: ("Approved, not isolated", Meaning.ACT),
    Standing.ISOLATED: ("Isolated", Meaning.ACT),
    Standing.RESTORED: ("Restored", Meaning.SAFE),
    Standing.RULED_OUT: ("Ruled out", Meaning.PLAIN),
}
REACHED: Final = {
    ExploitationHere.ACTIVE: "that an attacker may control",
    ExploitationHere.SUSPECTED: "that an attacker may have reached",
}
COMES: Final = {
    Standing.UNPLANNED: "nobody has planned what to do with them",
    Standing.PLANNED: "isolation waits for the clinical safety lead",
    Standing.APPROVED: "isolation is approved and not carried out",
}


def units_of(row: Incident) -> str:
    """How many units of which device: "4 units of Ventorsa 5"; without a number where nobody named them."""
    count = len(row.units.all())
    device = row.version.device.name
    return f"{plural(count, 'unit')} of {device}" if count else f"units of {device}"


def finding(row: Incident) -> str:
    """An incident of `queries.incidents` in one sentence: what is touched, and what it waits for."""
    here, units, site = standing_of(row), units_of(row), row.site.name
    one = len(row.units.all()) == 1
    match here:
        case Standing.RULED_OUT:
            return f"What happened to {units} at {site} was no exploitation."
        case Standing.RESTORED:
            return f"{units[0].upper()}{units[1:]} at {site} {'is' if one else 'are'} back in use."
        case Standing.ISOLATED:
            return f"{site} has {units} isolated; {'it waits' if one else 'they wait'} to be restored."
        case _:
            reached = REACHED[ExploitationHere(row.exploitation)]
            comes = COMES[here].replace("them", "it") if one else COMES[here]
            return f"{site} runs {units} {reached}; {comes}."
