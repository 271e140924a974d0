"""
Controlled or uncontrolled: the matrix, and what people add to it.

A binary answer is made in every case (FDA postmarket guidance 2016, VI); what the matrix leaves to clinical review is
no answer until two people have resolved it, and what is unknown has none.
"""

from __future__ import annotations

import msgspec

from postmarket.assessment.rules.content import Content
from postmarket.assessment.rules.exploitability import Judged
from postmarket.policy.interface import Authority, Citation, Determination, HarmSeverity
from postmarket.policy.matrix import determine
from postmarket.policy.pack import Pack

PRIVACY_RULE = "privacy-only"
PRIVACY = Citation(
    Authority.GUIDANCE,
    "FDA, Postmarket Management of Cybersecurity in Medical Devices (2016-12-28): loss of confidentiality is not"
    " patient harm",
)
WORDS = {
    Determination.CONTROLLED: "controlled",
    Determination.REVIEW: "clinical review",
    Determination.UNCONTROLLED: "uncontrolled",
}
_RANK = {Determination.CONTROLLED: 0, Determination.REVIEW: 1, Determination.UNCONTROLLED: 2}


class Outcome(msgspec.Struct, frozen=True):
    """
    What an assessment comes to.

    `cell` is what the matrix says, None where it cannot be asked (severity unknown) or need not be (privacy only).
    `final` is controlled or uncontrolled, or None: not known, or a review that is not resolved. `why` is a sentence.
    """

    severity: HarmSeverity | None
    cell: Determination | None
    final: Determination | None
    rule: str
    citation: Citation
    why: str


def outcome(content: Content, judged: Judged, pack: Pack) -> Outcome:
    """The determination of `content` at this exploitability. A resolution settles a review, or raises; never lowers."""
    if content.privacy is not None and not content.harm:
        why = "Only confidentiality is at stake, and the leaked data cannot alter the device: no patient harm."
        return Outcome(None, None, Determination.CONTROLLED, PRIVACY_RULE, PRIVACY, why)
    severity = content.severity
    if severity is None:
        why = "The severity of harm is not judged: unknown is neither controlled nor uncontrolled."
        return Outcome(None, None, None, "", pack.matrix.cited(), why)
    cell = determine(judged.level, severity, pack)
    final, why = _resolved(cell.determination, content, f"{judged.level.name.lower()} × {severity.name.lower()}")
    return Outcome(severity, cell.determination, final, cell.rule, cell.citation, why)


def _resolved(cell: Determination, content: Content, where: str) -> tuple[Determination | None, str]:
    said = content.resolution
    if cell is Determination.REVIEW:
        if said is None:
            return None, f"The matrix leaves {where} to clinical review: two people must resolve it."
        return said.determination, f"Clinical review of {where} came to {WORDS[said.determination]}: {said.rationale}"
    if said is not None and _RANK[said.determination] > _RANK[cell]:
        return said.determination, f"Raised to {WORDS[said.determination]} by the leads: {said.rationale}"
    return cell, f"The matrix says {WORDS[cell]} for {where}."
