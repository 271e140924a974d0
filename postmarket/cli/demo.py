"""`postmarket demo`: an example manufacturer, from the data that comes with postmarket: its worklist, then its site."""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from postmarket.cli.exit_codes import Exit
from postmarket.cli.scan import Request, scan, write
from postmarket.config.home import STORE
from postmarket.demo import FIRST_SEEN_HOURS, feed_paths, portfolio_path
from postmarket.matching.store.connection import open_store
from postmarket.matching.store.loading import load
from postmarket.worklist.interface import Lane

if TYPE_CHECKING:
    from postmarket.worklist.interface import Worklist

ROWS = 12
MOST_DIGITS = 9
AWARE_BASIS = "when the example manufacturer first matched its SBOMs"


def run(*, port: int, as_json: bool = False, site: bool = True) -> Exit:
    """
    Load the bundled intelligence, scan the example portfolio and show its worklist; then serve its site.

    Without a terminal, or with ONCE=1, the site's first page is checked instead, and that is the end. Touches no other
    state. Raises ServeError when the site cannot be served, DemoError when it shows something else than the worklist.
    """
    now = datetime.now(UTC)
    shown = _worklist(now, as_json=as_json)
    if as_json or not site:
        return Exit.OK
    sys.stdout.flush()
    from postmarket.cli.demo_site import serve

    rows = sum(row.lane is Lane.WORKLIST for row in shown.rows)
    return serve(now=now, port=port, rows=rows, once=_once())


def _worklist(now: datetime, *, as_json: bool) -> Worklist:
    with tempfile.TemporaryDirectory(prefix="postmarket-demo-") as folder:
        connection = open_store(Path(folder) / STORE, create=True)
        try:
            for source, paths in feed_paths().items():
                load(connection, source, paths, home=Path(folder), clock=lambda: now)
            request = Request(
                inputs=(portfolio_path(),),
                show=_shown(),
                format="json" if as_json else "table",
                aware=(now - timedelta(hours=FIRST_SEEN_HOURS)).isoformat(),
                aware_basis=AWARE_BASIS,
            )
            found = scan(connection, request, now=now)
            write(connection, found, request, now=now)
        finally:
            connection.close()
    return found


def _shown() -> int:
    """How many rows: SHOW where that is a number, else 12."""
    given = os.environ.get("SHOW", "")
    return int(given) if given.isdecimal() and 0 < len(given) <= MOST_DIGITS and int(given) > 0 else ROWS


def _once() -> bool:
    """Whether nobody is there to look at a site: no terminal, or ONCE says so."""
    return os.environ.get("ONCE", "") not in {"", "0"} or not sys.stdout.isatty()
