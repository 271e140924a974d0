"""What comes in on standard input, and what is said of inputs on standard error."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from postmarket.errors import visible
from postmarket.untrusted.documents import Limits
from postmarket.worklist.errors import WorklistError
from postmarket.worklist.inputs import STANDARD_INPUT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from postmarket.worklist.notices import Notice


def say(notices: Iterable[Notice]) -> None:
    """Each notice as one line on standard error."""
    for notice in notices:
        sys.stderr.write(f"postmarket: {visible(notice.text)}\n")


def piped(inputs: Sequence[Path]) -> bytes | None:
    """What comes in on standard input where `-` is among `inputs`. Raises WorklistError when that is too much."""
    if STANDARD_INPUT not in inputs:
        return None
    limit = Limits().document_bytes
    content = sys.stdin.buffer.read(limit + 1)
    if len(content) > limit:
        raise WorklistError(
            f"This is larger than the {limit:,} bytes allowed for one document",
            where="standard input",
            next_step="Give the file by its name, or split it.",
        )
    return content
