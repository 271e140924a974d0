"""The lists of entries: as pages show them, and as files hold them whole."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html

from postmarket.records.canonical import canonical
from postmarket.records.entries import Draft
from postmarket.records.interface import Snapshot, Unsaid
from postmarket.records.models import Entry
from postmarket.web.components.dates import said_time
from postmarket.web.components.tags import or_unknown, unknown
from postmarket.web.pages.records import words
from postmarket.web.pages.records.filters import FILTERS, Rows
from postmarket.web.table import Column, Table

NUMBER = Column[Entry](
    key="number",
    label="Entry",
    order="number",
    heads=True,
    descends=True,
    value=lambda entry: entry.number,
    show=lambda entry: format_html(
        '<a class="numbers" href="{}">{}</a>', reverse("record", kwargs={"number": entry.number}), f"{entry.number:,}"
    ),
)
WHEN = Column[Entry](
    key="at",
    label="When",
    order="at number",
    descends=True,
    value=lambda entry: entry.at,
    show=lambda e: said_time(e.at),
)
WHO = Column[Entry](key="who", label="Who", value=words.who, show=lambda entry: str(or_unknown(words.who(entry))))
DEED = Column[Entry](key="kind", label="What", order="kind number", value=lambda entry: words.deed(entry.kind))
DEED_OF = Column[Entry](
    key="kind",
    label="What",
    order="kind number",
    value=lambda entry: words.deed(entry.kind),
    show=lambda entry: format_html("{}<br>{}", words.deed(entry.kind), words.subject_link(entry)),
)
CHANGED = Column[Entry](
    key="changed",
    label="Changed",
    wide_only=True,
    value=lambda entry: ", ".join(words.changed_fields(entry)),
    show=lambda entry: _few(words.changed_fields(entry)),
)
WHY = Column[Entry](
    key="why",
    label="Why",
    value=lambda entry: entry.said.why if entry.said else None,
    show=lambda entry: _short(entry.said.why) if entry.said else str(or_unknown(None)),
)
TRAIL = Table(
    name="records",
    caption="Entries of the records",
    columns=(NUMBER, WHEN, WHO, DEED_OF, WHY),
    filters=FILTERS,
    sort="-number",
    empty="records/no_entry.html",
)
HISTORY = Table(
    name="history",
    caption="What happened to it",
    columns=(NUMBER, WHEN, WHO, DEED, CHANGED, WHY),
    sort="-number",
    empty="records/no_history.html",
)
MOST_FIELDS = 4
LONGEST_WHY = 160


def _said(value: Snapshot | Unsaid | None) -> str:
    """A snapshot in a file's cell: its canonical JSON; empty where the entry says nothing of it."""
    return "" if isinstance(value, Unsaid) else canonical(value).decode()


def _of(part: str) -> Column[Entry]:
    def value(entry: Entry) -> str | None:
        said: Draft | None = entry.said
        return None if said is None else _said(getattr(said, part))

    return Column[Entry](key=part, label=part.capitalize(), value=value)


WHOLE = (
    Column[Entry](key="number", label="Entry", order="number", value=lambda entry: entry.number),
    Column[Entry](key="at", label="When", order="at number", value=lambda entry: entry.at),
    Column[Entry](key="zone", label="Site zone", value=lambda entry: entry.said.site_zone if entry.said else None),
    Column[Entry](key="actor", label="Actor id", value=lambda entry: entry.actor_id),
    Column[Entry](key="who", label="Who", value=words.who),
    Column[Entry](key="by", label="Done by", value=lambda entry: entry.actor_kind),
    Column[Entry](key="kind", label="Kind", order="kind number", value=lambda entry: entry.kind),
    Column[Entry](key="subject-kind", label="Subject kind", value=lambda entry: entry.subject_kind),
    Column[Entry](key="subject", label="Subject id", value=lambda entry: entry.subject_id),
    Column[Entry](key="why", label="Why", value=lambda entry: entry.said.why if entry.said else None),
    Column[Entry](key="policy", label="Policy", value=lambda entry: entry.said.policy if entry.said else None),
    Column[Entry](key="act", label="Act", value=lambda entry: entry.said.act if entry.said else None),
    _of("before"),
    _of("after"),
    _of("detail"),
    Column[Entry](key="previous", label="Hash before", value=lambda entry: bytes(entry.previous).hex()),
    Column[Entry](key="hash", label="Hash", value=lambda entry: bytes(entry.hash).hex()),
)


def file_of(request: HttpRequest, table: Table, rows: Rows) -> HttpResponseBase | None:
    """
    The file the address asks for, every column of every entry the filters leave; None when it asks for the page.

    Raises NotAllowed for who may not take content away.
    """
    if not request.GET.get("format"):
        return None
    whole = Table(
        name=table.name, caption=table.caption, columns=WHOLE, filters=table.filters, sort=table.sort, alone=table.alone
    )
    return whole.bind(request, rows).export()


def _few(fields: tuple[str, ...]) -> str:
    shown = ", ".join(fields[:MOST_FIELDS])
    return f"{shown} and {len(fields) - MOST_FIELDS} more" if len(fields) > MOST_FIELDS else shown


def _short(text: str) -> str:
    if not text.strip():
        return unknown("not given")
    return text if len(text) <= LONGEST_WHY else f"{text[:LONGEST_WHY]}…"
