"""Runs of sources."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html

from postmarket.monitoring.feed_words import FeedRunState
from postmarket.monitoring.models import FeedRun
from postmarket.web.components.dates import said_time
from postmarket.web.pages.feeds import words
from postmarket.web.pages.source_names import NAMES, name_of
from postmarket.web.table import Column, Table
from postmarket.web.table.kinds import Word, choice, moment, number, tagged


def _word(run: FeedRun) -> Word:
    return words.RUN_STATES[FeedRunState(run.state)]


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
        Column[FeedRun](key="source", label="Source", order="source", value=lambda run: name_of(run.source)),
        tagged("state", "State", _word, order="state"),
        number("added", "Added", "added"),
        number("changed", "Changed", "changed"),
        number("unchanged", "Unchanged", "unchanged", wide_only=True, sortable=False),
        number("refused", "Refused", "refused", wide_only=True),
        number("failed", "Failures", "failed", wide_only=True),
        moment("finished", "Ended", "finished_at", wide_only=True, sortable=False),
    ),
    filters=(
        choice("source", "Source", ((source.value, name) for source, name in NAMES.items())),
        choice("state", "State", ((state.value, word) for state, (_, word) in words.RUN_STATES.items())),
    ),
    sort="-started",
    empty="feeds/no_runs.html",
)
