"""What a signed assessment rests on is watched; a change of it re-opens the assessment, saying what was and what is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from postmarket.assessment.errors import NotComplete, NotPossible
from postmarket.assessment.models import Assessment, Control, LeadSignature
from postmarket.assessment.rules.content import Scoring
from postmarket.assessment.rules.premises import changes
from postmarket.assessment.services.controls import withdraw_control
from postmarket.assessment.services.drafting import begin_assessment
from postmarket.assessment.services.writing import set_scoring
from postmarket.assessment.words import AssessmentState, Lead
from postmarket.cases.hooks import judged
from postmarket.cases.words import Exploitation
from postmarket.inventory.models import DeviceVersion
from postmarket.policy.interface import Determination, HarmSeverity
from postmarket.records.models import Entry
from tests.assessment.contents import EASY, edit
from tests.assessment.given import Leads, again, assessor, case_of, control, say, written
from tests.builders import Tell, component, cpe, epss, kev, rated
from tests.cases.given import clocks
from tests.inventory.builders import kinds
from tests.monitoring.builders import NOW, give_sbom
from tests.monitoring.given import CVE, LATER, ZLIB, told

pytestmark = pytest.mark.django_db

BringUp = Callable[..., object]
NEWER = component("openssl", "3.0.6", cpes=(cpe("a:openssl:openssl", "3.0.6"),))


@pytest.fixture
def leads() -> Leads:
    """Both of them."""
    return Leads()


@pytest.fixture
def signed(hit: DeviceVersion, leads: Leads) -> Assessment:
    """Controlled, in effect."""
    return leads.sign(written(case_of(), hit, severity=HarmSeverity.NEGLIGIBLE))


def because(row: Assessment) -> list[str]:
    """Why it was re-opened; nothing while it is in effect."""
    found = again(row)
    assert (found.state == AssessmentState.REOPENED) == bool(found.reopened_because)
    return list(found.reopened_because)


def test_exploitation_of_our_devices_reopens_at_once(signed: Assessment) -> None:
    """In the transaction in which somebody says it, with a record of its own."""
    say(signed.case, Exploitation.ACTIVE, at=LATER)

    assert because(signed) == ["Exploitation of our devices was none; it is active."]
    assert again(signed).reopened_at == LATER
    assert kinds(signed)[-1] == "assessment.re-opened"


def test_a_new_kev_entry_reopens_in_the_run_that_hears_of_it(signed: Assessment, tell: Tell, bring_up: BringUp) -> None:
    """Recorded once for the run; another run changes nothing."""
    tell(kev(CVE, added="2026-11-20"))
    bring_up(LATER)

    said = "It was not in CISA's catalogue of exploited vulnerabilities; it was added on 2026-11-20."
    assert said in because(signed)
    assert Entry.objects.filter(kind="assessments.reconsidered").count() == 1
    bring_up(LATER)
    assert Entry.objects.filter(kind="assessments.reconsidered").count() == 1


def test_a_jump_of_epss_reopens_and_a_step_does_not(signed: Assessment, tell: Tell, bring_up: BringUp) -> None:
    """The firm's threshold is a rise of 0.10."""
    tell(epss(CVE, 0.05))
    bring_up(LATER)
    assert because(signed) == []

    tell(replace(epss(CVE, 0.61), date="2026-11-25"))
    bring_up(LATER)

    assert because(signed) == ["The probability of exploitation (EPSS) was unknown; it is 0.610."]


