"""The projection says what `postmarket scan` says of the same portfolio and store."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from postmarket.accounts.roles import Role
from postmarket.demo import portfolio_path
from postmarket.inventory.rules.identity import identity_key
from postmarket.matching.aliases import builtin
from postmarket.matching.store.engine import Connection
from postmarket.monitoring.queries.findings import findings
from postmarket.monitoring.queries.findings.rows import FindingRow
from postmarket.policy.interface import Criticality
from postmarket.policy.pack import Pack
from postmarket.worklist.assemble import assemble
from postmarket.worklist.inputs import Inputs, read_inputs
from postmarket.worklist.interface import Row, Worklist
from tests.accounts.builders import person
from tests.monitoring.builders import NOW, keep_portfolio

pytestmark = pytest.mark.django_db


def inputs_of_demo(pack: Pack) -> Inputs:
    """The example manufacturer."""
    return read_inputs((portfolio_path(),), criticality=Criticality.UNKNOWN, pack=pack, now=NOW)


def scanned(store: Connection, pack: Pack) -> Worklist:
    """What a scan of the demo's portfolio says, suppliers' VEX aside."""
    inputs = inputs_of_demo(pack)
    return assemble(store, inputs.devices, aliases=builtin(), pack=pack, now=NOW, aware=NOW, aware_basis="the load")


def of_scan(row: Row) -> tuple[object, ...]:
    """Everything a scan's row says that a finding says too."""
    return (
        (row.device.device, row.device.version, identity_key(row.component), row.vulnerability.name),
        row.lane,
        row.match.grade,
        row.match.evidence,
        row.role,
        row.ranking.priority,
        row.ranking.rule,
        row.ranking.reason,
        row.score.score.value if row.score.score else None,
        row.vulnerability.kev.added if row.vulnerability.kev else None,
        row.vulnerability.epss.probability if row.vulnerability.epss else None,
    )


def of_finding(row: FindingRow) -> tuple[object, ...]:
    """The same of a finding."""
    facts = row.facts
    return (
        (row.device.name, row.version.label, row.identity.key, facts.name),
        row.lane,
        row.grade,
        row.evidence,
        row.role,
        row.priority,
        row.standing.rule,
        row.standing.reason,
        facts.score,
        facts.kev_added.isoformat() if facts.kev_added else None,
        facts.epss,
    )


def test_the_portfolio_says_what_a_scan_of_it_says(
    demo_feeds: None, kept: Connection, pack: Pack, bring_up: Callable[..., object]
) -> None:
    """Row by row, in every lane, in the same order, with the same evidence."""
    keep_portfolio(inputs_of_demo(pack).devices, folder=portfolio_path().parent)
    bring_up()

    worklist = scanned(kept, pack)
    shown = list(findings(by=person("Ana Reed", Role.PSIRT_ANALYST)).every())

    assert [of_finding(row) for row in shown] == [of_scan(row) for row in worklist.rows]
    assert {row.lane for row in shown} >= {"worklist", "possible", "suggested not affected"}
