"""The order of work."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.policy.errors import PolicyError
from postmarket.policy.interface import Authority, ClinicalRole, Criticality, Priority, Ranking
from postmarket.policy.pack import Pack, load_pack
from postmarket.policy.priority import rank
from postmarket.scoring.interface import Exploitability, ExploitMaturity
from postmarket.sources.interface import Certainty

LOW, MEDIUM, HIGH = Exploitability.LOW, Exploitability.MEDIUM, Exploitability.HIGH
DEVICES = [
    Criticality.ADMINISTRATIVE,
    Criticality.DIAGNOSTIC,
    Criticality.LIFE_SUPPORTING,
    Criticality.LIFE_SUSTAINING,
]
KNOWN_ROLES: list[ClinicalRole] = [role for role in ClinicalRole if role is not ClinicalRole.UNKNOWN]
MATURITIES = [
    ExploitMaturity.NONE,
    ExploitMaturity.UNKNOWN,
    ExploitMaturity.PROOF_OF_CONCEPT,
    ExploitMaturity.ACTIVE,
]
SCORES = st.one_of(st.none(), st.integers(0, 100).map(lambda tenths: tenths / 10))
# (device, role, exploitability, score, kev, maturity), each drawn apart
FINDINGS = st.tuples(
    st.sampled_from(list(Criticality)),
    st.sampled_from(list(ClinicalRole)),
    st.sampled_from([None, LOW, MEDIUM, HIGH]),
    SCORES,
    st.booleans(),
    st.sampled_from(MATURITIES),
)
Finding = tuple[Criticality, ClinicalRole, Exploitability | None, float | None, bool, ExploitMaturity]


def place(ranking: Ranking) -> tuple[int, tuple[int, ...]]:
    """Where a row stands in the worklist: smaller is earlier."""
    return (ranking.priority, ranking.order)


def ranked(finding: Finding) -> Ranking:
    """The ranking of a drawn finding."""
    device, role, exploitability, score, kev, maturity = finding
    return rank(device, role, exploitability, score=score, kev=kev, maturity=maturity, pack=load_pack())


@pytest.mark.parametrize("monitor", Criticality)
@pytest.mark.parametrize("host", Criticality)
@pytest.mark.parametrize("alarm_ease", [LOW, MEDIUM, HIGH])
@pytest.mark.parametrize("module_ease", [None, LOW, MEDIUM, HIGH])
def test_the_articles_example(
    pack: Pack,
    monitor: Criticality,
    host: Criticality,
    alarm_ease: Exploitability,
    module_ease: Exploitability | None,
) -> None:
    """
    A moderate score on an alarm path outranks a high score on a non-essential administrative module.

    It holds whatever devices the two sit in and however easy each is to exploit.
    """
    alarm = rank(monitor, ClinicalRole.ALARM, alarm_ease, score=4.0, pack=pack)
    module = rank(host, ClinicalRole.ADMINISTRATIVE, module_ease, score=10.0, pack=pack)

    assert place(alarm) < place(module)


def test_the_authority_is_the_firms(pack: Pack) -> None:
    """The article gives the principle and an example but no table, and the citation says so."""
    citation = rank(Criticality.DIAGNOSTIC, ClinicalRole.ALARM, LOW, score=5.0, pack=pack).citation

    assert citation.authority is Authority.FIRM
    assert "the article gives no table" in citation.text


@pytest.mark.parametrize(
    ("device", "role", "ease", "priority", "rule"),
    [
        (Criticality.LIFE_SUSTAINING, ClinicalRole.THERAPY, HIGH, Priority.NOW, "priority.vital.high"),
        (Criticality.LIFE_SUSTAINING, ClinicalRole.MONITORING, MEDIUM, Priority.URGENT, "priority.vital.medium"),
        (Criticality.LIFE_SUPPORTING, ClinicalRole.ALARM, LOW, Priority.SOON, "priority.vital.low"),
        (Criticality.LIFE_SUPPORTING, ClinicalRole.WORKFLOW, HIGH, Priority.URGENT, "priority.serious.high"),
        (Criticality.DIAGNOSTIC, ClinicalRole.DIAGNOSIS, MEDIUM, Priority.SOON, "priority.serious.medium"),
        (Criticality.DIAGNOSTIC, ClinicalRole.WORKFLOW, HIGH, Priority.SOON, "priority.limited.high"),
        (Criticality.DIAGNOSTIC, ClinicalRole.ADMINISTRATIVE, HIGH, Priority.PLANNED, "priority.remote.high"),
        (Criticality.ADMINISTRATIVE, ClinicalRole.WORKFLOW, LOW, Priority.WATCH, "priority.limited.low"),
        (Criticality.ADMINISTRATIVE, ClinicalRole.ADMINISTRATIVE, MEDIUM, Priority.WATCH, "priority.remote.medium"),
    ],
)
def test_the_table(
    pack: Pack, device: Criticality, role: ClinicalRole, ease: Exploitability, priority: Priority, rule: str
) -> None:
    """Device type and role give the stake, stake and exploitability the priority, and the rule is named."""
    found = rank(device, role, ease, score=6.5, pack=pack)

    assert (found.priority, found.rule) == (priority, rule)
    assert found.rule in {row.id for row in pack.priority.rule}


@pytest.mark.parametrize("device", Criticality)
@pytest.mark.parametrize("role", ClinicalRole)
@pytest.mark.parametrize("ease", [None, LOW, MEDIUM, HIGH])
def test_kev_is_always_high_priority(
    pack: Pack, device: Criticality, role: ClinicalRole, ease: Exploitability | None
) -> None:
    """A KEV match is an automatic high-priority row on any device (F20)."""
    found = rank(device, role, ease, score=2.0, kev=True, pack=pack)

    assert found.priority <= Priority.URGENT
    assert "F20" in found.citation.flags


def test_kev_names_its_own_rule_where_it_raised(pack: Pack) -> None:
    """The rule that gave the priority is KEV's, not the table's."""
    found = rank(Criticality.ADMINISTRATIVE, ClinicalRole.ADMINISTRATIVE, LOW, score=2.0, kev=True, pack=pack)

    assert (found.priority, found.rule) == (Priority.URGENT, "priority.kev")


@pytest.mark.parametrize("role", ClinicalRole)
@pytest.mark.parametrize("ease", [LOW, MEDIUM, HIGH])
def test_an_unknown_device_ranks_as_life_supporting(pack: Pack, role: ClinicalRole, ease: Exploitability) -> None:
    """Same place in the worklist; only the words differ, and they say unknown."""
    unknown = rank(Criticality.UNKNOWN, role, ease, score=5.0, pack=pack)

    assert place(unknown) == place(rank(Criticality.LIFE_SUPPORTING, role, ease, score=5.0, pack=pack))
    assert "unknown criticality (counted as life-supporting)" in unknown.reason


PLAUSIBLE: dict[Criticality, list[ClinicalRole]] = {
    Criticality.LIFE_SUSTAINING: KNOWN_ROLES,
    Criticality.LIFE_SUPPORTING: KNOWN_ROLES,
    Criticality.DIAGNOSTIC: KNOWN_ROLES,
    Criticality.ADMINISTRATIVE: [ClinicalRole.WORKFLOW, ClinicalRole.ADMINISTRATIVE],
}


@pytest.mark.parametrize("device", PLAUSIBLE)
@pytest.mark.parametrize("ease", [None, LOW, MEDIUM, HIGH])
def test_an_unknown_role_is_never_low(pack: Pack, device: Criticality, ease: Exploitability | None) -> None:
    """No role that is plausible on a device has an earlier priority than an unstated one."""
    unknown = rank(device, ClinicalRole.UNKNOWN, ease, score=5.0, pack=pack)

    for role in PLAUSIBLE[device]:
        assert unknown.priority <= rank(device, role, ease, score=5.0, pack=pack).priority


@given(FINDINGS)
def test_unknown_exploitability_and_score_never_lower(finding: Finding) -> None:
    """Not knowing how easy it is counts as medium, never as low; an unknown score orders as the highest."""
    device, role, ease, score, kev, maturity = finding

    assert (
        ranked((device, role, None, score, kev, maturity)).priority
        <= ranked((device, role, MEDIUM, score, kev, maturity)).priority
    )
    assert place(ranked((device, role, ease, None, kev, maturity))) <= place(ranked(finding))


@given(FINDINGS, st.sampled_from(DEVICES), st.sampled_from(DEVICES))
def test_a_more_critical_device_is_never_later(finding: Finding, one: Criticality, other: Criticality) -> None:
    """Monotone in the device type."""
    less, more = sorted((one, other), key=DEVICES.index)

    assert place(ranked((more, *finding[1:]))) <= place(ranked((less, *finding[1:])))


@given(FINDINGS, st.sampled_from(KNOWN_ROLES), st.sampled_from(KNOWN_ROLES))
def test_a_more_clinical_role_is_never_later(finding: Finding, one: ClinicalRole, other: ClinicalRole) -> None:
    """Monotone in the weight of the component's clinical role."""
    weight = load_pack().priority.role_weight
    less, more = sorted((one, other), key=lambda role: weight[role])
    device, _, ease, score, kev, maturity = finding

    assert place(ranked((device, more, ease, score, kev, maturity))) <= place(
        ranked((device, less, ease, score, kev, maturity))
    )


