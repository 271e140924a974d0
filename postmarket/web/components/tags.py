"""Tags: a word on its colour. One meaning per colour, always with a word; unknown is hatched, never grey or absent."""

from __future__ import annotations

from enum import StrEnum

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString


class Meaning(StrEnum):
    """What a colour says."""

    HARM = "harm"
    """Red: patients or a legal clock at risk."""
    SOON = "soon"
    """Amber: soon, or weakened."""
    SAFE = "safe"
    """Green: done, controlled, cleared."""
    SECRET = "secret"  # noqa: S105 - the name of a colour
    """Violet: confidential."""
    ACT = "act"
    """Blue: act here."""
    PLAIN = "plain"
    """No colour: a fact that asks for nothing, such as a score."""
    UNKNOWN = "unknown"
    """Hatched: not known, and that matters."""


def badge(meaning: str, text: object, title: str = "") -> SafeString:
    """`{% badge "harm" "Affected" %}`. Raises ValueError for a meaning there is none of, or without a word."""
    known = Meaning(meaning)
    said = str(text)
    if not said.strip():
        raise ValueError("a colour without a word says nothing")
    hover = format_html(' title="{}"', title) if title else ""
    if known is Meaning.UNKNOWN:
        return format_html('<span class="tag unknown"{}><span>{}</span></span>', hover, said)
    return format_html('<span class="tag {}"{}>{}</span>', known.value, hover, said)


def unknown(text: object = "unknown", title: str = "") -> SafeString:
    """`{% unknown "version not stated" %}`: hatched."""
    return badge(Meaning.UNKNOWN, text, title)


def or_unknown(value: object) -> object:
    """`value`, or the hatched tag where it is None or empty; 0 and False are values."""
    return unknown() if value is None or value == "" else value


def furnish(register: Library) -> None:
    """Put the tags and filters into a library."""
    register.simple_tag(badge)
    register.simple_tag(unknown)
    register.filter(or_unknown)
