"""The `--fail-on` language: what can be said, what it means, and one clear line for the rest."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from postmarket.policy.interface import ClinicalRole, Criticality
from postmarket.sbom import quality
from postmarket.sources.interface import Certainty
from postmarket.worklist.errors import RuleError
from postmarket.worklist.fail_on import parse_rule
from postmarket.worklist.interface import Lane, RoleRule, Worklist
from tests.builders import Tell, component, epss, kev, nvd_range, rated, record
from tests.worklist.conftest import CRITICAL, MODERATE, OPENSSL, ZLIB, Scan, device

ADMINISTRATIVE = RoleRule("*", ClinicalRole.ADMINISTRATIVE)
LADDER = "none, low, medium, high, critical or unknown"
SEVERITIES = ["none", "low", "medium", "high", "critical", "unknown"]


@pytest.fixture
def planned(tell: Tell, scan: Scan) -> Worklist:
    """
    One row on a billing gateway (5.3, EPSS 20 %, priority planned or later) and one component nobody knows.

    Half of the two components could be monitored.
    """
    tell(record("CVE-2026-0001", nvd_range("a:zlib:zlib", "1.2.12"), ratings=(rated(MODERATE),)))
    tell(epss("CVE-2026-0001", 0.2))
    blind = component("Touch controller firmware", "7")
    return scan(device(ZLIB, blind, criticality=Criticality.ADMINISTRATIVE, roles=(ADMINISTRATIVE,)))


@pytest.fixture
def empty(scan: Scan) -> Worklist:
    """A device version without components or rows."""
    return scan(device())


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ("any", True),
        ("kev", False),
        ("severity >= medium", True),
        ("severity > medium", False),
        ("severity = medium", True),
        ("severity < high", True),
        ("severity <= low", False),
        ("score >= 5.3", True),
        ("score > 5.3", False),
        ("score < 5.3", False),
        ("epss >= 0.2", True),
        ("epss > 0.2", False),
        ("priority >= planned", True),
        ("priority = planned", True),
        ("priority >= soon", False),
        ("priority >= now", False),
        ("priority < soon", True),
        ("unmatched > 0", True),
        ("unmatched >= 2", False),
        ("coverage < 50", False),
        ("coverage <= 50", True),
        ("coverage < 50.5", True),
        ("quality < 100", True),
        ("quality < 1", False),
        ("SEVERITY >= Medium AND NOT KEV", True),
        ("severity>=medium and(epss>=0.1)", True),
        (" any ", True),
    ],
)
def test_what_a_rule_means(planned: Worklist, rule: str, holds: bool) -> None:
    """Rows by severity, score, EPSS, KEV and priority; device versions by what could not be seen."""
    assert parse_rule(rule).holds(planned) is holds


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        # "and" binds tighter than "or": the other way, these would be the opposite.
        ("any or kev and kev", True),
        ("(any or kev) and kev", False),
        ("kev and any or any", True),
        ("kev and (any or any)", False),
        # "not" binds tightest, and takes the whole bracket.
        ("not any or any", True),
        ("not kev and any", True),
        ("any and not kev and not kev", True),
        ("any and not (kev or any)", False),
        ("any and not not any", True),
        ("((((any))))", True),
    ],
)
def test_precedence(planned: Worklist, rule: str, holds: bool) -> None:
    """Brackets, then not, then and, then or."""
    assert parse_rule(rule).holds(planned) is holds


def test_kev_and_priority_are_asked_of_the_same_row(tell: Tell, scan: Scan) -> None:
    """A KEV row here and an urgent one there are not a KEV row that is urgent."""
    tell(
        record("CVE-2026-0001", nvd_range("a:zlib:zlib", "1.2.12"), ratings=(rated(MODERATE),)),
        record("CVE-2026-0002", nvd_range("a:openssl:openssl", "1.1.1l"), ratings=(rated(CRITICAL),)),
    )
    tell(kev("CVE-2026-0001"))
    worklist = scan(device(ZLIB, OPENSSL, criticality=Criticality.LIFE_SUSTAINING))

    assert parse_rule("kev").holds(worklist)
    assert parse_rule("severity >= critical").holds(worklist)
    assert not parse_rule("kev and severity >= critical").holds(worklist)


def test_a_device_rule_and_a_row_rule_are_asked_of_the_same_device(planned: Worklist) -> None:
    """Poor coverage and a row that matters, on one device version."""
    assert parse_rule("coverage < 80 and severity >= medium").holds(planned)
    assert not parse_rule("coverage < 80 and kev").holds(planned)


def test_unknown_severity_and_score_count_as_the_highest(tell: Tell, scan: Scan) -> None:
    """Nothing scored it: every "at least" rule holds, and no "below" rule lets it through as low."""
    tell(record("CVE-2026-0001", nvd_range("a:zlib:zlib", "1.2.12")))
    worklist = scan(device(ZLIB))

    for held in (*(f"severity >= {name}" for name in SEVERITIES), "score >= 10", "severity > critical"):
        assert parse_rule(held).holds(worklist), held
    for not_held in ("severity <= critical", "severity = critical", "score < 10", "severity < low"):
        assert not parse_rule(not_held).holds(worklist), not_held


def test_only_the_worklist_lane_counts(tell: Tell, scan: Scan) -> None:
    """A row that is only possible fails nobody's pipeline."""
    tell(record("CVE-2026-0001", nvd_range("a:zlib:zlib", certainty=Certainty.POSSIBLE)))
    worklist = scan(device(ZLIB))

    assert worklist.lane(Lane.POSSIBLE)
    assert not parse_rule("any").holds(worklist)


