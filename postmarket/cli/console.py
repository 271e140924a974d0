"""The screen: width, colour and progress, in one place."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from postmarket.cli.page import plain_width

if TYPE_CHECKING:
    from rich.console import Console


def console(*, stderr: bool = False) -> Console:
    """A Rich console: the terminal's width and colours, or 120 plain columns when piped."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else plain_width()
    return Console(stderr=stderr, width=width, highlight=False, soft_wrap=False, markup=False, emoji=False)


def print_json(value: object) -> None:
    """`value` as indented JSON on standard output."""
    from postmarket.worklist.formats.encoding import encoded

    sys.stdout.write(encoded(value).decode())
