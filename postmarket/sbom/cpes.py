"""Collect the CPE names a component carries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from postmarket.versions import cpe
from postmarket.versions.errors import InvalidCpe

if TYPE_CHECKING:
    from postmarket.sbom.notes import Notes

_PLAIN = re.compile(r"cpe:2\.3:[aoh](?::(?:[*-]|[a-z0-9_][a-z0-9_.-]*)){10}")
"""A formatted string that is already as `to_formatted` writes it: nearly all of them, and there are many."""


def read_cpes(written: Iterable[str], *, place: str, notes: Notes) -> tuple[str, ...]:
    """
    Each name once, in the order met, as a CPE 2.3 formatted string (NISTIR 7695 §6.2); 2.2 URIs are converted.

    What is no CPE name is left out with a note.
    """
    found: dict[str, None] = {}
    for text in written:
        if not text:
            continue
        if _PLAIN.fullmatch(text):
            found[text] = None
            continue
        try:
            found[cpe.to_formatted(cpe.parse(text))] = None
        except InvalidCpe:
            notes.add(place, f'"{text[:80]}" is no CPE name and is left out.', kind="a CPE name that is none")
    return tuple(found)