def test_without_components_nothing_could_be_monitored(empty: Worklist) -> None:
    """No share is not a good share."""
    assert parse_rule("coverage < 1").holds(empty)
    assert not parse_rule("any").holds(empty)


def test_the_offenders_are_named(planned: Worklist) -> None:
    """Which device version, and which row of it."""
    (of_row,) = parse_rule("any").offenders(planned)
    of_device = next(parse_rule("unmatched > 0").offenders(planned))

    assert of_row == (planned.devices[0], planned.rows[0])
    assert of_device == (planned.devices[0], None)


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("", "a check is missing at the end"),
        ("   ", "a check is missing at the end"),
        ("kev and", "a check is missing at the end"),
        ("not", "a check is missing at the end"),
        ("severity", "an operator is missing at the end"),
        ("severity >=", "a value is missing at the end"),
        ("(kev", "a bracket is not closed"),
        ("kev)", "did not expect ')'"),
        ("kev kev", "did not expect 'kev'"),
        ("()", "')' is no field"),
        ("sevrity >= high", "'sevrity' is no field"),
        ("high >= severity", "'high' is no field"),
        ("severity is high", "'is' is no operator"),
        ("severity >= urgent", "'urgent' is no severity: use none, low, medium, high, critical, unknown"),
        ("severity >= 7", "'7' is no severity: use none, low, medium, high, critical, unknown"),
        ("priority >= high", "'high' is no priority: use now, urgent, soon, planned, watch"),
        ("score >= high", "score needs a number, not 'high'"),
        ("score >= -1", "'-1' cannot be read"),
        ("score == 7", "score needs a number, not '='"),
        ("score != 7", "'!= 7' cannot be read"),
        ("kev && any", "'&& any' cannot be read"),
        ("score > 11", "'score > 11' can never hold: score is 0 to 10"),
        ("kev or not score >= 10.1", "'score >= 10.1' can never hold: score is 0 to 10"),
        ("score > 10", "'score > 10' can never hold: score is 0 to 10"),
        ("score < 0", "'score < 0' can never hold: score is 0 to 10"),
        ("score = 11", "'score = 11' can never hold: score is 0 to 10"),
        ("epss >= 5", "'epss >= 5' can never hold: epss is 0 to 1"),
        ("coverage > 100", "'coverage > 100' can never hold: coverage is 0 to 100 percent"),
        ("quality < 0", "'quality < 0' can never hold: quality is 0 to 100 percent"),
        ("unmatched < 0", "'unmatched < 0' can never hold: unmatched is a whole number from 0 on"),
        ("unmatched = 1.5", "'unmatched = 1.5' can never hold: unmatched is a whole number from 0 on"),
        (
            "priority > now",
            "'priority > now' can never hold: priority is watch, planned, soon, urgent or now, the last the highest",
        ),
        ("severity < none", f"'severity < none' can never hold: severity is {LADDER}, the last the highest"),
        ("kev; rm -rf /", "'; rm -rf /' cannot be read"),
        ("kev\x1b[2J", "'\\x1b[2J' cannot be read"),
    ],
)
def test_what_is_no_rule_is_refused_in_one_line(rule: str, why: str) -> None:
    """The line quotes what it stumbled over and shows how a rule looks; no control character gets through."""
    with pytest.raises(RuleError) as caught:
        parse_rule(rule)

    line = caught.value.line()
    assert caught.value.why == why
    assert "Write for example: priority >= urgent" in line
    assert line.isprintable()


