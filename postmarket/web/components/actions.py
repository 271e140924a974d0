"""The way a thing goes, and the marks of people on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.template import Library
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Phase:
    """One state on a way: its name, when it was reached, and whether it is the one now."""

    name: str
    at: datetime | date | None = None
    now: bool = False


def phases(way: Sequence[Phase], label: str) -> SafeString:
    """`{% phases states "State of the case" %}`: what is done, what is now, what comes."""
    return render_to_string("web/components/phases.html", {"phases": way, "label": label})


def key(letters: str) -> SafeString:
    """`{% key "J K" %}`: keys as keys."""
    return format_html("{}", SafeString(" ".join(format_html("<kbd>{}</kbd>", letter) for letter in letters.split())))


def furnish(register: Library) -> None:
    """Put the tags into a library."""
    register.simple_tag(phases)
    register.simple_tag(key)
