"""The article's CVSS timeline."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.policy.errors import PolicyError
from postmarket.policy.interface import Authority, Timeline
from postmarket.policy.pack import Pack, load_pack
from postmarket.policy.timeline import timeline

AWARE = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SCORES = st.floats(min_value=0, max_value=10)


def test_the_article_to_the_letter(pack: Pack) -> None:
    """Every cell of the article's table, dashes included."""
    rows = [(row.score, row.clinical_risk, row.words) for row in pack.timeline.row][:4]

    assert rows == [
        ("9.0 – 10.0", "Critical (patch within 30 days)", "24–72 hours (mitigation); 30 days (patch)"),
        ("7.0 – 8.9", "High (significant safety concern)", "30–90 days"),
        ("4.0 – 6.9", "Medium (moderate concern)", "90–180 days"),
        ("0.1 – 3.9", "Low (theoretical concern)", "Next scheduled release"),
    ]


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (10.0, "Critical"),
        (9.0, "Critical"),
        (8.95, "Critical"),
        (8.9, "High"),
        (7.0, "High"),
        (6.9, "Medium"),
        (4.0, "Medium"),
        (3.9, "Low"),
        (0.1, "Low"),
        (0.01, "Low"),
        (0.0, "None"),
    ],
)
def test_the_band_of_a_score(pack: Pack, score: float, band: str) -> None:
    """Bands meet without a gap; a score between two rows takes the more urgent."""
    assert timeline(score, aware=AWARE, pack=pack).band == band


def test_critical(pack: Pack) -> None:
    """24 hours is the target and 72 the limit of mitigation; 30 days is both for the patch."""
    found = timeline(9.8, aware=AWARE, pack=pack)

    assert found.mitigate_target == datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    assert found.mitigate_by == datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
    assert found.patch_target == found.patch_limit == datetime(2026, 12, 23, 9, 30, tzinfo=UTC)
    assert not found.provisional


@pytest.mark.parametrize(("score", "target", "limit"), [(7.5, 30, 90), (5.0, 90, 180)])
def test_high_and_medium(pack: Pack, score: float, target: int, limit: int) -> None:
    """The lower end of the range is the target, the upper end the hard limit (F06), and nothing says mitigate."""
    found = timeline(score, aware=AWARE, pack=pack)

    assert found.patch_target == AWARE + timedelta(days=target)
    assert found.patch_limit == AWARE + timedelta(days=limit)
    assert (found.mitigate_target, found.mitigate_by) == (None, None)


def test_low_has_words_and_no_date(pack: Pack) -> None:
    """The article gives no date for Low, and none is made up."""
    found = timeline(3.1, aware=AWARE, pack=pack)

    assert (found.patch_target, found.patch_limit, found.mitigate_by) == (None, None, None)
    assert found.words == "Next scheduled release"


def test_zero_is_recorded_only_and_is_not_the_articles(pack: Pack) -> None:
    """The article begins at 0.1; the row for 0.0 is the firm's (F06)."""
    found = timeline(0.0, aware=AWARE, pack=pack)

    assert (found.words, found.patch_limit) == ("Record only", None)
    assert found.citation.authority is Authority.FIRM


def test_no_score_runs_the_critical_row_provisionally(pack: Pack) -> None:
    """Unknown is never low."""
    found = timeline(None, aware=AWARE, pack=pack)

    assert found.band == "Critical"
    assert found.provisional
    assert found.notes == ("No CVSS score: the Critical row runs provisionally until a person bands it.",)
    assert found.mitigate_by == AWARE + timedelta(hours=72)


def test_notes_are_passed_on(pack: Pack) -> None:
    """What the caller knows of the score, such as a substitute version, stays with the dates."""
    note = "Score is CVSS 3.1: no 4.0 score exists."

    assert timeline(7.5, aware=AWARE, pack=pack, notes=(note,)).notes == (note,)