WORDS = [
    "kev",
    "any",
    "not",
    "and",
    "or",
    "(",
    ")",
    "severity",
    "priority",
    "score",
    "epss",
    "unmatched",
    "coverage",
    ">=",
    "<=",
    ">",
    "<",
    "=",
    "high",
    "urgent",
    "7",
    "0.5",
]


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)))
@example("٣ >= ٣")
@example("score >= " + "9" * 400)
@example("kev\x00")
@example("unmatched = " + "9" * 400)
def test_any_text_is_a_rule_or_a_rule_error(text: str) -> None:
    """Nothing else comes out of the parser, and what it refuses it refuses in one printable line."""
    try:
        line = parse_rule(text).text
    except RuleError as error:
        line = error.line()

    assert line == text or line.isprintable()


COMPARISONS = st.one_of(
    st.sampled_from(["kev", "any"]),
    st.builds("severity {} {}".format, st.sampled_from([">=", "<=", "="]), st.sampled_from(SEVERITIES)),
    st.builds("score {} {}".format, st.sampled_from([">=", "<="]), st.integers(0, 10)),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(left=COMPARISONS, right=COMPARISONS)
def test_laws_of_logic(planned: Worklist, left: str, right: str) -> None:
    """On a row: not (a or b) is not a and not b, a double not is none, and the order of two does not matter."""
    of_row = planned.devices[0], planned.rows[0]

    for one, other in (
        (f"not ({left} or {right})", f"not ({left}) and not ({right})"),
        (f"not ({left} and {right})", f"not ({left}) or not ({right})"),
        (f"not not {left}", left),
        (f"{left} or {right}", f"{right} or {left}"),
    ):
        assert parse_rule(one).check(*of_row) == parse_rule(other).check(*of_row)


@pytest.mark.parametrize("rule", ["not kev", "not severity < high", "not any", "kev or not severity < high"])
def test_not_is_asked_of_rows_when_it_speaks_of_rows(empty: Worklist, rule: str) -> None:
    """A scan without a single row fails no rule that speaks only of rows."""
    assert not parse_rule(rule).holds(empty)


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ("kev or coverage < 80", True),
        ("not kev or coverage < 80", True),
        ("not kev and coverage < 80", False),
        ("not (kev and coverage < 80)", False),
        ("not (kev and coverage > 80)", True),
        ("not coverage > 80", True),
    ],
)
def test_a_device_version_without_rows_answers_what_only_it_is_asked(empty: Worklist, rule: str, holds: bool) -> None:
    """What is asked of a row is open there, and so is its `not`; the rest decides, where it can."""
    assert parse_rule(rule).holds(empty) is holds


@pytest.mark.parametrize("rule", ["epss >= 0", "epss <= 1", "epss < 0.5", "epss = 0"])
def test_an_unknown_epss_is_neither_high_nor_low(tell: Tell, scan: Scan, rule: str) -> None:
    """Nobody forecast anything: that is no forecast of nought."""
    tell(record("CVE-2026-0001", nvd_range("a:zlib:zlib", "1.2.12")))

    assert not parse_rule(rule).holds(scan(device(ZLIB)))


def test_a_device_rule_names_each_device_version_once(planned: Worklist) -> None:
    """Not once more for each of its rows."""
    assert list(parse_rule("unmatched > 0").offenders(planned)) == [(planned.devices[0], None)]


def test_the_quality_of_an_sbom_is_taken_once(planned: Worklist, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many rows ask for it."""
    asked = []

    def check(bom: object, _profile: object) -> SimpleNamespace:
        asked.append(bom)
        return SimpleNamespace(score=50.0)

    monkeypatch.setattr(quality, "check", check)

    assert parse_rule("any and quality > 90 or any and quality < 80").holds(planned)
    assert len(asked) == 1


@pytest.mark.parametrize("rule", ["(" * 5_000 + "kev" + ")" * 5_000, "not " * 5_000 + "kev"])
def test_a_rule_nested_deeply_is_a_rule_error(rule: str) -> None:
    """One clear line, never a traceback."""
    with pytest.raises(RuleError):
        parse_rule(rule)
