"""Which sources have ever been loaded: read from, whether or not their words carry a date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postmarket.matching.store.runs import RunState

if TYPE_CHECKING:
    from postmarket.matching.store.engine import Connection


def loaded(connection: Connection) -> frozenset[str]:
    """The values of the sources of which a load has ended that found something: files all refused are no load."""
    rows = connection.execute(
        "SELECT DISTINCT source FROM feed_run WHERE state = ? AND added + changed + unchanged > 0",
        (RunState.DONE.value,),
    )
    return frozenset(source for (source,) in rows)
