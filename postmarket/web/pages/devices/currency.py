"""Which SBOMs belong to what ships, over the whole portfolio."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from postmarket.inventory.queries.currency import CurrencyRow, portfolio_currency
from postmarket.inventory.rules.currency import Currency, Verdict
from postmarket.inventory.words import Answer
from postmarket.web import clock
from postmarket.web.asking import reader
from postmarket.web.components.dates import dated
from postmarket.web.components.tags import badge, unknown
from postmarket.web.components.text import plural
from postmarket.web.pages.devices.common import device_link, version_link
from postmarket.web.table import Choice, Column, Search, Table

Part = Callable[[Currency], Verdict]
WORDS = {Answer.YES: ("safe", "Current"), Answer.NO: ("soon", "Not current"), Answer.UNKNOWN: ("unknown", "Unknown")}


def _verdict(key: str, label: str, part: Part, good: Answer) -> Column[CurrencyRow]:
    """One of the three questions: its answer, and why below it."""

    def show(row: CurrencyRow) -> str:
        verdict = part(row.currency)
        if verdict.answer is Answer.UNKNOWN:
            tag = unknown("unknown")
        else:
            tag = badge("safe" if verdict.answer is good else "soon", verdict.answer.value.capitalize())
        return format_html('{}<div class="small quiet">{}</div>', tag, dated(verdict.why))

    return Column[CurrencyRow](
        key=key, label=label, value=lambda row: part(row.currency).answer.value, show=show, wide_only=True
    )


def _why(key: str, label: str, part: Part) -> Column[CurrencyRow]:
    return Column[CurrencyRow](key=key, label=label, export_only=True, value=lambda row: part(row.currency).why)


def reason(found: Currency) -> str:
    """Why an SBOM is not current, or why nobody can tell: the first of the three that says so."""
    bad = (
        (found.belongs, Answer.NO),
        (found.too_old, Answer.YES),
        (found.newer_build_without, Answer.YES),
    )
    wrong = [verdict.why for verdict, answer in bad if verdict.answer is answer]
    unclear = [verdict.why for verdict, _ in bad if verdict.answer is Answer.UNKNOWN]
    return next(iter([*wrong, *unclear]), "")


def _sbom(row: CurrencyRow) -> str:
    if row.sbom is None:
        return unknown("no SBOM")
    return format_html('<a href="{}">{}</a>', reverse("sbom", args=[row.sbom.pk]), row.sbom.file_name)


def _named(row: CurrencyRow) -> str:
    said = format_html("{} {}", device_link(row.version.device), version_link(row.version))
    return format_html('{}<div class="small quiet narrow-only">{}</div>', said, dated(reason(row.currency)))


CURRENCY = Table(
    name="currency",
    caption="Shipped versions and their SBOMs",
    columns=(
        Column[CurrencyRow](
            key="version", label="Version", heads=True, value=lambda row: str(row.version), show=_named
        ),
        Column[CurrencyRow](
            key="current",
            label="Current?",
            value=lambda row: WORDS[row.currency.is_current][1],
            show=lambda row: badge(*WORDS[row.currency.is_current]),
        ),
        Column[CurrencyRow](
            key="sbom", label="SBOM", value=lambda row: row.sbom.file_name if row.sbom else None, show=_sbom
        ),
        Column[CurrencyRow](
            key="made", label="Made on", export_only=True, value=lambda row: row.sbom.made_on if row.sbom else None
        ),
        _verdict("belongs", "Of what ships?", lambda found: found.belongs, Answer.YES),
        _verdict("old", "Too old?", lambda found: found.too_old, Answer.NO),
        _verdict("newer", "Newer build without?", lambda found: found.newer_build_without, Answer.NO),
        _why("belongs-why", "Of what ships, why", lambda found: found.belongs),
        _why("old-why", "Too old, why", lambda found: found.too_old),
        _why("newer-why", "Newer build, why", lambda found: found.newer_build_without),
    ),
    filters=(
        Search(
            label="Find a device or version",
            narrow=lambda rows, words: [row for row in rows if words.casefold() in str(row.version).casefold()],
        ),
        Choice(
            key="current",
            label="Current?",
            options=tuple((answer.value, words) for answer, (_, words) in WORDS.items()),
            narrow=lambda rows, value: [row for row in rows if row.currency.is_current.value == value],
        ),
    ),
    empty="devices/no_currency.html",
)


@require_safe
def currency(request: HttpRequest) -> HttpResponseBase:
    """The list: first those whose SBOM is not current, then those nobody can tell."""
    rows = portfolio_currency(reader(request), now=clock.now())
    table = CURRENCY.bind(request, rows)
    return table.export() or render(request, "devices/currency.html", {"table": table, "headline": headline(rows)})


def headline(rows: Sequence[CurrencyRow]) -> str:
    """The worst that is true of the portfolio."""
    if not rows:
        return "No version is shipped yet."
    of = plural(len(rows), "shipped version")
    wrong = sum(row.currency.is_current is Answer.NO for row in rows)
    unclear = sum(row.currency.is_current is Answer.UNKNOWN for row in rows)
    if wrong:
        return f"The SBOM of {wrong:,} of {of} is not current."
    if unclear:
        return f"Of {unclear:,} of {of} nobody can tell whether the SBOM is current."
    return f"The SBOM of every one of {of} is current." if len(rows) > 1 else "The SBOM of what ships is current."
