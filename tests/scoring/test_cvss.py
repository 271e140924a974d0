"""CVSS scores, by worked examples and by laws."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.scoring.bands import band
from postmarket.scoring.cvss import score
from postmarket.scoring.errors import ScoringError
from postmarket.scoring.interface import Severity
from postmarket.scoring.metric_tables import V4
from tests.scoring.strategies import v4_base, vectors

LOG4SHELL = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"
V4_FULL = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"
V4_LOCAL = "CVSS:4.0/AV:L/AC:L/AT:N/PR:L/UI:N/VC:N/VI:H/VA:H/SC:N/SI:L/SA:L"
V2 = "AV:N/AC:L/Au:N/C:P/I:P/A:P"


@pytest.mark.parametrize(
    ("vector", "label", "severity"),
    [
        (V2, "7.5 Base (2.0)", Severity.HIGH),
        (f"({V2})", "7.5 Base (2.0)", Severity.HIGH),
        (f"CVSS:2.0/{V2}", "7.5 Base (2.0)", Severity.HIGH),
        (f"{V2}/E:U/RL:OF/RC:UC", "5.0 Temporal (2.0)", Severity.MEDIUM),
        (f"{V2}/TD:N", "0.0 Environmental (2.0)", Severity.LOW),
        (f"{V2}/E:ND/TD:ND", "7.5 Base (2.0)", Severity.HIGH),
        (LOG4SHELL, "10.0 Base (3.1)", Severity.CRITICAL),
        (LOG4SHELL.replace("3.1", "3.0"), "10.0 Base (3.0)", Severity.CRITICAL),
        (f"{LOG4SHELL}/E:U", "9.1 Temporal (3.1)", Severity.CRITICAL),
        (f"{LOG4SHELL}/MAV:P/E:X", "7.7 Environmental (3.1)", Severity.HIGH),
        (V4_FULL, "9.3 CVSS-B (4.0)", Severity.CRITICAL),
        (f"{V4_FULL}/E:X/MAV:X/S:P", "9.3 CVSS-B (4.0)", Severity.CRITICAL),
        (f"{V4_FULL}/E:U", "8.1 CVSS-BT (4.0)", Severity.HIGH),
        (f"{V4_FULL}/MAV:L", "8.6 CVSS-BE (4.0)", Severity.HIGH),
        (f"{V4_FULL}/E:P/MSA:S/U:Clear", "9.7 CVSS-BTE (4.0)", Severity.CRITICAL),
    ],
)
def test_worked_examples(vector: str, label: str, severity: Severity) -> None:
    """The number, its nomenclature, its version and its band."""
    result = score(vector)

    assert (result.label, result.severity) == (label, severity)


@pytest.mark.parametrize("safety", ["MSI:S", "MSA:S"])
def test_patient_safety_in_a_subsequent_system_raises_the_score(safety: str) -> None:
    """MSI:S and MSA:S reach the highest level of EQ4; the supplemental Safety metric never does (reference §5.3)."""
    assert score(f"{V4_LOCAL}/{safety}").value > score(V4_LOCAL).value
    assert score(f"{V4_LOCAL}/S:P").value == score(V4_LOCAL).value


def test_who_rated_is_carried_through() -> None:
    """The name is the caller's to give."""
    assert score(V4_FULL, by="psirt@vendor.example").by == "psirt@vendor.example"


@given(v4_base)
def test_less_exploit_maturity_never_raises_a_version_4_score(vector: str) -> None:
    """E:U ≤ E:P ≤ E:A, and "not defined" is the worst case, E:A."""
    unreported, proof, attacked = (score(f"{vector}/E:{value}").value for value in "UPA")

    assert unreported <= proof <= attacked == score(vector).value


@given(vectors(tables=(V4,)), st.sampled_from(sorted(V4.supplemental)), st.data())
def test_supplemental_metrics_never_change_the_number(vector: str, name: str, data: st.DataObject) -> None:
    """They inform people only."""
    others = "/".join(part for part in vector.split("/") if not part.startswith(f"{name}:"))
    with_it = f"{others}/{name}:{data.draw(st.sampled_from(V4.supplemental[name]))}"

    assert score(with_it).value == score(others).value
    assert score(with_it).nomenclature == score(others).nomenclature


@given(vectors())
def test_every_complete_vector_has_a_score(vector: str) -> None:
    """On the scale, with one decimal, in its own band, whatever the order of the metrics."""
    result = score(vector)

    assert 0.0 <= result.value <= 10.0
    assert round(result.value, 1) == result.value
    assert result.severity is band(result.value, result.version)
    assert score(result.vector) == result


@given(st.text(max_size=80))
def test_any_other_text_is_a_scoring_error(text: str) -> None:
    """No error of the library gets through."""
    with pytest.raises(ScoringError):
        score(text)


def test_bands_and_choices_do_not_load_the_library() -> None:
    """A cold scan whose feeds give every number never pays for the scoring library."""
    program = (
        "import sys; from postmarket.scoring.choice import choose; from postmarket.sources.interface import Rating;"
        f"choose([Rating('3.1', '{LOG4SHELL}', 10.0, 'nvd@nist.gov')]); sys.exit('cvss' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", program], check=False)

    assert done.returncode == 0
