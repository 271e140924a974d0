"""Answering a finding, and taking an answer back before it is signed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from postmarket.accounts.authority import may, require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.accounts.rules import Lines
from postmarket.monitoring.errors import NotFound, NotPossible
from postmarket.monitoring.models import Decision, VersionDecision
from postmarket.monitoring.policy import pack_in_force
from postmarket.monitoring.queries.findings import Asked, FindingRow, Findings
from postmarket.monitoring.queries.grounds import Place, grounds_of
from postmarket.monitoring.queries.proposing import proposed_to
from postmarket.monitoring.rules.answers import Answer, checked
from postmarket.monitoring.rules.premises import named_by
from postmarket.monitoring.rules.states import become
from postmarket.monitoring.snapshots import decision_snapshot, version_decision_snapshot
from postmarket.monitoring.words import DecisionState, Premise
from postmarket.records import act

EVERY_LINE = Lines(every=True)


def decide(
    *, by: Person, place: Place, answer: Answer, also: Sequence[Premise] = (), why: str = "", now: datetime
) -> Decision:
    """
    Answer the finding at `place` (device version, component identity, alias group); nothing is in effect before it is
    signed.

    The answer is proposed for this version and for every other that `queries.proposing.proposed_to` names.
    `also` are premises it rests on beyond those its answer always names. Raises NotAllowed, InvalidAnswer, NotFound.
    """
    row = _row(place)
    require(by, Permission.FINDINGS_TRIAGE, on=row.device.line)
    answer = checked(answer)
    premises = named_by(answer) | set(also)
    pack = pack_in_force()
    with act(actor=by.actor, at=now, why=why or f"{row.facts.name}: {answer.words}.", policy=pack.version) as doing:
        targets = [target.place for target in proposed_to([row])]
        decision = Decision.objects.create(
            vulnerability=row.facts.name,
            identity=row.identity,
            made_for=row.version,
            status=answer.status.value,
            justification=answer.justification.value,
            rationale=answer.rationale,
            action=answer.action,
            premises=[premise.value for premise in Premise if premise in premises],
            policy=pack.version,
            made_by=by,
            made_at=now,
            why=why,
        )
        propose(decision, targets, now=now)
        doing.note(
            "decision.made",
            subject=decision,
            before=None,
            after=decision_snapshot(decision),
            detail={"proposed_for": [str(version) for version, _, _ in targets]},
        )
    return decision


def propose(decision: Decision, places: Sequence[Place], *, now: datetime) -> list[VersionDecision]:
    """
    Propose a decision at these places, instead of what was proposed there before. Call inside a transaction.

    The grounds are those of this moment: a person who signs sees what changed since the decision was made.
    """
    grounds = grounds_of(places, policy=decision.policy)
    waiting = VersionDecision.objects.select_for_update().filter(
        state=DecisionState.PROPOSED.value,
        identity=decision.identity_id,
        lead__in={lead for _, _, lead in places},
        version__in={version for version, _, _ in places},
    )
    for row in waiting:
        row.state = become(DecisionState(row.state), DecisionState.REPLACED).value
        row.save(update_fields=["state"])
    return VersionDecision.objects.bulk_create(
        [
            VersionDecision(
                decision=decision,
                version_id=version,
                identity_id=identity,
                lead=lead,
                grounds=msgspec.to_builtins(grounds[version, identity, lead]),
                proposed_at=now,
            )
            for version, identity, lead in places
        ]
    )


def undo(*, by: Person, decision: Decision, why: str = "", now: datetime) -> int:
    """
    Take a decision back wherever nobody has signed it yet; for how many device versions.

    Who made it may, and who may sign. Raises NotAllowed, and NotPossible when it is signed everywhere.
    """
    line = decision.made_for.device.line
    if decision.made_by_id != by.pk or not may(by, Permission.FINDINGS_TRIAGE, on=line):
        require(by, Permission.FINDINGS_DECIDE, on=line)
    with act(actor=by.actor, at=now, why=why or "Taken back before it was signed.") as doing:
        rows = list(
            VersionDecision.objects.select_for_update().filter(decision=decision, state=DecisionState.PROPOSED.value)
        )
        if not rows:
            raise NotPossible(
                "Nothing of this decision waits to be signed",
                next_step="Decide anew: the new decision replaces it once signed.",
            )
        for row in rows:
            before = version_decision_snapshot(row)
            row.state = become(DecisionState(row.state), DecisionState.WITHDRAWN).value
            row.save(update_fields=["state"])
            doing.note("decision.withdrawn", subject=row, before=before, after=version_decision_snapshot(row))
    return len(rows)


def _row(place: Place) -> FindingRow:
    found = Findings(Asked(places=(place,)), EVERY_LINE).cut(0, 1)
    if not found:
        raise NotFound(
            "There is no such finding",
            why="the version no longer lists the component, or no source matches it any more",
            next_step="Look at the list again.",
        )
    return found[0]
