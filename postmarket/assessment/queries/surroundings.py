"""What is known around a case and a device version, from which the first steps of its pathway are taken."""

from __future__ import annotations

from postmarket.assessment.rules.content import Content, HarmScenario
from postmarket.assessment.rules.exploitability import Known
from postmarket.assessment.rules.first_steps import Surroundings
from postmarket.cases.models import Case
from postmarket.inventory.models import DeviceVersion, Listing
from postmarket.inventory.rules.kept import profile_read
from postmarket.monitoring.models import Match, VulnerabilityFacts
from postmarket.policy.interface import ClinicalRole, HarmSeverity
from postmarket.scoring.errors import ScoringError
from postmarket.scoring.vectors import metrics


def surroundings(case: Case, version: DeviceVersion, content: Content, told: Known) -> Surroundings:
    """`told` is what is known of the vulnerability; a fixed number of queries, whatever the version is made of."""
    facts = None if case.lead is None else VulnerabilityFacts.objects.filter(lead=case.lead).first()
    return Surroundings(
        vulnerability=case.vulnerability or (facts.name if facts is not None else ""),
        weaknesses=() if facts is None else tuple(facts.weaknesses),
        attack_vector=_attack_vector(told),
        features=profile_read(version.device.profile).features,
        components=_components(case, version),
        harm=_worst(content.harm, risk=case.title),
    )


def _attack_vector(told: Known) -> str:
    vector = told.vulnerability.vector
    try:
        return metrics(vector).get("AV", "") if vector else ""
    except ScoringError:
        return ""


def _components(case: Case, version: DeviceVersion) -> tuple[tuple[str, ClinicalRole, str], ...]:
    if case.lead is None:
        return ()
    matched = Match.objects.filter(lead=case.lead).values_list("identity", flat=True)
    rows = Listing.objects.filter(version=version, identity__match_id__in=list(matched)).select_related("identity")
    return tuple((str(row.identity), ClinicalRole(row.role), row.role_why) for row in rows)


def _worst(harm: tuple[HarmScenario, ...], *, risk: str) -> tuple[str, HarmSeverity | None] | None:
    """The worst that is described; not the case's `risk`, which says what an attacker does, and no harm yet."""
    described = [one for one in harm if one.words != risk]
    if not described:
        return None
    worst = max(described, key=lambda one: -1 if one.severity is None else one.severity)
    return worst.words, worst.severity
