"""Hypothesis strategies that draw CVSS vectors and what is known of a vulnerability."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

from postmarket.scoring.interface import ExploitabilityInputs, ExploitMaturity
from postmarket.scoring.metric_tables import TABLES, V2, V4, MetricTable


@st.composite
def vectors(draw: st.DrawFn, *, tables: tuple[MetricTable, ...] = TABLES, base_only: bool = False) -> str:
    """Complete vectors, their metrics in any order."""
    table = draw(st.sampled_from(tables))
    chosen = {name: draw(st.sampled_from(values)) for name, values in table.base.items()}
    if not base_only:
        optional = {**table.threat, **table.environmental, **table.supplemental}
        for name in draw(st.lists(st.sampled_from(sorted(optional)), unique=True, max_size=8)):
            chosen[name] = draw(st.sampled_from(optional[name]))
    return written(table, dict(draw(st.permutations(list(chosen.items())))))


def written(table: MetricTable, metrics: Mapping[str, str]) -> str:
    """The vector of `metrics` as a source writes it."""
    prefix = "" if table is V2 else table.prefix
    return prefix + "/".join(f"{name}:{value}" for name, value in metrics.items())


v4_base = vectors(tables=(V4,), base_only=True)

inputs = st.builds(
    ExploitabilityInputs,
    vector=st.one_of(st.just(""), st.just("AV:N/nonsense"), vectors()),
    kev=st.booleans(),
    ssvc_exploitation=st.sampled_from(["", "none", "poc", "active", "who knows"]),
    ssvc_automatable=st.sampled_from(["", "yes", "no", "perhaps"]),
    epss=st.one_of(st.none(), st.floats(0, 1)),
    maturity=st.sampled_from(ExploitMaturity),
)
