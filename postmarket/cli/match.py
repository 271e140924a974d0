"""`postmarket match`: the portfolio is matched here and now."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from postmarket.cli.console import print_json
from postmarket.cli.exit_codes import Exit
from postmarket.cli.serving.errors import NoDatabase
from postmarket.config.site import start_site

if TYPE_CHECKING:
    from postmarket.monitoring.services.matching_now import MatchedNow


def run(*, as_json: bool) -> Exit:
    """
    Match what came since, and bring findings up; 3 when a worker is at the same work, 5 when a task failed.

    Raises NoDatabase.
    """
    from django.db import Error as DatabaseTrouble

    try:
        start_site(store=True)
        from postmarket.monitoring.services.matching_now import match_now

        done = match_now(now=datetime.now(UTC))
    except DatabaseTrouble as error:
        raise NoDatabase(error) from error
    if as_json:
        print_json({"gained": done.gained, "lost": done.lost, "failed": done.failed, "elsewhere": done.elsewhere})
    else:
        sys.stdout.write(f"{_words(done)}\n")
    if done.failed:
        return Exit.FAILED
    return Exit.PARTLY if done.elsewhere else Exit.OK


def _words(done: MatchedNow) -> str:
    said = f"Matched: {_counted(done.gained, 'match', 'matches')} gained, {done.lost:,} lost."
    if not done.gained and not done.lost:
        whole = not done.failed and not done.elsewhere
        said = "Nothing changed: every component is matched with all that came." if whole else "Nothing changed yet."
    if done.failed:
        return (
            f"{said} {_counted(done.failed, 'task', 'tasks')} failed: Administration, Tasks, says why and what to do."
        )
    return f"{said} A worker is at the rest: see Administration, Tasks." if done.elsewhere else said


def _counted(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"