@given(FINDINGS, st.sampled_from([LOW, MEDIUM, HIGH]), st.sampled_from([LOW, MEDIUM, HIGH]))
def test_easier_exploitation_is_never_later(finding: Finding, one: Exploitability, other: Exploitability) -> None:
    """Monotone in exploitability."""
    less, more = sorted((one, other))
    device, role, _, score, kev, maturity = finding

    assert place(ranked((device, role, more, score, kev, maturity))) <= place(
        ranked((device, role, less, score, kev, maturity))
    )


@given(FINDINGS, st.integers(0, 100), st.integers(0, 100))
def test_a_higher_score_is_never_later_and_never_changes_the_priority(finding: Finding, one: int, other: int) -> None:
    """CVSS informs: it orders rows of one priority and does no more."""
    less, more = sorted((one, other))
    device, role, ease, _, kev, maturity = finding
    higher = ranked((device, role, ease, more / 10, kev, maturity))
    lower = ranked((device, role, ease, less / 10, kev, maturity))

    assert place(higher) <= place(lower)
    assert higher.priority == lower.priority


@given(FINDINGS, st.sampled_from(MATURITIES), st.sampled_from(MATURITIES))
def test_kev_and_better_exploits_are_never_later(
    finding: Finding, one: ExploitMaturity, other: ExploitMaturity
) -> None:
    """Intelligence only raises."""
    less, more = sorted((one, other), key=MATURITIES.index)
    device, role, ease, score, kev, _ = finding

    assert place(ranked((device, role, ease, score, True, less))) <= place(
        ranked((device, role, ease, score, False, less))
    )
    assert place(ranked((device, role, ease, score, kev, more))) <= place(
        ranked((device, role, ease, score, kev, less))
    )


