"""
The findings of the portfolio: projected from listings, matches and standings, in one ordered query.

    shown = findings(by=person, asked=Asked(lanes=(Lane.WORKLIST,)))
    shown.count(), shown.cut(0, 50)
"""

from postmarket.monitoring.queries.findings.asked import Asked
from postmarket.monitoring.queries.findings.counts import Count, counts
from postmarket.monitoring.queries.findings.rows import FindingRow, Findings, findings

__all__ = ["Asked", "Count", "FindingRow", "Findings", "counts", "findings"]
