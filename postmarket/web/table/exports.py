"""A table as a file: CSV or XLSX, every row the filters leave, times exact and with their zone."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import IO, TYPE_CHECKING, Any

from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse

from postmarket.accounts.authority import ANYWHERE, may, require
from postmarket.web import clock
from postmarket.web.asking import signed_in_person
from postmarket.web.components import dates
from postmarket.web.table.columns import Plain

if TYPE_CHECKING:
    from postmarket.web.table.table import Table

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
IN_MEMORY_BYTES = 1_000_000
LONGEST_CELL = 32_767
"""What a cell of a spreadsheet holds at most."""
ROWS_AT_ONCE = 200
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_csv(table: Table, rows: Iterable[Any]) -> HttpResponseBase:
    """CSV (RFC 4180, UTF-8 with a mark so that spreadsheets read it right), streamed."""

    def lines() -> Iterator[bytes]:
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        writer.writerow([column.label for column in table.exported])
        yield "\ufeff".encode()
        for number, row in enumerate(rows, start=1):
            writer.writerow([harmless(written(column.value(row))) for column in table.exported])
            if number % ROWS_AT_ONCE == 0:
                yield _taken(buffer)
        yield _taken(buffer)

    return StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")


def as_xlsx(table: Table, rows: Iterable[Any]) -> HttpResponseBase:
    """A workbook of one sheet; words are words, never formulas; written row by row."""
    from xlsxwriter import Workbook

    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - the response closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as book:
        sheet = book.add_worksheet(table.name[:31])
        head = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for number, column in enumerate(table.exported):
            sheet.write_string(0, number, column.label, head)
            sheet.set_column(number, number, 14 if column.numeric else 26)
        for line, row in enumerate(rows, start=1):
            for number, column in enumerate(table.exported):
                value = written(column.value(row))
                if isinstance(value, str):
                    sheet.write_string(line, number, value[:LONGEST_CELL])
                else:
                    sheet.write_number(line, number, value)
    file.seek(0)
    return FileResponse(file, content_type=WORKBOOK)


def may_take(request: HttpRequest, table: Table) -> bool:
    """Whether who asks may have the table as a file."""
    return table.takes is None or may(signed_in_person(request), table.takes, on=ANYWHERE)


FORMATS: dict[str, Callable[[Table, Iterable[Any]], HttpResponseBase]] = {"csv": as_csv, "xlsx": as_xlsx}


def response(name: str, table: Table, rows: Iterable[Any], *, request: HttpRequest) -> HttpResponseBase:
    """The file, under a name that says what it is and of when. Raises NotAllowed for who may not take it away."""
    if table.takes is not None:
        require(signed_in_person(request), table.takes, on=ANYWHERE)
    answer = FORMATS[name](table, rows)
    day = dates.local(clock.now()).date().isoformat()
    answer.headers["Content-Disposition"] = f'attachment; filename="{table.name}-{day}.{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def written(value: Plain) -> str | int | float:
    """A value as a file holds it: times as ISO 8601 with the site's offset, unknown as a word."""
    match value:
        case None:
            return "unknown"
        case bool():
            return "yes" if value else "no"
        case datetime():
            return dates.local(value).isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case _:
            return value


def harmless(value: str | float) -> str | float:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _taken(buffer: io.StringIO) -> bytes:
    content = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return content
