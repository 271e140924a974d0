"""The article's response for a device type: the step it gives for active and for suspected exploitation."""

from __future__ import annotations

import msgspec

from postmarket.assessment.words import ExploitationHere
from postmarket.policy.interface import Citation, Criticality
from postmarket.policy.pack import Pack
from postmarket.policy.response import device_type, response


class Playbook(msgspec.Struct, frozen=True):
    """
    The step to the letter, whose rule it is, and a note where the type is not one of the article's.

    It is the article's table, no FDA rule (F26): the clinical safety lead approves what is done.
    """

    criticality: Criticality
    step: str
    citation: Citation
    note: str


def playbook(type_name: str, exploitation: ExploitationHere, pack: Pack) -> Playbook:
    """What the article says for a device of this type; an unknown type counts as the policy says, and notes it."""
    kind = device_type(type_name, pack)
    found = response(kind.criticality, pack)
    step = found.active if exploitation is ExploitationHere.ACTIVE else found.suspected
    return Playbook(kind.criticality, step, found.citation, kind.note or found.note)
