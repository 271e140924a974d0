"""Decisions of findings, as they are put before a person to be signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.accounts.signing.interface import Shown
from postmarket.monitoring.models import VersionDecision
from postmarket.monitoring.policy import pack_in_force
from postmarket.monitoring.queries.grounds import Place, grounds_of
from postmarket.monitoring.rules.premises import Grounds, changes, said
from postmarket.monitoring.rules.states import become
from postmarket.monitoring.services.deciding.finding_rows import STANDING, refresh_findings
from postmarket.monitoring.snapshots import version_decision_snapshot
from postmarket.monitoring.words import DecisionState, Premise
from postmarket.records import Act, Value
from postmarket.records.meanings import Meaning
from postmarket.records.models import Signature


class FindingDecisions:
    """Proposed decisions, one per device version and component; signing makes them take effect there."""

    kind = "version-decision"
    permission = Permission.FINDINGS_DECIDE

    def shown(self, ids: Sequence[str]) -> Mapping[str, Shown]:
        """
        What would be signed now: the answer, and each premise it names as it is at this moment.

        So whatever re-opens a decision also voids a list on which it still waits.
        """
        rows = _proposed(ids)
        grounds = _grounds(rows)
        return {str(row.pk): _shown(row, grounds[_place(row)]) for row in rows}

    def signed(
        self, shown: Sequence[Shown], *, meaning: Meaning, signature: Signature, by: Person, doing: Act, now: datetime
    ) -> None:
        """Each takes effect for its version, instead of what stood there."""
        rows = _proposed([one.subject.id for one in shown])
        grounds = _grounds(rows)
        standing = _standing(rows)
        for row in rows:
            old = standing.get(_place(row))
            if old is not None:
                _replace(old, doing)
            before = version_decision_snapshot(row)
            row.state = become(DecisionState(row.state), DecisionState.IN_EFFECT).value
            row.grounds = msgspec.to_builtins(grounds[_place(row)])
            row.signature, row.signed_at, row.due = signature, now, False
            row.save()
            doing.note("decision.in-effect", subject=row, before=before, after=version_decision_snapshot(row))
        refresh_findings({(row.version_id, row.lead) for row in rows}, now=now)


def _proposed(ids: Sequence[str]) -> list[VersionDecision]:
    wanted = [int(one) for one in ids if one.isdecimal()]
    rows = VersionDecision.objects.select_for_update(of=("self",)).filter(
        pk__in=wanted, state=DecisionState.PROPOSED.value
    )
    return list(rows.select_related("decision__made_by", "decision__made_for", "identity", "version__device__line"))


def _standing(rows: Sequence[VersionDecision]) -> dict[Place, VersionDecision]:
    found = VersionDecision.objects.select_for_update().filter(
        version__in={row.version_id for row in rows},
        identity__in={row.identity_id for row in rows},
        lead__in={row.lead for row in rows},
        state__in=STANDING,
    )
    return {_place(row): row for row in found}


def _replace(row: VersionDecision, doing: Act) -> None:
    before = version_decision_snapshot(row)
    row.state = become(DecisionState(row.state), DecisionState.REPLACED).value
    row.due = False
    row.save(update_fields=["state", "due"])
    doing.note("decision.replaced", subject=row, before=before, after=version_decision_snapshot(row))


def _grounds(rows: Sequence[VersionDecision]) -> dict[Place, Grounds]:
    return grounds_of([_place(row) for row in rows], policy=pack_in_force().version)


def _place(row: VersionDecision) -> Place:
    return row.version_id, row.identity_id, row.lead


def _shown(row: VersionDecision, grounds: Grounds) -> Shown:
    decision = row.decision
    premises = [Premise(name) for name in decision.premises]
    then = msgspec.convert(row.grounds, Grounds)
    sentence = f"{decision.vulnerability} in {row.identity} on {row.version}: {decision.answer.words}."
    content: dict[str, Value] = {
        "device": row.version.device.name,
        "version": row.version.label,
        "component": str(row.identity),
        "component key": row.identity.key,
        "vulnerability": decision.vulnerability,
        "status": decision.status.replace("_", " "),
        "justification": decision.justification.replace("_", " "),
        "rationale": decision.rationale,
        "action": decision.action,
        "decided by": decision.made_by.name,
        "first decided for": str(decision.made_for) if row.is_inherited else "",
        "rests on": said(grounds, premises),
        "changed since it was proposed": list(changes(then, grounds, premises)),
    }
    # What an answer has no need of is left out: shown empty, it would look like something nobody stated.
    stated = {name: value for name, value in content.items() if value}
    return Shown(subject=row.subject, sentence=sentence, content=stated, line=row.version.device.line)
