"""Every source's words on one vulnerability, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.urls import reverse

from postmarket.sources.interface import Source, State
from postmarket.web.pages.source_names import NAMES
from postmarket.worklist.describe import one_line, shorter

if TYPE_CHECKING:
    from postmarket.matching.texts import Text

WITH_CRITERIA: Final = frozenset({Source.NVD, Source.CVE, Source.OSV, Source.CSAF})
"""Those that say which versions of which product are affected."""
MOST_LINKS: Final = 8
LINE: Final = 110


@dataclass(frozen=True, slots=True)
class Saying:
    """One record of one source, in its own words; `modified` as it says, None when it does not."""

    fold: str
    """Its id on the page."""
    source: str
    record: str
    line: str
    text: str
    title: str
    withdrawn: bool
    modified: date | None
    weaknesses: tuple[str, ...]
    links: tuple[str, ...]
    more_links: int
    criteria: str
    """Where its criteria are, each of which can be retired; empty for a source that has none."""


def sayings(said: Sequence[Text]) -> list[Saying]:
    """In the order given."""
    return [_saying(text, number) for number, text in enumerate(said, start=1)]


def _saying(text: Text, number: int) -> Saying:
    links = tuple(address for address in text.references if address.startswith(("https://", "http://")))
    return Saying(
        fold=f"says-{number}",
        source=NAMES[text.source],
        line=shorter(one_line(text.description or text.title), LINE),
        record=text.record_id,
        text=text.description,
        title=text.title,
        withdrawn=text.state is not State.PUBLISHED,
        modified=_day(text.modified),
        weaknesses=tuple(text.cwes),
        links=links[:MOST_LINKS],
        more_links=max(len(links) - MOST_LINKS, 0),
        criteria=_criteria(text),
    )


def _criteria(text: Text) -> str:
    if text.source not in WITH_CRITERIA:
        return ""
    return reverse("criteria-of", kwargs={"source": text.source.value, "record": text.record_id})


def _day(said: str) -> date | None:
    try:
        return datetime.fromisoformat(said).date()
    except ValueError:
        return None
