"""Advisories, whose they are, and whether somebody has looked."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.html import format_html

from postmarket.monitoring.feed_words import Whose
from postmarket.monitoring.models import Advisory
from postmarket.monitoring.queries.advisories import CONCERNS, OPEN
from postmarket.web.components.dates import said
from postmarket.web.components.tags import badge
from postmarket.web.table import Choice, Column, Search, Table
from postmarket.web.table.kinds import Word, choice, linked, number, tagged

WHOSE = {
    Whose.OURS: ("harm", "Ours"),
    Whose.COMPONENT: ("soon", "A supplier's"),
    Whose.ANOTHER: ("plain", "Another maker's"),
}


def reviewed_word(advisory: Advisory) -> Word:
    """Whether somebody has looked, as a colour and a word."""
    if advisory.is_reviewed:
        return "safe", "Reviewed"
    if advisory.is_reopened:
        return "soon", "Revised since its review"
    return "plain", "Not reviewed"


def _concern(advisory: Advisory) -> str:
    if advisory.affected:
        return badge("harm", _versions(advisory.affected, "affected"))
    if advisory.sharing:
        return badge("soon", _versions(advisory.sharing, "with the same component"))
    return format_html('<span class="quiet">{}</span>', "nothing of ours")


def _versions(count: int, how: str) -> str:
    return f"{count:,} version{'' if count == 1 else 's'} {how}"


def _shown(rows: Any, value: str) -> Any:
    if value == "review":
        return rows.filter(OPEN & CONCERNS, withdrawn=False)
    return rows.filter(CONCERNS) if value == "ours" else rows.filter(medical=True)


ADVISORIES = Table(
    name="advisories",
    caption="Advisories",
    columns=(
        linked(
            "number",
            "Advisory",
            "advisory",
            lambda one: one.number,
            order="number",
            below=lambda one: one.title,
        ),
        Column[Advisory](
            key="whose",
            label="Whose",
            order="whose",
            value=lambda one: one.whose,
            show=lambda one: badge(*WHOSE[Whose(one.whose)]),
        ),
        Column[Advisory](
            key="affected",
            label="Concerns",
            order="affected sharing",
            descends=True,
            value=lambda one: one.affected,
            show=_concern,
        ),
        number("sharing", "Same component", "sharing", wide_only=True),
        Column[Advisory](
            key="revision",
            label="Revised",
            order="revision",
            descends=True,
            wide_only=True,
            value=lambda one: one.revision,
            show=lambda one: said(one.revision),
        ),
        tagged("reviewed", "Review", reviewed_word, order="reviewed_revision"),
    ),
    filters=(
        Search(
            label="Number, title or CVE",
            narrow=lambda rows, text: rows.filter(
                Q(number__icontains=text) | Q(title__icontains=text) | Q(named__name__iexact=text)
            ).distinct(),
        ),
        Choice(
            key="show",
            label="Show",
            options=(("review", "To review"), ("ours", "What concerns us"), ("medical", "CISA medical advisories")),
            narrow=_shown,
        ),
        choice("whose", "Whose", ((whose.value, word) for whose, (_, word) in WHOSE.items())),
    ),
    sort="-revision",
    empty="feeds/no_advisories.html",
)
