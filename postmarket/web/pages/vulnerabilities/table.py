"""The list of vulnerabilities that hit something of the firm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.html import format_html, format_html_join

from postmarket.web.components.tags import badge
from postmarket.web.pages.findings.words import PRIORITIES, facts_tags
from postmarket.web.table import Choice, Column, Search, Table

if TYPE_CHECKING:
    from postmarket.monitoring.queries.vulnerabilities import VulnerabilityRow


def _name(row: VulnerabilityRow) -> str:
    return format_html(
        '<a class="mono" href="{}">{}</a><div class="small said-of">{}</div>',
        reverse("vulnerability", args=[row.facts.name]),
        row.facts.name,
        row.facts.summary,
    )


def _tags(row: VulnerabilityRow) -> str:
    drawn = format_html_join("", "{}", ((badge(tag.meaning, tag.text, tag.title),) for tag in facts_tags(row.facts)))
    return format_html('<span class="tags">{}</span>', drawn)


def _holds(row: VulnerabilityRow, text: str) -> bool:
    words = (row.facts.name, *row.facts.aliases, row.facts.summary)
    return any(text.casefold() in word.casefold() for word in words)


VULNERABILITIES = Table(
    name="vulnerabilities",
    caption="Vulnerabilities",
    sort="",
    columns=(
        Column["VulnerabilityRow"](
            key="name", label="Vulnerability", heads=True, value=lambda row: row.facts.name, show=_name
        ),
        Column["VulnerabilityRow"](
            key="priority",
            label="Most pressing",
            value=lambda row: PRIORITIES[row.priority][0],
            show=lambda row: badge(PRIORITIES[row.priority][1], PRIORITIES[row.priority][0]),
        ),
        Column["VulnerabilityRow"](
            key="tags",
            label="What stands out",
            value=lambda row: ", ".join(tag.text for tag in facts_tags(row.facts)),
            show=_tags,
            sortable=False,
        ),
        Column["VulnerabilityRow"](
            key="kev",
            label="In KEV",
            value=lambda row: f"since {row.facts.kev_added}" if row.facts.kev_added else "no",
            export_only=True,
        ),
        Column["VulnerabilityRow"](key="score", label="CVSS", value=lambda row: row.facts.score, export_only=True),
        Column["VulnerabilityRow"](
            key="epss",
            label="EPSS",
            value=lambda row: row.facts.epss,
            show=lambda row: f"{row.facts.epss:.1%}" if row.facts.epss is not None else badge("unknown", "unknown"),
            numeric=True,
            descends=True,
            wide_only=True,
        ),
        Column["VulnerabilityRow"](
            key="versions", label="Versions", value=lambda row: row.versions, numeric=True, descends=True
        ),
        Column["VulnerabilityRow"](
            key="devices", label="Devices", value=lambda row: row.devices, numeric=True, descends=True, wide_only=True
        ),
        Column["VulnerabilityRow"](
            key="seen", label="First matched", value=lambda row: row.facts.first_seen, descends=True, wide_only=True
        ),
    ),
    filters=(
        Search(
            label="Find a vulnerability by any of its names",
            narrow=lambda rows, text: [row for row in rows if _holds(row, text)],
        ),
        Choice(
            key="kev",
            label="Exploited",
            options=(("yes", "In KEV"), ("no", "Not in KEV")),
            narrow=lambda rows, said: [row for row in rows if (row.facts.kev_added is not None) == (said == "yes")],
        ),
        Choice(
            key="priority",
            label="Priority",
            options=tuple((priority.name.lower(), words) for priority, (words, _) in PRIORITIES.items()),
            narrow=lambda rows, said: [row for row in rows if row.priority.name.lower() == said],
        ),
    ),
    empty="vulnerabilities/none.html",
)
