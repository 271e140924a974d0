"""A device's own CVSS 4.0 vector."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.scoring.device_vector import EDITABLE, device_scores, edits_moved
from postmarket.scoring.errors import ScoringError
from tests.scoring.strategies import v4_base

BASE = "CVSS:4.0/AV:L/AC:L/AT:N/PR:L/UI:N/VC:N/VI:H/VA:H/SC:N/SI:L/SA:L"


def test_the_four_numbers_stand_side_by_side() -> None:
    """Each under its own name."""
    told = device_scores(BASE, {"E": "P", "MSA": "S"})

    names = [one.nomenclature for one in (told.base, told.threat, told.environmental, told.full)]
    assert names == ["CVSS-B", "CVSS-BT", "CVSS-BE", "CVSS-BTE"]
    assert told.safety_counts
    assert told.environmental.value > told.base.value > told.threat.value


def test_the_supplemental_safety_metric_is_kept_and_never_counts() -> None:
    """S:P says something to people; the number does not hear it."""
    told = device_scores(BASE, {"S": "P"})

    assert told.vector.endswith("/S:P")
    assert told.full.value == told.base.value
    assert not told.safety_counts


def test_an_edit_can_be_taken_back() -> None:
    """X is not defined."""
    assert device_scores(BASE + "/E:U", {"E": "X"}).vector == BASE


@pytest.mark.parametrize("edits", [{"AV": "P"}, {"MSI": "Q"}, {"XX": "S"}])
def test_what_is_not_the_assessor_s_is_refused(edits: dict[str, str]) -> None:
    """Base metrics are the source's: what differs on this device is a modified metric."""
    with pytest.raises(ScoringError, match="cannot be set for a device"):
        device_scores(BASE, edits)


def test_another_version_is_refused() -> None:
    """Only 4.0 has safety in its number."""
    with pytest.raises(ScoringError, match="no safety metrics"):
        device_scores("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", {})


@given(
    v4_base,
    st.dictionaries(st.sampled_from(list(EDITABLE)), st.integers(min_value=0, max_value=2)),
)
def test_any_edits_of_any_base_can_be_scored(base: str, picks: dict[str, int]) -> None:
    """The editor never meets a combination that it cannot show."""
    edits = {name: EDITABLE[name][pick % len(EDITABLE[name])] for name, pick in picks.items()}
    told = device_scores(base, edits)

    assert 0.0 <= told.full.value <= 10.0


def test_each_edit_says_what_it_did_to_the_score() -> None:
    """On top of those before it: the last number is that of the whole vector."""
    edits = {"MSA": "S", "MAV": "P", "E": "X", "CR": "H"}

    moved = edits_moved(BASE, edits)

    assert [one.metric for one in moved] == ["CR", "MAV", "MSA"]
    assert moved[0].before == device_scores(BASE, {}).full.value
    assert moved[-1].after == device_scores(BASE, edits).full.value
    assert [one.after for one in moved[:-1]] == [one.before for one in moved[1:]]
