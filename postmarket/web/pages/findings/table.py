"""Findings as a table: one row per component, device version and vulnerability, on every page that lists them so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join

from postmarket.monitoring.words import Order
from postmarket.policy.timeline import timeline
from postmarket.web.components.tags import badge
from postmarket.web.pages.findings.words import LANES, PRIORITIES, ROLES, STATES, state_meaning, state_words, tags
from postmarket.web.table import Choice, Column, Search, Table

if TYPE_CHECKING:
    from datetime import datetime

    from postmarket.monitoring.queries.findings import FindingRow, Findings
    from postmarket.policy.interface import Timeline
    from postmarket.policy.pack import Pack


def findings_table(
    name: str, *, pack: Pack, leave_out: Sequence[str] = (), alone: bool = True, empty: str = "findings/none.html"
) -> Table:
    """The table; `leave_out` names columns that the page says already (they stay in no export either)."""
    columns = [column for column in _columns(pack) if column.key not in leave_out]
    return Table(
        name=name,
        caption="Findings",
        columns=tuple(columns),
        filters=(
            Search(label="Find a vulnerability or component", narrow=_narrowed("text")),
            Choice(
                key="priority",
                label="Priority",
                options=tuple((priority.name.lower(), words) for priority, (words, _) in PRIORITIES.items()),
                narrow=lambda rows, key: _asks(rows, priorities=[one for one in PRIORITIES if one.name.lower() == key]),
            ),
            Choice(
                key="state",
                label="State",
                options=tuple((state.name.lower(), words) for state, words in STATES.items()),
                narrow=lambda rows, key: _asks(rows, states=[one for one in STATES if one.name.lower() == key]),
            ),
            Choice(
                key="lane",
                label="Kind",
                options=tuple((lane.name.lower(), words) for lane, words in LANES.items()),
                narrow=lambda rows, key: _asks(rows, lanes=[one for one in LANES if one.name.lower() == key]),
            ),
        ),
        page_size=25,
        alone=alone,
        empty=empty,
    )


def _columns(pack: Pack) -> list[Column[FindingRow]]:
    def dates(row: FindingRow) -> Timeline | None:
        return timeline(row.facts.score, aware=row.aware, pack=pack) if row.aware is not None else None

    def mitigate(row: FindingRow) -> datetime | None:
        run = dates(row)
        return run.mitigate_by if run else None

    def patch(row: FindingRow) -> datetime | None:
        run = dates(row)
        return run.patch_target if run else None

    return [
        Column(
            key="priority",
            label="Priority",
            value=lambda row: PRIORITIES[row.priority][0],
            show=_priority,
            order=Order.WORK.value,
        ),
        Column(
            key="vulnerability",
            label="Vulnerability",
            value=lambda row: row.facts.name,
            show=_vulnerability,
            order=Order.VULNERABILITY.value,
            heads=True,
        ),
        Column(key="summary", label="What it is", value=lambda row: row.facts.summary or None, export_only=True),
        Column(
            key="device",
            label="Device version",
            value=lambda row: str(row.version),
            show=_version,
            order=Order.DEVICE.value,
        ),
        Column(
            key="component",
            label="Component",
            value=lambda row: str(row.identity),
            show=_component,
            order=Order.COMPONENT.value,
            wide_only=True,
        ),
        Column(key="state", label="State", value=state_words, show=_state),
        Column(key="role", label="Clinical role", value=lambda row: ROLES[row.role], export_only=True),
        Column(key="reason", label="Why this place", value=lambda row: row.standing.reason, export_only=True),
        Column(
            key="score",
            label="What stands out",
            value=lambda row: row.facts.score,
            show=_tags,
            order=Order.SCORE.value,
            descends=True,
        ),
        Column(key="kev", label="In KEV", value=lambda row: row.facts.kev_added is not None, export_only=True),
        Column(key="epss", label="EPSS", value=lambda row: row.facts.epss, export_only=True),
        Column(key="known", label="First known", value=lambda row: row.aware, export_only=True),
        Column(key="mitigate", label="Mitigate by (article)", value=mitigate, export_only=True),
        Column(key="patch", label="Patch by (article)", value=patch, export_only=True),
        Column(key="lane", label="Kind", value=lambda row: LANES[row.lane], export_only=True),
    ]


def _asks(rows: Findings, **changes: Any) -> Findings:
    return replace(rows, asked=replace(rows.asked, **changes))


def _narrowed(field: str) -> Any:
    return lambda rows, value: _asks(rows, **{field: value})


def _priority(row: FindingRow) -> str:
    words, meaning = PRIORITIES[row.priority]
    return badge(meaning, words, row.standing.reason)


def _vulnerability(row: FindingRow) -> str:
    return format_html(
        '<a class="mono" href="{}">{}</a><div class="small said-of">{}</div><div class="quiet small said-of">{}</div>',
        f"{reverse('triage')}?version={row.version.pk}&at={row.device.pk}-{row.facts.lead}",
        row.facts.name,
        row.facts.summary,
        row.standing.reason,
    )


def _state(row: FindingRow) -> str:
    return badge(state_meaning(row), state_words(row))


def _component(row: FindingRow) -> str:
    return format_html('{}<div class="quiet small">{}</div>', row.identity, ROLES[row.role])


def _version(row: FindingRow) -> str:
    return format_html('<a href="{}">{}</a>', reverse("device-version", args=[row.version.pk]), row.version)


def _tags(row: FindingRow) -> str:
    return format_html(
        '<span class="tags">{}</span>',
        format_html_join(
            "",
            "{}",
            ((badge(tag.meaning, tag.text, tag.title),) for tag in tags(row) if tag.text not in LANES.values()),
        ),
    )
