"""The example manufacturer's history: done by the services, in the order of its times, true on every page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator

from postmarket.accounts.factors import has_second_factor
from postmarket.accounts.models import RoleGrant
from postmarket.accounts.roles import Role
from postmarket.assessment.models import Assessment, Incident
from postmarket.cases.models import Case
from postmarket.demo import portfolio_path
from postmarket.demo.firm.firm import FIRST_SEEN, Firm
from postmarket.demo.firm.history import STEPS, live, lived
from postmarket.inventory.models import AliasEntry, Customer, Determination, DeviceProposal, Supplier, SupportStatement
from postmarket.inventory.queries.currency import portfolio_currency
from postmarket.inventory.words import Answer
from postmarket.monitoring.feed_words import FeedRunState
from postmarket.monitoring.models import AdvisoryReview, FeedRun, RetiredCriterion, SupplierVex
from postmarket.monitoring.queries.decisions import reopened, to_sign
from postmarket.monitoring.queries.findings import Asked, findings
from postmarket.policy.interface import Determination as Determined
from postmarket.records.checking import standing
from postmarket.records.models import Entry, Signature
from postmarket.worklist.interface import Lane

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
ROWS = 227
"""What the worklist of a scan has (tests/monitoring/test_projection.py holds the two to each other)."""


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    """A firm nothing has happened in."""
    return Firm(tmp_path, NOW)


def test_a_visitor_finds_something_true_on_every_page(firm: Firm) -> None:
    """People, data, findings, decisions, records: all of it there, and as it would be on a real site."""
    assert list(live(firm)) == [name for name, _ in STEPS]
    manager = firm.people[Role.PSIRT_MANAGER]
    found = lived(firm)

    assert (found.rows, found.rows - found.open - found.proposed - found.decided) == (ROWS, 0)
    assert found.proposed >= 3
    assert found.decided >= 3
    _people(firm)
    _inventory(firm)
    assert {run.state for run in FeedRun.objects.all()} == {FeedRunState.DONE.value}
    assert FeedRun.objects.count() == 7
    assert SupplierVex.objects.filter(refused_why="").count() == 2
    cleared = findings(by=manager, asked=Asked(lanes=(Lane.SUPPLIER_NOT_AFFECTED,)))
    assert cleared.count() == 2
    assert to_sign(by=manager).count() == found.proposed
    (again,) = reopened(by=manager)
    assert "It was not in CISA's catalogue of exploited vulnerabilities; it was added on" in again.reopened_because[0]
    assert AdvisoryReview.objects.count() == RetiredCriterion.objects.count() == 1
    assert Signature.objects.count() == 5
    _cases()
    _dates(firm)
    _records()


def _people(firm: Firm) -> None:
    """One of every role, who can sign."""
    assert set(RoleGrant.objects.values_list("role", flat=True)) == set(Role)
    assert all(has_second_factor(person) for person in firm.people.values())
    assert all(person.last_login is not None for person in firm.people.values())
    assert all(one.created_at < NOW - FIRST_SEEN for one in Authenticator.objects.all())


def _inventory(firm: Firm) -> None:
    """Units per hospital, suppliers, a draft to sign, a proposal, SBOMs that are not current, an end that comes."""
    assert Customer.objects.count() >= 5
    assert Supplier.objects.count() >= 5
    assert Determination.objects.filter(signature=None).count() == 1
    assert Determination.objects.exclude(signature=None).count() == 3
    assert DeviceProposal.objects.filter(state="open").count() == 1
    assert AliasEntry.objects.filter(state="proposed").count() == 1
    coming = SupportStatement.objects.filter(ends_on__gt=NOW.date(), ends_on__lt=(NOW + timedelta(days=365)).date())
    assert coming.count() == 1
    rows = portfolio_currency(firm.people[Role.QUALITY], now=NOW)
    assert any(row.currency.newer_build_without.answer is Answer.YES for row in rows)


def _cases() -> None:
    """One half assessed, one with an incident, one restricted and under embargo."""
    alarms, pumps, secret = Case.objects.order_by("number")
    judged = Assessment.objects.filter(case=alarms).order_by("version__label")
    assert [(row.version.label, row.state) for row in judged] == [("5.1", "proposed"), ("5.2", "in effect")]
    assert [row.determination for row in judged.filter(state="in effect")] == [Determined.UNCONTROLLED.value]
    incident = Incident.objects.get()
    assert (incident.case, incident.isolated_by, incident.restored_at) == (pumps, "our decision", None)
    assert incident.approvals.count() == 1
    assert (alarms.restricted, pumps.restricted, secret.restricted) == (False, False, True)
    assert secret.embargo_until is not None


def _records() -> None:
    """In the order of their times, none in the future, anchored and whole."""
    times = list(Entry.objects.order_by("number").values_list("at", flat=True))
    assert times == sorted(times)
    assert times[-1] < NOW
    stands = standing()
    assert stands is not None
    assert stands.anchored is not None
    assert stands.checked is not None
    assert (stands.checked.problems, stands.anchored.missed) == (0, ())


def _dates(firm: Firm) -> None:
    """From when it first matched, as the printed worklist says: nothing is late when a visitor comes."""
    rows = findings(by=firm.people[Role.PSIRT_MANAGER], asked=Asked(shipped=True)).every()
    assert {row.aware for row in rows} == {NOW - FIRST_SEEN}


def test_the_portfolio_file_names_what_the_history_does() -> None:
    """The devices it determines, decides and builds are those that ship."""
    from postmarket.demo.firm.decisions import ANSWERS
    from postmarket.demo.firm.inventory import DETERMINED

    text = portfolio_path().read_text("utf-8")

    assert all(f"name: {one.device}\n" in text for one in (*ANSWERS, *DETERMINED))
