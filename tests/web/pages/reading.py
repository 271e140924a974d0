"""What a page says, as people read it."""

from __future__ import annotations

import html
import re
from typing import Protocol


class Page(Protocol):
    """An answer of the site."""

    status_code: int

    @property
    def content(self) -> bytes:
        """Its bytes."""


def words(answer: Page) -> str:
    """The page's words on one line, without its elements."""
    assert answer.status_code == 200, answer.status_code
    text = re.sub(r"<(script|style|svg|template|select).*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split()).replace(" .", ".").replace(" ,", ",")


def heading(answer: Page) -> str:
    """Its first heading."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", answer.content.decode(), re.DOTALL)
    assert found
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", found.group(1)).split()))
