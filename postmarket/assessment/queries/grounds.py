"""What assessments rest on as it is now, for many of them in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from postmarket.assessment.models import Assessment, Control
from postmarket.assessment.rules.exploitability import Known
from postmarket.assessment.rules.premises import Grounds
from postmarket.cases.models import Case
from postmarket.inventory.models import ComponentIdentity, Listing
from postmarket.inventory.store import store
from postmarket.matching.facts import vulnerabilities
from postmarket.matching.interface import Vulnerability
from postmarket.monitoring.models import Match, VulnerabilityFacts
from postmarket.monitoring.queries.grounds import Place, grounds_of
from postmarket.monitoring.rules.premises import NONE
from postmarket.monitoring.rules.premises import Grounds as Told
from postmarket.scoring.choice import choose
from postmarket.scoring.interface import ExploitabilityInputs, ExploitMaturity
from postmarket.worklist.assemble import MATURITIES

Pair = tuple[int, int]
"""Device version and alias group."""


def grounds_of_assessments(rows: Collection[Assessment], *, policy: str) -> dict[int, Grounds]:
    """The premises of each of these as they are now, by its key; the cases are to be fetched with them."""
    wanted: set[Pair] = {(row.version_id, row.case.lead) for row in rows if row.case.lead is not None}
    places = _places(wanted)
    told = grounds_of([place for found in places.values() for place in found], policy=policy)
    facts = VulnerabilityFacts.objects.in_bulk({lead for _, lead in wanted})
    names = _component_names(places, told)
    withdrawn = withdrawn_controls(rows)
    return {
        row.pk: Grounds(
            told=_told(row, facts, policy),
            exploitation=_exploitation(row.case),
            components=names.get((row.version_id, row.case.lead or 0), ()),
            withdrawn=tuple(sorted(one.name for one in row.says.controls if one.credited and one.control in withdrawn)),
        )
        for row in rows
    }


def withdrawn_controls(rows: Collection[Assessment]) -> frozenset[int]:
    """The controls that these name and that are no longer there, by key."""
    named = {control.control for row in rows for control in row.says.controls}
    return frozenset(Control.objects.filter(pk__in=named, withdrawn_at__isnull=False).values_list("pk", flat=True))


def vulnerabilities_of(cases: Collection[Case]) -> dict[int, Vulnerability]:
    """What the loaded sources say of the vulnerability of each case that has one, by alias group."""
    leads = {case.lead for case in cases if case.lead is not None}
    return vulnerabilities(store(), leads) if leads else {}


def known(case: Case, found: Mapping[int, Vulnerability]) -> Known:
    """What is known of a case's vulnerability, whatever we score; of a report without one, the exploitation alone."""
    exploitation = case.known_exploitation
    vulnerability = None if case.lead is None else found.get(case.lead)
    if vulnerability is None:
        return Known(exploitation=exploitation)
    chosen, ssvc, epss = choose(vulnerability.ratings), vulnerability.ssvc, vulnerability.epss
    exploited = ssvc.exploitation if ssvc is not None else ""
    inputs = ExploitabilityInputs(
        vector=chosen.rating.vector if chosen.rating is not None else "",
        kev=vulnerability.kev is not None,
        ssvc_exploitation=exploited,
        ssvc_automatable=ssvc.automatable if ssvc is not None else "",
        epss=epss.probability if epss is not None else None,
        maturity=MATURITIES.get(exploited, ExploitMaturity.UNKNOWN),
    )
    return Known(inputs, exploitation)


def _exploitation(case: Case) -> str:
    said = case.known_exploitation
    return "" if said is None else said.value


def _told(row: Assessment, facts: Mapping[int, VulnerabilityFacts], policy: str) -> Told | None:
    if row.case.lead is None:
        return Told(policy=policy)
    found = facts.get(row.case.lead)
    if found is None:
        return None
    return Told(
        kev=found.kev_added.isoformat() if found.kev_added is not None else "",
        exploit=found.maturity,
        epss=found.epss,
        score=found.score_label,
        names=tuple(sorted((found.name, *found.aliases))),
        rejected=found.rejected,
        policy=policy,
    )


def _places(wanted: Collection[Pair]) -> dict[Pair, list[Place]]:
    """The components of each version that its vulnerability matches."""
    leads = {lead for _, lead in wanted}
    identities: dict[int, set[int]] = defaultdict(set)
    for identity, lead in Match.objects.filter(lead__in=leads).values_list("identity", "lead"):
        identities[identity].add(lead)
    found: dict[Pair, list[Place]] = defaultdict(list)
    listed = Listing.objects.filter(
        version__in={version for version, _ in wanted}, identity__match_id__in=identities
    ).values_list("version_id", "identity_id", "identity__match_id")
    for version, identity, match in listed:
        for lead in identities[match or 0]:
            if (version, lead) in wanted:
                found[version, lead].append((version, identity, lead))
    return found


def _component_names(places: Mapping[Pair, Sequence[Place]], told: Mapping[Place, Told]) -> dict[Pair, tuple[str, ...]]:
    keys = {place[1] for found in places.values() for place in found}
    names = ComponentIdentity.objects.in_bulk(keys)
    return {
        pair: tuple(sorted(f"{names[place[1]]} ({told[place].grade})" for place in found if told[place].grade != NONE))
        for pair, found in places.items()
    }