@given(FINDINGS)
def test_a_suspicion_keeps_its_priority(finding: Finding) -> None:
    """Doubt about a match never lowers it; it stands right after an equal match and says so."""
    device, role, ease, score, kev, maturity = finding
    sure = ranked(finding)

    doubtful = rank(
        device,
        role,
        ease,
        score=score,
        kev=kev,
        maturity=maturity,
        certainty=Certainty.POSSIBLE,
        pack=load_pack(),
    )

    assert doubtful.priority == sure.priority
    assert place(doubtful) > place(sure)
    assert doubtful.reason.endswith(", if the match is confirmed.")


@pytest.mark.parametrize(
    ("finding", "reason"),
    [
        (
            (Criticality.LIFE_SUSTAINING, ClinicalRole.ALARM, MEDIUM, 5.0, False, ExploitMaturity.ACTIVE),
            "On the alarm path of a life-sustaining device; being exploited now.",
        ),
        (
            (Criticality.DIAGNOSTIC, ClinicalRole.DIAGNOSIS, LOW, 5.0, True, ExploitMaturity.UNKNOWN),
            "In the diagnostic path of a diagnostic device; known to be exploited (CISA KEV).",
        ),
        (
            (Criticality.ADMINISTRATIVE, ClinicalRole.ADMINISTRATIVE, LOW, 9.8, False, ExploitMaturity.UNKNOWN),
            "In an administrative part of an administrative device; hard to exploit.",
        ),
        (
            (Criticality.LIFE_SUPPORTING, ClinicalRole.UNKNOWN, HIGH, 9.8, False, ExploitMaturity.PROOF_OF_CONCEPT),
            (
                "Clinical role not stated (counted as therapy), in a life-supporting device; "
                "exploit code is public, easy to exploit."
            ),
        ),
        (
            (Criticality.UNKNOWN, ClinicalRole.WORKFLOW, None, None, False, ExploitMaturity.UNKNOWN),
            (
                "In the clinical workflow of a device of unknown criticality (counted as life-supporting); "
                "how easily it is exploited is unknown."
            ),
        ),
    ],
)
def test_the_reason_reads_as_a_sentence(finding: Finding, reason: str) -> None:
    """A clinician reads why, without a vector."""
    assert ranked(finding).reason == reason


def test_the_tables_are_whole(pack: Pack) -> None:
    """Every device, role, stake and exploitability has its row: no input falls through."""
    table = pack.priority

    assert set(table.stake) == set(table.most_clinical_role) == set(DEVICES)
    assert set(table.role_weight) == set(KNOWN_ROLES)
    assert set(table.role_words) == set(ClinicalRole)
    assert set(table.device_words) == set(Criticality)
    assert sorted((rule.stake, rule.exploitability) for rule in table.rule) == sorted(
        product(["remote", "limited", "serious", "vital"], ["low", "medium", "high"])
    )


@pytest.mark.parametrize("score", [-1.0, 10.1, float("nan")])
def test_a_number_that_is_no_score_is_refused(pack: Pack, score: float) -> None:
    """Nonsense never takes a place in the order."""
    with pytest.raises(PolicyError, match="score is not one"):
        rank(Criticality.DIAGNOSTIC, ClinicalRole.ALARM, LOW, score=score, pack=pack)
