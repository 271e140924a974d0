"""
The demo's own home: made new for one run, taken away after it, and known by a mark that no other home has.

The settings that let a visitor in ask for that mark first (ADR 46).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from postmarket.demo.errors import DemoError

MARK: Final = "made-by-postmarket-demo"
SETTINGS: Final = "postmarket.demo.settings"
PREFIX: Final = "postmarket-demo-"
HOME: Final = "POSTMARKET_HOME"
OURS: Final = "POSTMARKET_"
DATABASE: Final = "DATABASE_URL"


@contextmanager
def new_home() -> Iterator[Path]:
    """A new folder with the mark in it; it and all that was written there is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        (home / MARK).write_text("Everybody on this machine is let in to the site that lives here.\n", "utf-8")
        yield home


def environment_of(home: Path, given: Mapping[str, str]) -> dict[str, str]:
    """`given` without any setting of a site somebody has, and with the demo's home and settings instead."""
    kept = {name: value for name, value in given.items() if not _is_setting(name)}
    return kept | {HOME: str(home), "DJANGO_SETTINGS_MODULE": SETTINGS}


def demo_home(given: Mapping[str, str] = os.environ) -> Path:
    """
    The home this process was given, which must be a demo's and come with no setting besides.

    Raises DemoError for any other: a site somebody has is never opened to visitors.
    """
    home = Path(given.get(HOME) or "nowhere")
    if not (home / MARK).is_file():
        raise _refused(str(home), "it was not made by `postmarket demo`")
    others = sorted(name for name in given if _is_setting(name) and name != HOME)
    if others:
        raise _refused(", ".join(others), "the demo takes no setting of a site")
    return home


def _is_setting(name: str) -> bool:
    return name == DATABASE or name.startswith(OURS)


def _refused(where: str, why: str) -> DemoError:
    return DemoError(
        "The demo's settings open no site but the demo's",
        where=where,
        why=why,
        next_step="Start the demo with: postmarket demo. Your own site starts with: postmarket serve.",
    )
