"""Criteria of sources that were retired."""

from __future__ import annotations

from postmarket.monitoring.feed_words import RetirementState
from postmarket.monitoring.models import RetiredCriterion
from postmarket.web.pages.source_names import name_of
from postmarket.web.table import Column, Table
from postmarket.web.table.kinds import Word, choice, linked, moment, number, tagged

RETIREMENTS = {
    RetirementState.RETIRED: ("soon", "Retired"),
    RetirementState.UNDONE: ("plain", "Taken back"),
    RetirementState.ENDED: ("act", "The source changed it"),
}


def _word(row: RetiredCriterion) -> Word:
    return RETIREMENTS[RetirementState(row.state)]


CRITERIA = Table(
    name="criteria",
    caption="Retired criteria",
    columns=(
        linked(
            "product",
            "Criterion",
            "criterion",
            lambda row: f"{row.product} {row.range_text}",
            order="product",
            below=lambda row: f"{name_of(row.source)} {row.record}",
        ),
        Column[RetiredCriterion](
            key="vulnerability",
            label="Vulnerability",
            order="vulnerability",
            wide_only=True,
            value=lambda row: row.vulnerability,
        ),
        number("versions", "Versions", "versions"),
        tagged("state", "State", _word, order="state"),
        Column[RetiredCriterion](key="why", label="Why", wide_only=True, value=lambda row: row.why),
        Column[RetiredCriterion](
            key="by", label="By", wide_only=True, order="retired_by__name", value=lambda row: row.retired_by.name
        ),
        moment("at", "When", "retired_at"),
    ),
    filters=(choice("state", "State", ((state.value, word) for state, (_, word) in RETIREMENTS.items())),),
    sort="-at",
    empty="feeds/no_criteria.html",
)
