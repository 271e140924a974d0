"""`postmarket demo`: an example manufacturer, from the data that comes with postmarket, in a folder of its own."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from postmarket.cli.exit_codes import Exit
from postmarket.cli.scan import Request, scan, write
from postmarket.config.home import STORE
from postmarket.demo import feed_paths, portfolio_path
from postmarket.matching.store.connection import open_store
from postmarket.matching.store.loading import load

ROWS = 12
MOST_DIGITS = 9


def _shown() -> int:
    """How many rows: SHOW where that is a number, else 12."""
    given = os.environ.get("SHOW", "")
    return int(given) if given.isdecimal() and 0 < len(given) <= MOST_DIGITS and int(given) > 0 else ROWS


def run(*, as_json: bool = False) -> Exit:
    """Load the bundled intelligence, scan the example portfolio and show its worklist; touches no other state."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="postmarket-demo-") as folder:
        connection = open_store(Path(folder) / STORE, create=True)
        try:
            for source, paths in feed_paths().items():
                load(connection, source, paths, home=Path(folder), clock=lambda: now)
            request = Request(inputs=(portfolio_path(),), show=_shown(), format="json" if as_json else "table")
            write(connection, scan(connection, request, now=now), request, now=now)
        finally:
            connection.close()
    return Exit.OK
