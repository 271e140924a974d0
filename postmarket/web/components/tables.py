"""The table as a tag."""

from __future__ import annotations

from django.template import Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from postmarket.web.table import BoundTable


def table(bound: BoundTable) -> SafeString:
    """`{% table devices %}`: filters, rows, pages and exports; each a plain link, made quick by htmx."""
    return render_to_string("web/components/table.html", {"table": bound})


def furnish(register: Library) -> None:
    """Put the tag into a library."""
    register.simple_tag(table)
