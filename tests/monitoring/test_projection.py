"""The projection says what `postmarket scan` says of the same portfolio and store."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postmarket.accounts.roles import Role
from postmarket.demo import portfolio_path
from postmarket.documents.vex import read as read_vex
from postmarket.inventory.models import DeviceVersion
from postmarket.inventory.rules.identity import identity_key
from postmarket.matching.aliases import builtin
from postmarket.matching.store.engine import Connection
from postmarket.monitoring.models import Judgement, SupplierStatement
from postmarket.monitoring.queries.coverage import coverage_of, portfolio_coverage
from postmarket.monitoring.queries.explaining import explained
from postmarket.monitoring.queries.findings import Asked, findings
from postmarket.monitoring.queries.findings.rows import FindingRow
from postmarket.monitoring.services.projecting.baseline import mark_due
from postmarket.monitoring.services.projecting.run import Projected
from postmarket.monitoring.services.supplier_vex import receive_vex, withdraw_vex
from postmarket.policy.interface import Criticality
from postmarket.policy.pack import Pack
from postmarket.worklist.assemble import assemble
from postmarket.worklist.explain import explain, fixed_version, next_step
from postmarket.worklist.inputs import Inputs, read_inputs
from postmarket.worklist.interface import Lane, Row, Worklist
from postmarket.worklist.unseen import causes
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


@pytest.fixture
def demo(demo_feeds: None, kept: Connection, pack: Pack, bring_up: Callable[..., object]) -> Worklist:
    """The example manufacturer in the inventory, its findings projected; and what a scan says of the same."""
    keep_portfolio(inputs_of_demo(pack).devices, folder=portfolio_path().parent)
    bring_up()
    return scanned(kept, pack)


def test_the_portfolio_says_what_a_scan_of_it_says(demo: Worklist) -> None:
    """Row by row, in every lane, in the same order, with the same evidence."""
    shown = list(findings(by=person("Ana Reed", Role.PSIRT_ANALYST)).every())

    assert [of_finding(row) for row in shown] == [of_scan(row) for row in demo.rows]
    assert {row.lane for row in shown} >= {"worklist", "possible", "suggested not affected"}


def test_suppliers_vex_moves_the_rows_a_scan_moves(demo: Worklist, kept: Connection, pack: Pack) -> None:
    """To their own lane with attribution, with the same line for every statement; withdrawn, they go back."""
    ana = person("Ana Reed", Role.PSIRT_ANALYST)
    inputs = inputs_of_demo(pack)
    documents = [
        receive_vex(by=ana, content=path.read_bytes(), file_name=path.name, why="Sent by them.", now=NOW)
        for path in inputs.vex
    ]
    statements = [one for path in inputs.vex for one in read_vex(path.read_bytes(), name=str(path))]
    worklist = assemble(
        kept,
        inputs.devices,
        aliases=builtin(),
        pack=pack,
        now=NOW,
        aware=NOW,
        aware_basis="the load",
        statements=statements,
    )

    shown = list(findings(by=ana).every())

    assert [of_finding(row) for row in shown] == [of_scan(row) for row in worklist.rows]
    cleared = findings(by=ana, asked=Asked(lanes=(Lane.SUPPLIER_NOT_AFFECTED,))).cut(0, 99)
    assert cleared
    assert {row.place for row in cleared} == {row.place for row in shown if row.lane is Lane.SUPPLIER_NOT_AFFECTED}
    assert all(row.supplier is not None and row.supplier.statements for row in cleared)
    said = SupplierStatement.objects.order_by("document_id", "position").values_list("outcome", "why")
    assert list(said) == [(line.outcome.value, line.why) for line in worklist.vex]
    for document in documents:
        withdraw_vex(by=ana, document=document, why="They took it back.", now=NOW)
    assert [row.lane for row in findings(by=ana).every()] == [row.lane for row in demo.rows]


def test_reasons_dates_and_next_steps_are_those_of_a_scan(demo: Worklist, kept: Connection, pack: Pack) -> None:
    """In place under each row, from the store alone."""
    rows = list(findings(by=person("Ana Reed", Role.PSIRT_ANALYST)).every())

    told = explained(rows, pack=pack, now=NOW)

    reasons = explain(kept, demo.rows)
    assert [one.reasons for one in told] == reasons
    assert [one.fixed for one in told] == [fixed_version(row, why) for row, why in zip(demo.rows, reasons, strict=True)]
    assert [one.next_step for one in told] == [next_step(row, why) for row, why in zip(demo.rows, reasons, strict=True)]
    assert [one.timeline for one in told] == [row.timeline for row in demo.rows]


def test_coverage_is_that_of_a_scan(demo: Worklist) -> None:
    """The four states of every component of every version, and why some are not monitored."""
    ana = person("Ana Reed", Role.PSIRT_ANALYST)
    by_label = {str(version): version for version in DeviceVersion.objects.select_related("device__line")}

    for report in demo.devices:
        said = coverage_of(by_label[report.device.label], by=ana)
        assert said.counts == report.counts
        assert [(one.name, one.state, one.why) for one in said.components] == [
            (component.name, item.state, item.why) for component, item in report.coverage
        ]
    assert portfolio_coverage(by=ana).causes == causes(demo.devices)


def test_rebuilding_says_the_same_and_changes_nothing(demo: Worklist, bring_up: Callable[..., object]) -> None:
    """A run that finds nothing new writes nothing; one that judges everything anew comes to the same."""
    before = list(Judgement.objects.values_list("version", "identity", "lead", "grade"))

    assert bring_up() == Projected()
    mark_due(DeviceVersion.objects.values_list("pk", flat=True))
    bring_up()

    assert list(Judgement.objects.values_list("version", "identity", "lead", "grade")) == before


def test_a_page_takes_as_many_queries_for_one_row_as_for_many(demo: Worklist) -> None:
    """However long the page is: its keys, and one statement for each kind of row."""
    shown = findings(by=person("Ana Reed", Role.PSIRT_ANALYST))

    with CaptureQueriesContext(connection) as one:
        assert len(shown.cut(0, 1)) == 1
    with CaptureQueriesContext(connection) as many:
        assert len(shown.cut(0, 200)) == 200

    assert len(one) <= len(many) <= 8
