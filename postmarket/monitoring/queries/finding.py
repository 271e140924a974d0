"""One finding with everything: why it matched, what its device asks for, its siblings, what each answer will cause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from postmarket.accounts.authority import Caller
from postmarket.documents.vex.interface import Justification, Status
from postmarket.monitoring.errors import NotFound
from postmarket.monitoring.models import Finding, VersionDecision
from postmarket.monitoring.policy import pack_in_force
from postmarket.monitoring.queries.explaining import Explanation, explained
from postmarket.monitoring.queries.findings import Asked, FindingRow, findings
from postmarket.monitoring.queries.grounds import Place
from postmarket.monitoring.queries.proposing import proposed_to
from postmarket.monitoring.rules.answers import WORDS, Answer
from postmarket.monitoring.rules.premises import named_by
from postmarket.monitoring.words import Premise

MOST_SIBLINGS = 500
REOPENS = {
    Premise.KEV: "CISA adds it to its catalogue of exploited vulnerabilities",
    Premise.EXPLOIT: "what is known of exploits changes",
    Premise.EPSS: "its EPSS probability jumps",
    Premise.SCORE: "its score changes",
    Premise.RANGE: "a source calls other versions affected",
    Premise.COMPONENT: "the SBOM no longer lists the component",
    Premise.GROUP: "its names are merged or split",
    Premise.REJECTED: "it is rejected",
    Premise.POLICY: "the policy changes",
}
"""When a decision that names the premise comes back, in words."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """What an answer will cause: sentences for beside its button, and the answer as it would be filled in."""

    answer: Answer
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Detail:
    """
    A finding with everything around it.

    `siblings` are the same vulnerability and component on other versions that `by` may read; `others` further
    components of this version with the vulnerability. `history` are all decisions at this place, newest first.
    """

    explanation: Explanation
    finding: Finding | None
    siblings: tuple[FindingRow, ...]
    others: tuple[FindingRow, ...]
    history: tuple[VersionDecision, ...]
    consequences: tuple[Consequence, ...]

    @property
    def row(self) -> FindingRow:
        """The finding itself."""
        return self.explanation.row


def finding(place: Place, *, by: Caller, now: datetime) -> Detail:
    """The finding at `place`. Raises NotFound, also for one that is not for `by` to see."""
    version, identity, lead = place
    row = next(iter(findings(by=by, asked=Asked(places=(place,))).cut(0, 1)), None)
    if row is None:
        raise NotFound("There is no such finding", next_step="Look at the list again.")
    (explanation,) = explained([row], pack=pack_in_force(), now=now)
    same = findings(by=by, asked=Asked(identities=(identity,), vulnerabilities=(lead,))).cut(0, MOST_SIBLINGS)
    here = findings(by=by, asked=Asked(versions=(version,), vulnerabilities=(lead,))).cut(0, MOST_SIBLINGS)
    siblings = tuple(other for other in same if other.place != place)
    elsewhere = sum(target.place != place for target in proposed_to([row]))
    history = VersionDecision.objects.filter(version=version, identity=identity, lead=lead)
    return Detail(
        explanation=explanation,
        finding=Finding.objects.filter(version=version, lead=lead).first(),
        siblings=siblings,
        others=tuple(other for other in here if other.place != place),
        history=tuple(history.select_related("decision__made_by", "decision__made_for__device", "signature")),
        consequences=tuple(_consequence(answer, elsewhere) for answer in quick_answers(explanation)),
    )


def quick_answers(explanation: Explanation) -> tuple[Answer, ...]:
    """The four answers of triage, filled in as far as the facts go; a person completes and confirms them."""
    fixed = explanation.fixed
    name = explanation.row.identity.name
    update = f"Update {name} to {fixed}, validated." if fixed else ""
    return (
        Answer(Status.AFFECTED, action=update or explanation.next_step),
        Answer(Status.NOT_AFFECTED, Justification.NOT_GIVEN),
        Answer(Status.UNDER_INVESTIGATION),
        Answer(Status.FIXED),
    )


def _consequence(answer: Answer, waiting: int) -> Consequence:
    says = ["Takes effect for this version once it is signed."]
    if waiting:
        says.append(f"Is proposed for {waiting} other version{'' if waiting == 1 else 's'} with the same component.")
    if answer.status is Status.NOT_AFFECTED:
        says.append("Comes back when what the justification rests on changes.")
    else:
        named = [REOPENS[premise] for premise in Premise if premise in named_by(answer)]
        says.append(f"Comes back when {', '.join(named[:-1])} or {named[-1]}.")
    if answer.status is Status.UNDER_INVESTIGATION:
        says.append(f"The finding stays “{WORDS[answer.status]}” until somebody decides.")
    return Consequence(answer, tuple(says))
