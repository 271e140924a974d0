"""The list of documents, and the report of one, line by line."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html

from postmarket.monitoring.models import SupplierStatement, SupplierVex
from postmarket.web.components.tags import unknown
from postmarket.web.pages.vex import words
from postmarket.web.table import Choice, Column, Search, Table
from postmarket.web.table.kinds import choice, moment, tagged
from postmarket.worklist.interface import VexOutcome


def _counted(outcome: VexOutcome) -> Column[SupplierVex]:
    return Column[SupplierVex](
        key=outcome.value,
        label=words.OUTCOMES[outcome][1],
        order=outcome.value,
        numeric=True,
        descends=True,
        value=lambda one: None if one.refused_why else getattr(one, outcome.value),
    )


def _named(one: SupplierVex) -> str:
    author = getattr(one, "author", None) or ""
    address = reverse("supplier-vex-one", kwargs={"pk": one.pk})
    return format_html('<a href="{}">{}</a><div class="small quiet">{}</div>', address, one.file_name, author)


def _vulnerability(one: SupplierStatement) -> str:
    """The name, linked where something of ours is about it."""
    if not one.vulnerability:
        return unknown("names none")
    if one.outcome == VexOutcome.SKIPPED.value or "/" in one.vulnerability:
        return format_html('<span class="mono">{}</span>', one.vulnerability)
    address = reverse("vulnerability", args=[one.vulnerability])
    return format_html('<a class="mono" href="{}">{}</a>', address, one.vulnerability)


def _standing(rows: Any, value: str) -> Any:
    if value == "withdrawn":
        return rows.exclude(withdrawn_at=None)
    counting = rows.filter(withdrawn_at=None)
    return counting.exclude(refused_why="") if value == "refused" else counting.filter(refused_why="")


DOCUMENTS = Table(
    name="supplier-vex",
    caption="VEX documents of suppliers",
    columns=(
        Column[SupplierVex](
            key="file", label="Document", order="file_name", heads=True, value=lambda one: one.file_name, show=_named
        ),
        Column[SupplierVex](
            key="author", label="Said by", export_only=True, value=lambda one: getattr(one, "author", None)
        ),
        tagged("state", "State", words.state),
        *map(_counted, (VexOutcome.APPLIED, VexOutcome.AMBIGUOUS, VexOutcome.SKIPPED)),
        moment("received", "Received", "received_at"),
        Column[SupplierVex](
            key="by", label="By", order="received_by__name", wide_only=True, value=lambda one: one.received_by.name
        ),
    ),
    filters=(
        Search(
            label="Document, supplier or CVE",
            narrow=lambda rows, text: rows.filter(
                Q(file_name__icontains=text)
                | Q(
                    pk__in=SupplierStatement.objects.filter(
                        Q(author__icontains=text) | Q(vulnerability__iexact=text)
                    ).values("document")
                )
            ),
        ),
        Choice(
            key="state",
            label="State",
            options=(("counts", "Counts"), ("refused", "Not readable"), ("withdrawn", "Withdrawn")),
            narrow=_standing,
        ),
    ),
    sort="-received",
    empty="vex/no_documents.html",
)

LINES = Table(
    name="vex-lines",
    caption="What became of each statement",
    columns=(
        Column[SupplierStatement](
            key="line", label="Line", order="position", numeric=True, wide_only=True, value=lambda one: one.position + 1
        ),
        Column[SupplierStatement](
            key="vulnerability",
            label="Vulnerability",
            order="vulnerability position",
            heads=True,
            value=lambda one: one.vulnerability or None,
            show=_vulnerability,
        ),
        Column[SupplierStatement](
            key="product", label="The supplier's product", order="product position", value=lambda one: one.product
        ),
        Column[SupplierStatement](key="says", label="It says", order="status justification position", value=words.says),
        tagged("outcome", "Outcome", words.outcome, order="outcome position"),
        Column[SupplierStatement](key="because", label="Because", value=words.because),
        Column[SupplierStatement](
            key="author", label="Said by", export_only=True, value=lambda one: one.author or None
        ),
        Column[SupplierStatement](key="said", label="Said on", export_only=True, value=lambda one: one.said_at or None),
    ),
    filters=(
        Search(
            label="Vulnerability or product",
            narrow=lambda rows, text: rows.filter(Q(vulnerability__icontains=text) | Q(product__icontains=text)),
        ),
        choice("outcome", "Outcome", ((outcome.value, word) for outcome, (_, word) in words.OUTCOMES.items())),
        choice("says", "It says", ((status.value, word) for status, word in words.STATUSES.items()), "status"),
    ),
    sort="line",
    empty="vex/no_lines.html",
)
