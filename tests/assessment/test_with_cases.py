"""What happens to assessments and incidents when their case is closed, merged, split, or loses a version."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from postmarket.assessment.errors import NotFound
from postmarket.assessment.models import Assessment
from postmarket.assessment.services.incidents import note_restored
from postmarket.assessment.words import AssessmentState, Lead
from postmarket.cases.hooks import judged
from postmarket.cases.models import Case
from postmarket.cases.services.joining import merge_case
from postmarket.cases.services.splitting import split_case
from postmarket.cases.services.triage import leave_out_version
from postmarket.cases.words import CaseState
from postmarket.inventory.models import Customer, DeviceVersion
from postmarket.policy.interface import Determination, HarmSeverity
from tests.assessment.given import Leads, again, assessor, case_of, written
from tests.assessment.test_incidents import happened
from tests.builders import Tell, kev
from tests.cases.given import RISK, WHY
from tests.inventory.builders import kinds
from tests.monitoring.builders import NOW
from tests.monitoring.given import CVE, LATER, pump, told

pytestmark = pytest.mark.django_db

BringUp = Callable[..., object]


@pytest.fixture
def two(tell: Tell, bring_up: BringUp) -> tuple[DeviceVersion, DeviceVersion]:
    """Two versions of the pump."""
    tell(told())
    versions = pump("3.1"), pump("3.2")
    bring_up()
    return versions


def test_a_closed_case_is_open_again_when_what_was_signed_no_longer_stands(
    hit: DeviceVersion, tell: Tell, bring_up: BringUp
) -> None:
    """The KEV entry comes after everybody went home."""
    row = Leads().sign(written(case_of(), hit, severity=HarmSeverity.NEGLIGIBLE))
    Case.objects.update(state=CaseState.CLOSED.value, closed_at=NOW)

    tell(kev(CVE, added="2026-11-20"))
    bring_up(LATER)

    row.case.refresh_from_db()
    assert again(row).state == AssessmentState.REOPENED
    assert row.case.state == CaseState.TRIAGED
    assert "it was added on 2026-11-20" in row.case.reopened_because


def test_what_was_assessed_is_proposed_in_the_case_it_goes_on_in(two: tuple[DeviceVersion, DeviceVersion]) -> None:
    """After a split and a merge back: a copy that says whose it is, and nothing in effect before it is signed there."""
    first, second = two
    case, leads = case_of(), Leads()
    row = leads.sign(written(case, second))

    part = split_case(by=case.owner, case=case, versions=[second], title=RISK, why=WHY, now=LATER)

    proposed = Assessment.objects.get(case=part)
    assert (proposed.state, proposed.origin_id, proposed.version) == (AssessmentState.PROPOSED, row.pk, second)
    assert proposed.content == row.content
    assert judged([case.pk])[case.pk].determination is None
    leads.sign(proposed, at=LATER)
    assert judged([part.pk])[part.pk].determination is Determination.UNCONTROLLED

    merge_case(by=case.owner, case=part, into=case, why=WHY, now=LATER)

    # The case it came from has what was signed for this version before, and stands on it again.
    assert judged([case.pk])[case.pk].determination is Determination.UNCONTROLLED
    assert Assessment.objects.filter(case=case, version=second).count() == 1
    assert not Assessment.objects.filter(case=case, version=first).exists()


def test_an_incident_goes_with_the_version_and_is_restored_there(
    two: tuple[DeviceVersion, DeviceVersion], db: None
) -> None:
    """An incident of a merged case is not stuck in it."""
    case, site = case_of(), Customer.objects.create(name="St. Brigid", created_at=NOW)
    part = split_case(by=case.owner, case=case, versions=[two[1]], title=RISK, why=WHY, now=NOW)
    row = happened(part, site)

    merge_case(by=case.owner, case=part, into=case, why=WHY, now=NOW)

    row.refresh_from_db()
    assert (row.case, kinds(row)[-1]) == (case, "incident.moved")
    note_restored(by=assessor(), incident=row, at=LATER, how="Patched.", now=LATER)


def test_a_version_that_is_left_out_counts_no_more(two: tuple[DeviceVersion, DeviceVersion]) -> None:
    """Neither for what is signed of the case, nor can it be signed."""
    first, second = two
    case, leads = case_of(), Leads()
    leads.sign(written(case, first, severity=HarmSeverity.NEGLIGIBLE))
    other = written(case, second)
    assert judged([case.pk])[case.pk].determination is None

    leave_out_version(by=case.owner, case=case, version=second, why="It was never sold.", now=NOW)

    assert judged([case.pk])[case.pk].determination is Determination.CONTROLLED
    with pytest.raises(NotFound):
        leads.technical.sign(Lead.TECHNICAL, other)