def test_it_cites_the_article_and_its_differences(pack: Pack) -> None:
    """The table is the article's, not FDA's, and says which flags touch it."""
    citation = timeline(7.5, aware=AWARE, pack=pack).citation

    assert citation.authority is Authority.ARTICLE
    assert citation.flags == ("F05", "F06", "F07")


def test_clinical_risk_raises_freely(pack: Pack) -> None:
    """A Medium score on clinical grounds treated as Critical takes the Critical dates and says so."""
    found = timeline(5.0, aware=AWARE, pack=pack, clinical_band="critical")

    assert found.mitigate_by == AWARE + timedelta(hours=72)
    assert found.notes == ("Raised from Medium on clinical risk.",)


@pytest.mark.parametrize("score", [9.8, None])
def test_nothing_lowers_without_two_signatures(pack: Pack, score: float | None) -> None:
    """A wish for a later row changes no date and is noted."""
    found = timeline(score, aware=AWARE, pack=pack, clinical_band="Low")

    assert found.band == "Critical"
    assert "needs both leads' signatures" in found.notes[-1]


def test_another_zone_is_the_same_instant(pack: Pack) -> None:
    """Awareness in local time gives the same dates, in UTC."""
    local = AWARE.astimezone(timezone(timedelta(hours=-5)))

    assert timeline(9.8, aware=local, pack=pack) == timeline(9.8, aware=AWARE, pack=pack)
    assert timeline(9.1, aware=local, pack=pack).aware.tzinfo is UTC


def _urgency(found: Timeline) -> tuple[datetime, datetime, datetime, datetime]:
    never = datetime.max.replace(tzinfo=UTC)
    return (
        found.mitigate_target or never,
        found.mitigate_by or never,
        found.patch_target or never,
        found.patch_limit or never,
    )


@given(SCORES, SCORES)
def test_a_higher_score_is_never_due_later(one: float, other: float) -> None:
    """Monotone in the score, in every date."""
    pack, (low, high) = load_pack(), sorted((one, other))
    later, sooner = (_urgency(timeline(score, aware=AWARE, pack=pack)) for score in (low, high))

    assert all(after >= before for after, before in zip(later, sooner, strict=True))


@given(SCORES, st.sampled_from(["Critical", "High", "Medium", "Low", "None"]))
def test_a_clinical_band_never_delays(score: float, band: str) -> None:
    """Whatever a clinical judgement asks for, no date moves back."""
    pack = load_pack()
    plain = _urgency(timeline(score, aware=AWARE, pack=pack))
    banded = _urgency(timeline(score, aware=AWARE, pack=pack, clinical_band=band))

    assert all(after >= before for after, before in zip(plain, banded, strict=True))


@pytest.mark.parametrize("score", [-0.1, 10.1, float("nan"), float("inf")])
def test_a_number_that_is_no_score_is_refused(pack: Pack, score: float) -> None:
    """Nonsense never lands in a band."""
    with pytest.raises(PolicyError, match="score is not one"):
        timeline(score, aware=AWARE, pack=pack)


def test_an_unknown_band_names_the_known(pack: Pack) -> None:
    """The next step lists the bands."""
    with pytest.raises(PolicyError, match="Critical, High, Medium, Low, None"):
        timeline(5.0, aware=AWARE, pack=pack, clinical_band="Severe")


def test_awareness_without_a_zone_is_refused(pack: Pack) -> None:
    """A guessed zone would move a date."""
    with pytest.raises(PolicyError, match="names no time zone"):
        timeline(5.0, aware=datetime(2026, 1, 1), pack=pack)  # noqa: DTZ001 # that is the case


def test_the_end_of_the_calendar_is_refused(pack: Pack) -> None:
    """A date after the year 9999 is one clear line."""
    with pytest.raises(PolicyError, match="beyond the calendar"):
        timeline(5.0, aware=datetime(9999, 12, 1, tzinfo=UTC), pack=pack)
