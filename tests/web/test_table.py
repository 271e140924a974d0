"""A table is declared once and then filters, sorts, turns pages and exports, from the address alone."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.http import FileResponse, HttpRequest
from django.utils.html import format_html
from hypothesis import given, settings
from hypothesis import strategies as st

from postmarket.web.table import BoundTable, Choice, Column, Search, Table
from postmarket.web.table.exports import harmless
from postmarket.web.table.rows import rows_of

Ask = Callable[[str], HttpRequest]


@dataclass(frozen=True)
class Version:
    """A row."""

    name: str
    units: int | None
    seen: datetime | None = None


ROWS = (
    Version("Ventorsa 5.2", 12),
    Version("dosimere 3.0", None),
    Version("=cmd|' /C calc'!A0", 7),
    Version("Lumisarn <b>2</b>", 1043, datetime(2026, 11, 23, 9, 30, tzinfo=UTC)),
)
TABLE = Table(
    name="versions",
    caption="Versions",
    takes=None,
    page_size=3,
    sort="name",
    columns=(
        Column[Version](key="name", label="Version", heads=True, value=lambda row: row.name),
        Column[Version](key="units", label="Units", numeric=True, descends=True, value=lambda row: row.units),
        Column[Version](key="seen", label="Seen", value=lambda row: row.seen, sortable=False),
    ),
    filters=(
        Search(label="Find", narrow=lambda rows, text: [row for row in rows if text.casefold() in row.name.casefold()]),
        Choice(
            key="fielded",
            label="In the field",
            options=(("yes", "Yes"),),
            narrow=lambda rows, _: [row for row in rows if row.units],
        ),
    ),
)


def names(table: BoundTable) -> list[str]:
    """The first cell of each row shown."""
    return [row[0].text for row in table.body]


def written(table: BoundTable) -> list[list[str]]:
    """The CSV the table answers with."""
    answer = table.export()
    assert answer is not None
    content = b"".join(answer).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))


def test_it_opens_in_its_own_order_without_regard_to_case(ask: Ask) -> None:
    """As declared; three a page."""
    table = TABLE.bind(ask("/versions"), ROWS)

    assert names(table) == ["=cmd|' /C calc'!A0", "dosimere 3.0", "Lumisarn <b>2</b>"]
    assert (table.first, table.last, table.count, table.pages) == (1, 3, 4, 2)


@pytest.mark.parametrize("order", ["units", "-units"])
def test_unknown_comes_last_whichever_way_one_sorts(ask: Ask, order: str) -> None:
    """Unknown is neither the smallest nor the largest."""
    table = TABLE.bind(ask(f"/versions?sort={order}&page=2"), ROWS)

    assert names(table) == ["dosimere 3.0"]


def test_filters_narrow_together_and_stay_in_every_link(ask: Ask) -> None:
    """A page's link, a heading's and an export's all keep what was chosen."""
    table = TABLE.bind(ask("/versions?q=VENT&fielded=yes&other=1"), ROWS)

    assert names(table) == ["Ventorsa 5.2"]
    assert table.filtered
    for url in (table.headings[0].url, *(url for _, url in table.exports)):
        assert "q=VENT" in url
        assert "fielded=yes" in url
        assert "other=1" in url
    assert table.cleared_url == "/versions?other=1"
    assert table.kept == [("other", "1")]


@pytest.mark.parametrize(
    "address", ["?sort=nonsense", "?fielded=perhaps", "?page=0", "?page=-1", "?page=x", "?sort=seen"]
)
def test_what_an_address_asks_that_there_is_not_is_passed_over(ask: Ask, address: str) -> None:
    """An old link still opens."""
    table = TABLE.bind(ask(f"/versions{address}"), ROWS)

    assert len(table.body) == 3
    assert table.page == 1


def test_a_page_past_the_end_is_the_last(ask: Ask) -> None:
    """Rows went away since the link was made."""
    assert TABLE.bind(ask("/versions?page=99"), ROWS).page == 2


def test_cells_are_escaped_and_unknown_is_hatched(ask: Ask, draw: Callable[..., str]) -> None:
    """Words of an SBOM are words."""
    page = draw("{% table table %}", table=TABLE.bind(ask("/versions"), ROWS))

    assert "Lumisarn &lt;b&gt;2&lt;/b&gt;" in page
    assert '<span class="tag unknown"><span>unknown</span></span>' in page
    assert 'aria-sort="ascending"' in page


def test_nothing_left_and_nothing_there_are_told_apart(ask: Ask, draw: Callable[..., str]) -> None:
    """One offers to show everything, the other says what would be here."""
    filtered = draw("{% table table %}", table=TABLE.bind(ask("/versions?q=zzz"), ROWS))
    nothing = draw("{% table table %}", table=TABLE.bind(ask("/versions"), []))

    assert "Nothing fits these filters." in filtered
    assert "Show everything" in filtered
    assert "Nothing here yet." in nothing


