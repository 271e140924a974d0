"""One thin command per verb; the only room that prints."""

from postmarket.cli.entry import main

__all__ = ["main"]
