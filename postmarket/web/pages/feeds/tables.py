"""The lists of this room."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html

from postmarket.monitoring.feed_words import FeedRunState, ItemState, RetirementState, Whose
from postmarket.monitoring.models import Advisory, FeedRun, RetiredCriterion, Watch, WatchItem
from postmarket.monitoring.queries.advisories import CONCERNS, OPEN
from postmarket.sources.interface import Source
from postmarket.web.components.dates import said, said_time
from postmarket.web.components.tags import badge
from postmarket.web.pages.feeds import words
from postmarket.web.table import Choice, Column, Search, Table


def _linked(url: str, text: object, below: str = "") -> str:
    if not below:
        return format_html('<a href="{}">{}</a>', url, text)
    return format_html('<a href="{}">{}</a><div class="small quiet">{}</div>', url, text, below)


RUNS = Table(
    name="runs",
    caption="Runs of sources",
    columns=(
        Column[FeedRun](
            key="started",
            label="When",
            order="started_at",
            heads=True,
            descends=True,
            value=lambda run: run.started_at,
            show=lambda run: format_html(
                '<a href="{}">{}</a>', reverse("feed-run", kwargs={"pk": run.pk}), said_time(run.started_at)
            ),
        ),
        Column[FeedRun](key="source", label="Source", order="source", value=lambda run: words.name_of(run.source)),
        Column[FeedRun](
            key="state",
            label="State",
            order="state",
            value=lambda run: words.RUN_STATES[FeedRunState(run.state)][1],
            show=lambda run: badge(*words.RUN_STATES[FeedRunState(run.state)]),
        ),
        Column[FeedRun](key="added", label="Added", numeric=True, order="added", value=lambda run: run.added),
        Column[FeedRun](key="changed", label="Changed", numeric=True, order="changed", value=lambda run: run.changed),
        Column[FeedRun](
            key="unchanged", label="Unchanged", numeric=True, wide_only=True, value=lambda run: run.unchanged
        ),
        Column[FeedRun](
            key="refused", label="Refused", numeric=True, wide_only=True, order="refused", value=lambda run: run.refused
        ),
        Column[FeedRun](
            key="failed", label="Failures", numeric=True, wide_only=True, order="failed", value=lambda run: run.failed
        ),
        Column[FeedRun](
            key="finished",
            label="Ended",
            wide_only=True,
            value=lambda run: run.finished_at,
            show=lambda run: said_time(run.finished_at),
        ),
    ),
    filters=(
        Choice(
            key="source",
            label="Source",
            options=tuple((source.value, words.NAMES[source]) for source in Source),
            narrow=lambda rows, value: rows.filter(source=value),
        ),
        Choice(
            key="state",
            label="State",
            options=tuple((state.value, word) for state, (_, word) in words.RUN_STATES.items()),
            narrow=lambda rows, value: rows.filter(state=value),
        ),
    ),
    sort="-started",
    empty="feeds/no_runs.html",
)

WHOSE = {
    Whose.OURS: ("harm", "Ours"),
    Whose.COMPONENT: ("soon", "A supplier's"),
    Whose.ANOTHER: ("plain", "Another maker's"),
}


def _concern(advisory: Advisory) -> str:
    if advisory.affected:
        return badge("harm", _versions(advisory.affected, "affected"))
    if advisory.sharing:
        return badge("soon", _versions(advisory.sharing, "with the same component"))
    return format_html('<span class="quiet">{}</span>', "nothing of ours")


def _versions(count: int, how: str) -> str:
    return f"{count:,} version{'' if count == 1 else 's'} {how}"


def reviewed_word(advisory: Advisory) -> tuple[str, str]:
    """Whether somebody has looked, as a colour and a word."""
    if advisory.is_reviewed:
        return "safe", "Reviewed"
    if advisory.is_reopened:
        return "soon", "Revised since its review"
    return "plain", "Not reviewed"


ADVISORIES = Table(
    name="advisories",
    caption="Advisories",
    columns=(
        Column[Advisory](
            key="number",
            label="Advisory",
            order="number",
            heads=True,
            value=lambda one: one.number,
            show=lambda one: _linked(reverse("advisory", kwargs={"pk": one.pk}), one.number, one.title),
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
        Column[Advisory](
            key="sharing",
            label="Same component",
            numeric=True,
            wide_only=True,
            order="sharing",
            descends=True,
            value=lambda one: one.sharing,
        ),
        Column[Advisory](
            key="revision",
            label="Revised",
            order="revision",
            descends=True,
            wide_only=True,
            value=lambda one: one.revision,
            show=lambda one: said(one.revision),
        ),
        Column[Advisory](
            key="reviewed",
            label="Review",
            order="reviewed_revision",
            value=lambda one: reviewed_word(one)[1],
            show=lambda one: badge(*reviewed_word(one)),
        ),
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
            narrow=lambda rows, value: _shown(rows, value),
        ),
        Choice(
            key="whose",
            label="Whose",
            options=tuple((whose.value, word) for whose, (_, word) in WHOSE.items()),
            narrow=lambda rows, value: rows.filter(whose=value),
        ),
    ),
    sort="-revision",
    empty="feeds/no_advisories.html",
)


def _shown(rows: Any, value: str) -> Any:
    if value == "review":
        return rows.filter(OPEN & CONCERNS, withdrawn=False)
    return rows.filter(CONCERNS) if value == "ours" else rows.filter(medical=True)


def item_word(item: WatchItem) -> tuple[str, str]:
    """Whether somebody has looked, as a colour and a word."""
    if item.state == ItemState.REVIEWED.value:
        return "safe", f"Reviewed: {item.verdict}"
    return ("soon", "Changed since its review") if item.reopened else ("act", "To review")


ITEMS = Table(
    name="items",
    caption="Entries that feeds brought",
    columns=(
        Column[WatchItem](
            key="title",
            label="Entry",
            order="title",
            heads=True,
            value=lambda item: item.title,
            show=lambda item: _linked(reverse("watch-item", kwargs={"pk": item.pk}), item.title),
        ),
        Column[WatchItem](
            key="supplier",
            label="Supplier",
            order="watch__supplier__name",
            wide_only=True,
            value=lambda item: item.watch.supplier.name,
        ),
        Column[WatchItem](
            key="seen",
            label="Seen",
            order="seen_at",
            descends=True,
            value=lambda item: item.seen_at,
            show=lambda item: said_time(item.seen_at),
        ),
        Column[WatchItem](
            key="state",
            label="Review",
            order="state",
            value=lambda item: item_word(item)[1],
            show=lambda item: badge(*item_word(item)),
        ),
        Column[WatchItem](key="because", label="Because", wide_only=True, value=lambda item: item.because or None),
    ),
    filters=(
        Search(label="Words of an entry", narrow=lambda rows, text: rows.filter(title__icontains=text)),
        Choice(
            key="state",
            label="Review",
            options=((ItemState.OPEN.value, "To review"), (ItemState.REVIEWED.value, "Reviewed")),
            narrow=lambda rows, value: rows.filter(state=value),
        ),
    ),
    sort="-seen",
    empty="feeds/no_items.html",
)


def watch_word(watch: Watch) -> tuple[str, str]:
    """How a watch stands, as a colour and a word."""
    if not watch.enabled:
        return "plain", "Off"
    if watch.failures:
        return "harm", "Cannot be read"
    return ("safe", "Watched") if watch.checked_at else ("act", "Asked soon")


WATCHES = Table(
    name="watches",
    caption="Feeds that are watched",
    columns=(
        Column[Watch](
            key="supplier",
            label="Supplier",
            order="supplier__name",
            heads=True,
            value=lambda watch: watch.supplier.name,
            show=lambda watch: _linked(
                reverse("watch", kwargs={"pk": watch.pk}), watch.supplier.name, watch.title or watch.address
            ),
        ),
        Column[Watch](
            key="state",
            label="State",
            value=lambda watch: watch_word(watch)[1],
            show=lambda watch: badge(*watch_word(watch)),
        ),
        Column[Watch](
            key="open",
            label="To review",
            numeric=True,
            order="open_items",
            descends=True,
            value=lambda watch: getattr(watch, "open_items", None),
        ),
        Column[Watch](
            key="checked",
            label="Last answer",
            order="checked_at",
            descends=True,
            wide_only=True,
            value=lambda watch: watch.checked_at,
            show=lambda watch: said_time(watch.checked_at),
        ),
        Column[Watch](
            key="address", label="Address", order="address", wide_only=True, value=lambda watch: watch.address
        ),
    ),
    sort="supplier",
    alone=False,
    empty="feeds/no_watches.html",
)

RETIREMENTS = {
    RetirementState.RETIRED: ("soon", "Retired"),
    RetirementState.UNDONE: ("plain", "Taken back"),
    RetirementState.ENDED: ("act", "The source changed it"),
}
CRITERIA = Table(
    name="criteria",
    caption="Retired criteria",
    columns=(
        Column[RetiredCriterion](
            key="product",
            label="Criterion",
            order="product",
            heads=True,
            value=lambda row: f"{row.product} {row.range_text}",
            show=lambda row: _linked(
                reverse("criterion", kwargs={"pk": row.pk}),
                f"{row.product} {row.range_text}",
                f"{words.name_of(row.source)} {row.record}",
            ),
        ),
        Column[RetiredCriterion](
            key="vulnerability",
            label="Vulnerability",
            order="vulnerability",
            wide_only=True,
            value=lambda row: row.vulnerability,
        ),
        Column[RetiredCriterion](
            key="versions",
            label="Versions",
            numeric=True,
            order="versions",
            descends=True,
            value=lambda row: row.versions,
        ),
        Column[RetiredCriterion](
            key="state",
            label="State",
            order="state",
            value=lambda row: RETIREMENTS[RetirementState(row.state)][1],
            show=lambda row: badge(*RETIREMENTS[RetirementState(row.state)]),
        ),
        Column[RetiredCriterion](key="why", label="Why", wide_only=True, value=lambda row: row.why),
        Column[RetiredCriterion](
            key="by", label="By", wide_only=True, order="retired_by__name", value=lambda row: row.retired_by.name
        ),
        Column[RetiredCriterion](
            key="at",
            label="When",
            order="retired_at",
            descends=True,
            value=lambda row: row.retired_at,
            show=lambda row: said_time(row.retired_at),
        ),
    ),
    filters=(
        Choice(
            key="state",
            label="State",
            options=tuple((state.value, word) for state, (_, word) in RETIREMENTS.items()),
            narrow=lambda rows, value: rows.filter(state=value),
        ),
    ),
    sort="-at",
    empty="feeds/no_criteria.html",
)
