"""
CVSS 2.0, 3.0, 3.1 and 4.0 scores, computed by Red Hat's `cvss` library.

Vectors are checked and brought into the specification's order first (`vectors.parse`), so that the library sees only
well-formed ones and every refusal has our words. Where independent implementations disagree, docs/adr/ says why the
library's answer is the specification's.
"""

from __future__ import annotations

from functools import lru_cache

from postmarket.scoring.bands import band
from postmarket.scoring.errors import ScoringError
from postmarket.scoring.interface import ParsedVector, Score
from postmarket.scoring.vectors import parse


def score(vector: str, *, by: str = "") -> Score:
    """
    The score of `vector` with every metric it gives; `by` says who rated and is carried through.

    4.0: threat (E) and environmental metrics change the number, MSI:S and MSA:S included; supplemental ones never do.
    2.0 and 3.x: the environmental score if any environmental metric is given, else the temporal one if any temporal
    metric is, else the base score. "Not defined" (X, ND) is not given. `Score.vector` is the vector in its
    specification's order, without metrics that are not defined.

    Raises ScoringError, one line saying what is wrong, where in the vector, and what to do.
    """
    parsed = parse(vector)
    # By what is given, never simply the last: 3.1 computes an environmental score that differs from the base score
    # even when no environmental metric is given (7.7 for 7.6, its §7.3 has other exponents than its §7.1).
    deepest = 2 if parsed.environmental else 1 if parsed.threat else 0
    value = _computed(parsed.vector)[0 if parsed.version == "4.0" else deepest]
    return Score(
        version=parsed.version,
        vector=parsed.vector,
        value=value,
        severity=band(value, parsed.version),
        nomenclature=nomenclature(parsed),
        by=by,
    )


def nomenclature(parsed: ParsedVector) -> str:
    """What the number is to be called: CVSS-B, -BT, -BE or -BTE (4.0 specification §1.3); Base, … before."""
    if parsed.version == "4.0":
        return f"CVSS-B{'T' if parsed.threat else ''}{'E' if parsed.environmental else ''}"
    if parsed.environmental:
        return "Environmental"
    return "Temporal" if parsed.threat else "Base"


@lru_cache(maxsize=16384)
def _computed(vector: str) -> tuple[float, ...]:
    """Base, temporal and environmental score; 4.0 has one."""
    # Imported here: a scan that finds every base score in its feeds never pays for the library.
    from cvss import CVSS2, CVSS3, CVSS4
    from cvss.exceptions import CVSSError

    reader = CVSS4 if vector.startswith("CVSS:4") else CVSS3 if vector.startswith("CVSS:3") else CVSS2
    try:
        scores = reader(vector).scores()
    except CVSSError as error:
        raise ScoringError(
            f"The CVSS vector {vector!r} cannot be scored", why=str(error), next_step="Correct the vector."
        ) from error
    # Version 2.0 answers None for a group of which nothing is given, and such a group is never asked for.
    return tuple(0.0 if value is None else float(value) for value in scores)