def test_another_score_reopens_and_other_words_do_not(signed: Assessment, tell: Tell, bring_up: BringUp) -> None:
    """A source that only touches its record changes no premise."""
    tell(told(modified="2026-11-25T00:00:00Z", description="Said in other words."))
    bring_up(LATER)
    assert because(signed) == []

    tell(told(modified="2026-11-26T00:00:00Z", ratings=(rated("AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),)))
    bring_up(LATER)

    (said,) = because(signed)
    assert said.startswith("The score was 8.1")


@pytest.mark.parametrize(("listed", "now"), [([ZLIB], "none"), ([NEWER, ZLIB], "openssl 3.0.6 (confirmed)")])
def test_another_sbom_reopens(signed: Assessment, bring_up: BringUp, listed: list[object], now: str) -> None:
    """The component is gone, or is another one that is hit too."""
    give_sbom(signed.version, listed, now=LATER)  # type: ignore[arg-type]
    bring_up(LATER)

    assert because(signed) == [f"The components it matches were openssl 3.0.7 (confirmed); they are {now}."]


def test_a_control_that_is_withdrawn_reopens_what_credits_it(hit: DeviceVersion, leads: Leads) -> None:
    """The firewall rule is gone; what only mentions it stands."""
    rule = control(hit)
    row = leads.sign(written(case_of(), hit, severity=HarmSeverity.MINOR, controls=(rule,)))
    assert row.determination == "C"

    withdraw_control(by=assessor(), control=Control.objects.get(), why="Hospitals opened the port.", now=LATER)

    assert because(row) == ["The control Firewall rule was credited; it was withdrawn."]
    new = begin_assessment(by=assessor(), case=row.case, version=hit, now=LATER)
    with pytest.raises(NotComplete, match="Firewall rule was withdrawn"):
        leads.technical.sign(Lead.TECHNICAL, new, at=LATER)
    with pytest.raises(NotPossible):
        withdraw_control(by=assessor(), control=Control.objects.get(), why="Again.", now=LATER)


def test_a_control_that_nobody_credits_reopens_nothing(hit: DeviceVersion, leads: Leads) -> None:
    """It was not relied on."""
    row = leads.sign(written(case_of(), hit, controls=(control(hit, credited=False),)))

    withdraw_control(by=assessor(), control=Control.objects.get(), why="Hospitals opened the port.", now=LATER)

    assert because(row) == []


def test_a_reopened_controlled_is_not_determined_and_a_reopened_uncontrolled_still_is(
    signed: Assessment, hit: DeviceVersion, leads: Leads
) -> None:
    """A doubt takes back comfort, never caution: the clocks of uncontrolled risk run again."""
    case = signed.case
    assert "FDA-PM16-30" not in clocks(case)

    say(case, Exploitation.ACTIVE, at=LATER)

    assert judged([case.pk])[case.pk].determination is None
    assert "FDA-PM16-30" in clocks(case)
    new = begin_assessment(by=assessor(), case=case, version=hit, now=LATER)
    written(case, hit, at=LATER)
    assert leads.sign(new, at=LATER).determination == "U"
    say(case, Exploitation.NONE, at=LATER)
    assert because(new) == ["Exploitation of our devices was active; it is none."]
    assert judged([case.pk])[case.pk].determination is Determination.UNCONTROLLED


@pytest.mark.parametrize(
    ("metric", "value", "signed_row", "reopened_row"),
    [("MSA", "S", "SEED-C", "SEED-C"), ("MAV", "P", "SEED-M", "SEED-H")],
    ids=["higher than the source's", "lower"],
)
def test_a_score_in_doubt_gives_no_later_date(
    hit: DeviceVersion,
    leads: Leads,
    tell: Tell,
    bring_up: BringUp,
    metric: str,
    value: str,
    signed_row: str,
    reopened_row: str,
) -> None:
    """Open again, our score counts where it is higher than the source's, and the source's where that is."""
    case = case_of()
    row = written(case, hit)
    ours = Scoring(base=EASY, base_from="our own", edits=(edit(metric, value),))
    row = leads.sign(set_scoring(by=assessor(), assessment=row, scoring=ours, now=NOW))
    assert signed_row in clocks(case)

    tell(kev(CVE, added="2026-11-20"))
    bring_up(LATER)

    assert again(row).state == AssessmentState.REOPENED
    assert reopened_row in clocks(case)
    assert ("SEED-C-MITIGATE" in clocks(case)) == (reopened_row == "SEED-C")


def test_what_changes_between_the_two_signatures_voids_the_first(hit: DeviceVersion, leads: Leads) -> None:
    """The technical lead signed before exploitation was suspected; both have to look at what is so now."""
    case = case_of()
    row = written(case, hit)
    leads.technical.sign(Lead.TECHNICAL, row)

    say(case, Exploitation.SUSPECTED, at=LATER)

    first = LeadSignature.objects.get()
    assert first.voided_because == "Exploitation of our devices was none; it is suspected."
    leads.clinical.sign(Lead.CLINICAL, row, at=LATER)
    assert again(row).state == AssessmentState.DRAFT
    leads.technical.sign(Lead.TECHNICAL, row, at=LATER)
    assert again(row).state == AssessmentState.IN_EFFECT


def test_a_vulnerability_that_matches_nothing_is_followed_for_its_case(
    signed: Assessment, tell: Tell, bring_up: BringUp
) -> None:
    """The component is gone from every version, and a KEV entry is still heard of."""
    give_sbom(signed.version, [ZLIB], now=LATER)
    bring_up(LATER)

    tell(kev(CVE, added="2026-11-20"))
    bring_up(LATER)

    assert any("added on 2026-11-20" in sentence for sentence in because(signed))


def test_a_policy_that_changes_reopens(signed: Assessment) -> None:
    """Another version of the pack."""
    then = signed.signed_grounds
    assert then.told is not None
    now = replace(then, told=replace(then.told, policy="seed-default 2"))

    assert changes(then, now) == (f"The policy was {then.told.policy}; it is seed-default 2.",)
