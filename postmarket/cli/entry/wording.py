"""Errors in words: what went wrong, what to do, and the exit code it ends with."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from typer.exceptions import TyperException

from postmarket.cli.entry.screen import STANDARD_OUTPUT
from postmarket.cli.exit_codes import Exit
from postmarket.config.home import STORE, home
from postmarket.errors import PostmarketError, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

WRONG_BYTES = frozenset({"ZstdError", "DecodeError", "ValidationError", "UnicodeDecodeError"})
"""What zstandard, msgspec and Python call bytes that are not what they should be; named, since importing them costs."""


def in_words(error: Exception) -> tuple[str, Exit]:
    """An error as one line, and the exit code it ends with."""
    match error:
        case PostmarketError():
            return error.line(), Exit.FAILED
        case TyperException():
            said = " ".join(error.format_message().split())
            end = "" if said.endswith((".", "?")) else "."
            return f"{visible(said)}{end} Try: {_command(error)} --help", Exit.USAGE
        case OSError() if error.filename == STANDARD_OUTPUT:
            why = f"Standard output cannot be written: {error.strerror or error}"
            return visible(f"{why}. Check the disk it goes to; what is there is not whole."), Exit.FAILED
        case OSError():
            why = f"{error.filename or 'a file'}: {error.strerror or error}"
            return visible(f"{why}. Check the path and its permissions."), Exit.FAILED
        case _ if _is_of_the_store(error):
            from postmarket.matching.store.connection import LOAD_AGAIN

            why = f"{home() / STORE}: The vulnerability store is damaged: {error}"
            return visible(f"{why}. {LOAD_AGAIN}"), Exit.FAILED
        case MemoryError():
            return "Out of memory. Give fewer or smaller inputs at once.", Exit.FAILED
        case _:
            what = f"{type(error).__name__}: {error}".splitlines()[0]
            advice = "Run again with POSTMARKET_DEBUG=1 and report what it prints"
            return visible(f"A defect of postmarket: {what}. {advice}."), Exit.DEFECT


def stopped(words: Sequence[str]) -> str:
    """What is kept after Ctrl-C, and how to go on."""
    if tuple(words) in {("feeds", "load"), ("feeds", "sync")}:
        return (
            "Stopped. What was loaded before is as it was, what came is kept. Run the same command again: it goes on."
        )
    return "Stopped; nothing was changed. Run the same command again."


def _command(error: TyperException) -> str:
    """The command whose help says what was meant."""
    context = getattr(error, "ctx", None)
    return str(context.command_path) if context is not None else "postmarket"


def _is_of_the_store(error: Exception) -> bool:
    """
    Whether SQLite refuses to read, or what it gave the matcher is not what was written: a page was overwritten.

    A command that opened no store has not imported SQLite.
    """
    sqlite3 = sys.modules.get("sqlite3")
    if sqlite3 is None or isinstance(error, sqlite3.DatabaseError):
        return sqlite3 is not None
    place = error.__traceback__
    while place is not None:
        if place.tb_frame.f_globals.get("__name__", "").startswith("postmarket.matching."):
            return type(error).__name__ in WRONG_BYTES
        place = place.tb_next
    return False
