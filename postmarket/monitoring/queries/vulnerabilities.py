"""The vulnerabilities that hit something of the firm; `queries.vulnerability` has everything of one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from postmarket.accounts.authority import Caller, lines
from postmarket.accounts.permissions import Permission
from postmarket.monitoring.models import VulnerabilityFacts
from postmarket.monitoring.queries.findings.asked import Asked
from postmarket.monitoring.queries.findings.sql import statement
from postmarket.policy.interface import Priority
from postmarket.worklist.interface import Lane

IN_THE_FIELD = Asked(lanes=(Lane.WORKLIST, Lane.POSSIBLE), shipped=True)
"""What may concern versions that are shipped."""


@dataclass(frozen=True, slots=True)
class VulnerabilityRow:
    """A vulnerability, how many device versions and devices it may concern, and its most pressing place among them."""

    facts: VulnerabilityFacts
    versions: int
    devices: int
    priority: Priority


def hitting(*, by: Caller, asked: Asked = IN_THE_FIELD) -> list[VulnerabilityRow]:
    """Those that `asked` means of what `by` may read, the most pressing first; two statements."""
    found = statement(asked, lines(by, Permission.CONTENT_READ), with_state=False)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.lead, count(DISTINCT v.id), count(DISTINCT d.id), min(s.priority)"
            f" {found.text} GROUP BY s.lead ORDER BY 4, 2 DESC, 1",
            found.values,
        )
        rows = cursor.fetchall()
    facts = VulnerabilityFacts.objects.in_bulk([row[0] for row in rows])
    return [
        VulnerabilityRow(facts[lead], versions, devices, Priority(first)) for lead, versions, devices, first in rows
    ]
