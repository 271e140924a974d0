"""Icons and small words."""

from __future__ import annotations

from collections.abc import Mapping

from django.template import Library
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString


def icon(name: str, kind: str = "") -> SafeString:
    """An icon of the sprite (assets/icons.txt), beside words that say the same; `kind` "inline" sits in a sentence."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        kind,
        static("web/vendor/icons.svg"),
        name,
    )


def counted(number: int | None) -> str:
    """A number with commas: 1,043; nothing known is said, never 0."""
    return "unknown" if number is None else f"{number:,}"


def words(text: str) -> list[str]:
    """The words of a text: a short list written in a template."""
    return text.split()


def plural(number: int, nouns: str) -> str:
    """`3|plural:"device,devices"` is "3 devices"."""
    one, _, many = nouns.partition(",")
    return f"{counted(number)} {one if number == 1 else many or one + 's'}"


def counted_words(number: int, noun: str) -> str:
    """How many, to begin a sentence with: "Three findings", "12 findings", "No finding"."""
    small = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
    if number < len(small):
        return f"{small[number]} {noun if number < 2 else noun + 's'}"
    return plural(number, noun)


def at(mapping: Mapping[str, object], key: str) -> object:
    """`{{ why|at:item.key }}`: what a mapping holds under a key; nothing when it holds none."""
    return mapping.get(key, "")


def furnish(register: Library) -> None:
    """Put the tags and filters into a library."""
    register.simple_tag(icon)
    register.filter(counted)
    register.filter(words)
    register.filter(plural)
    register.filter(at)
