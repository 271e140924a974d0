"""What is shown of each vulnerability, and how it ranks where it is in use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import islice

from django.db import transaction

from postmarket.matching.facts import vulnerabilities
from postmarket.matching.interface import Vulnerability
from postmarket.matching.store.engine import Connection
from postmarket.matching.texts import Text, texts
from postmarket.monitoring.models import Match, Standing, VulnerabilityFacts
from postmarket.monitoring.rules.order import order_key
from postmarket.monitoring.services.deciding.reconsidering import mark_decisions_due
from postmarket.policy.interface import ClinicalRole
from postmarket.policy.pack import Pack
from postmarket.policy.priority import rank
from postmarket.policy.response import device_type
from postmarket.scoring.interface import Exploitability, ExploitMaturity
from postmarket.sources.interface import Certainty
from postmarket.worklist.assemble import Judged
from postmarket.worklist.describe import description

CHUNK = 200
FIELDS = [field.name for field in VulnerabilityFacts._meta.concrete_fields if not field.primary_key]
RANKED = ["priority", "order_key", "rule", "reason"]
PREMISES = ("score", "exploitability", "exploitability_known", "maturity", "kev_added", "rejected", "aliases")
"""What a decision can rest on, but EPSS: a forecast moves every day."""

Combination = tuple[int, str, str, int]
"""Alias group, device type, role, certainty: as `Standing` has them."""


def tell(connection: Connection, leads: Collection[int], *, pack: Pack, now: datetime) -> int:
    """Make the facts of these groups anew, and every standing that rests on them; how many facts changed."""
    wanted = iter(sorted(leads))
    count = 0
    while chunk := list(islice(wanted, CHUNK)):
        with transaction.atomic():
            count += _tell(connection, chunk, pack=pack, now=now)
    return count


def rank_where_used(combinations: Iterable[Combination], *, pack: Pack) -> None:
    """Give each of these combinations its standing, unless it has one. Call inside a transaction."""
    by_lead: dict[int, list[Combination]] = defaultdict(list)
    for combination in combinations:
        by_lead[combination[0]].append(combination)
    leads = iter(sorted(by_lead))
    while chunk := list(islice(leads, CHUNK)):
        facts = VulnerabilityFacts.objects.in_bulk(chunk)
        rows = [
            _ranked(Standing(lead=lead, device_type=kind, role=role, certainty=certainty), facts[lead], pack)
            for one in chunk
            for lead, kind, role, certainty in by_lead[one]
        ]
        Standing.objects.bulk_create(rows, ignore_conflicts=True, batch_size=CHUNK)


def rank_anew(leads: Collection[int], *, pack: Pack) -> None:
    """Rank again what has a standing; call inside a transaction."""
    facts = VulnerabilityFacts.objects.in_bulk(list(leads))
    rows = [_ranked(row, facts[row.lead], pack) for row in Standing.objects.filter(lead__in=facts)]
    Standing.objects.bulk_update(rows, RANKED, batch_size=CHUNK)


def _tell(connection: Connection, leads: Sequence[int], *, pack: Pack, now: datetime) -> int:
    found = vulnerabilities(connection, leads)
    told = texts(connection, leads)
    before = VulnerabilityFacts.objects.in_bulk(leads)
    first = _first_matched(leads)
    rows = []
    for lead, vulnerability in found.items():
        row = _facts(vulnerability, told.get(lead, ()), pack)
        known = before.get(lead)
        row.first_seen = min(first.get(lead, now), known.first_seen if known is not None else now)
        row.changed_at = now if known is None or _premises(known) != _premises(row) else known.changed_at
        if known is None or any(getattr(known, name) != getattr(row, name) for name in FIELDS):
            rows.append(row)
    VulnerabilityFacts.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["lead"], update_fields=FIELDS, batch_size=CHUNK
    )
    rank_anew([row.lead for row in rows], pack=pack)
    mark_decisions_due(leads=[row.lead for row in rows])
    return len(rows)


def _facts(vulnerability: Vulnerability, told: Sequence[Text], pack: Pack) -> VulnerabilityFacts:
    judged, words = Judged(vulnerability, pack.thresholds), description(vulnerability, told)
    kev, epss = vulnerability.kev, vulnerability.epss
    return VulnerabilityFacts(
        lead=vulnerability.id,
        name=vulnerability.name,
        aliases=list(vulnerability.aliases),
        sources=[source.value for source in vulnerability.sources],
        summary=words.summary,
        summary_source=words.source,
        weaknesses=list(words.weaknesses),
        link=words.link,
        score=judged.value,
        score_label=judged.score.score.label if judged.score.score is not None else "",
        score_flag=judged.score.flag,
        severity=judged.score.severity.value,
        exploitability=judged.exploitability.level.value,
        exploitability_known=judged.exploitability.known,
        exploitability_factors=[f"{factor.name}: {factor.says}" for factor in judged.exploitability.factors],
        maturity=judged.maturity.value,
        epss=epss.probability if epss is not None else None,
        kev_added=date.fromisoformat(kev.added) if kev is not None else None,
        kev_ransomware=kev is not None and kev.ransomware,
        rejected=vulnerability.rejected,
    )


def _premises(row: VulnerabilityFacts) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in PREMISES)


def _first_matched(leads: Collection[int]) -> Mapping[int, datetime]:
    found: dict[int, datetime] = {}
    for lead, first in Match.objects.filter(lead__in=leads).values_list("lead", "first_matched"):
        found[lead] = min(found.get(lead, first), first)
    return found


def _ranked(row: Standing, facts: VulnerabilityFacts, pack: Pack) -> Standing:
    ranking = rank(
        device_type(row.device_type, pack).criticality,
        ClinicalRole(row.role),
        Exploitability(facts.exploitability) if facts.exploitability_known else None,
        score=facts.score,
        pack=pack,
        kev=facts.kev_added is not None,
        maturity=ExploitMaturity(facts.maturity),
        certainty=Certainty.POSSIBLE if row.certainty else Certainty.STATED,
    )
    row.priority, row.order_key = ranking.priority.value, order_key(ranking.order)
    row.rule, row.reason = ranking.rule, ranking.reason
    return row
