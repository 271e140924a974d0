"""Suppliers' feeds that are watched, and the entries they brought."""

from __future__ import annotations

from postmarket.monitoring.feed_words import ItemState
from postmarket.monitoring.models import Watch, WatchItem
from postmarket.web.table import Column, Search, Table
from postmarket.web.table.kinds import Word, choice, linked, moment, number, tagged


def item_word(item: WatchItem) -> Word:
    """Whether somebody has looked, as a colour and a word."""
    if item.state == ItemState.REVIEWED.value:
        return "safe", f"Reviewed: {item.verdict}"
    return ("soon", "Changed since its review") if item.reopened else ("act", "To review")


def watch_word(watch: Watch) -> Word:
    """How a watch stands, as a colour and a word."""
    if not watch.enabled:
        return "plain", "Off"
    if watch.failures:
        return "harm", "Cannot be read"
    return ("safe", "Watched") if watch.checked_at else ("act", "Asked soon")


ITEMS = Table(
    name="items",
    caption="Entries that feeds brought",
    columns=(
        linked("title", "Entry", "watch-item", lambda item: item.title, order="title"),
        Column[WatchItem](
            key="supplier",
            label="Supplier",
            order="watch__supplier__name",
            wide_only=True,
            value=lambda item: item.watch.supplier.name,
        ),
        moment("seen", "Seen", "seen_at"),
        tagged("state", "Review", item_word, order="state"),
        Column[WatchItem](key="because", label="Because", wide_only=True, value=lambda item: item.because or None),
    ),
    filters=(
        Search(label="Words of an entry", narrow=lambda rows, text: rows.filter(title__icontains=text)),
        choice("state", "Review", ((ItemState.OPEN.value, "To review"), (ItemState.REVIEWED.value, "Reviewed"))),
    ),
    sort="-seen",
    empty="feeds/no_items.html",
)
WATCHES = Table(
    name="watches",
    caption="Feeds that are watched",
    columns=(
        linked(
            "supplier",
            "Supplier",
            "watch",
            lambda watch: watch.supplier.name,
            order="supplier__name",
            below=lambda watch: watch.title or watch.address,
        ),
        tagged("state", "State", watch_word),
        number("open", "To review", "open_items"),
        moment("checked", "Last answer", "checked_at", wide_only=True),
        Column[Watch](
            key="address", label="Address", order="address", wide_only=True, value=lambda watch: watch.address
        ),
    ),
    sort="supplier",
    alone=False,
    empty="feeds/no_watches.html",
)