def test_an_export_holds_every_row_left_exact_and_harmless(ask: Ask, monday: datetime) -> None:
    """All pages, times with their zone, unknown as a word, and nothing that a spreadsheet would run."""
    rows = written(TABLE.bind(ask("/versions?format=csv&sort=-units"), ROWS))

    assert rows == [
        ["Version", "Units", "Seen"],
        ["Lumisarn <b>2</b>", "1043", "2026-11-23T10:30:00+01:00"],
        ["Ventorsa 5.2", "12", "unknown"],
        ["'=cmd|' /C calc'!A0", "7", "unknown"],
        ["dosimere 3.0", "unknown", "unknown"],
    ]


def test_a_workbook_holds_words_as_words(ask: Ask, monday: datetime) -> None:
    """Numbers are numbers, a formula is text."""
    answer = TABLE.bind(ask("/versions?format=xlsx"), ROWS).export()
    assert isinstance(answer, FileResponse)
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert answer.file_to_stream is not None
    answer.file_to_stream.close()

    assert answer.headers["Content-Disposition"] == 'attachment; filename="versions-2026-11-23.xlsx"'
    assert "<v>1043</v>" in sheet
    assert "<f>" not in sheet
    assert "cmd|" in sheet
    assert TABLE.bind(ask("/versions?format=exe"), ROWS).export() is None


@settings(deadline=None)
@given(st.text())
def test_no_text_of_a_file_starts_as_a_formula(text: str) -> None:
    """Whatever an SBOM calls a component."""
    assert not str(harmless(text)).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@settings(deadline=None)
@given(st.lists(st.integers() | st.none(), max_size=30), st.integers(1, 7))
def test_pages_hold_every_row_once(values: list[int | None], size: int) -> None:
    """Cut in pages, nothing is lost or shown twice."""
    column = Column[int | None](key="n", label="N", value=lambda row: row)
    ordered = rows_of(values).sorted(column, descending=True)
    cut = [row for start in range(0, len(values), size) for row in ordered.cut(start, start + size)]

    assert cut == sorted((v for v in values if v is not None), reverse=True) + [None] * values.count(None)


def test_a_table_that_contradicts_itself_is_refused() -> None:
    """Where it is declared, not where a person meets it."""
    column = Column[int](key="a", label="A", value=lambda row: row)
    with pytest.raises(ValueError, match="two columns of one key"):
        Table(name="t", caption="T", columns=(column, column))
    with pytest.raises(ValueError, match="a column it has not"):
        Table(name="t", caption="T", columns=(column,), sort="-b")


def test_two_tables_on_one_page_do_not_hear_each_other(ask: Ask) -> None:
    """Each reads only the parameters that carry its name."""
    table = Table(name="fixes", caption="Fixes", columns=TABLE.columns, page_size=3, alone=False)
    bound = table.bind(ask("/x?page=2&fixes.sort=units"), ROWS)

    assert bound.page == 1
    assert bound.headings[1].sorted == "ascending"
    assert "page=2" in bound.headings[0].url


@pytest.mark.django_db
def test_a_query_is_sorted_cut_and_counted_by_the_database(
    ask: Ask, django_assert_num_queries: Callable[..., object]
) -> None:
    """One count and one page, however many there are."""
    table = Table(
        name="kinds",
        caption="Kinds",
        page_size=2,
        columns=(
            Column[ContentType](key="app", label="App", value=lambda row: row.app_label, order="app_label model"),
            Column[ContentType](
                key="model",
                label="Model",
                value=lambda row: row.model,
                show=lambda row: format_html("<i>{}</i>", row.model),
            ),
        ),
        filters=(Search(label="Find", narrow=lambda rows, text: rows.filter(app_label=text)),),
    ).bind(ask("/kinds?sort=-app&q=auth"), ContentType.objects.all())

    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        assert table.count == 2
        assert [row[1].text for row in table.body] == ["<i>permission</i>", "<i>group</i>"]
    assert table.headings[1].url == ""


def test_rows_that_stand_together_have_a_line_above_them(ask: Ask, draw: Callable[..., str]) -> None:
    """On every page they are on; what is for the page alone is in no file."""
    grouped = Table(
        name="grouped",
        caption="Grouped",
        takes=None,
        page_size=3,
        group=lambda row: (row[0], format_html("Of <b>{}</b>", row[0])),
        columns=(
            Column[str](key="pick", label="Choose", value=lambda row: row, page_only=True, sortable=False),
            Column[str](key="name", label="Name", heads=True, value=lambda row: row, sortable=False),
        ),
    )
    rows = ["a1", "a2", "b1", "b2"]

    assert [line.group for line in grouped.bind(ask("/x"), rows).lines] == ["Of <b>a</b>", "", "Of <b>b</b>"]
    assert [line.group for line in grouped.bind(ask("/x?page=2"), rows).lines] == ["Of <b>b</b>"]
    page = draw("{% table table %}", ask("/x"), table=grouped.bind(ask("/x"), rows))
    assert page.count('class="group"') == 2
    assert page.count("<tbody") == page.count("</tbody>") == 2
    assert written(grouped.bind(ask("/x?format=csv"), rows)) == [["Name"], ["a1"], ["a2"], ["b1"], ["b2"]]
