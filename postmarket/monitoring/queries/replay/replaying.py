"""The worklist of a moment."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from postmarket.inventory.queries.alias_table import alias_table_at
from postmarket.matching.store.connection import open_store
from postmarket.matching.store.loading import Unwatched
from postmarket.monitoring.errors import NothingToReplay, ReplayFailed
from postmarket.monitoring.policy import pack_on
from postmarket.monitoring.queries.replay.feeds import kept_runs, load_again
from postmarket.monitoring.queries.replay.kept import KeptFile
from postmarket.monitoring.queries.replay.standing import retired_at, spoken_at, standing_at
from postmarket.worklist.assemble import assemble

if TYPE_CHECKING:
    from postmarket.matching.store.engine import Connection
    from postmarket.matching.store.loading import Progress
    from postmarket.worklist.interface import Worklist

STORE = "store.sqlite3"
BASIS = "the moment asked for: when each was learned stands in its case"


@dataclass(frozen=True, slots=True)
class Replay:
    """
    What a scan would have said then; `connection` is the store it was matched in, open while the caller looks.

    `runs` were loaded again. `missing` is not kept any more as it came, and `refused` counts entries that today's
    readers refuse: the answer lacks what they said. `without_sbom` names the versions nobody could see into.
    """

    worklist: Worklist
    connection: Connection
    runs: int
    missing: tuple[KeptFile, ...]
    refused: int
    without_sbom: tuple[str, ...]


@contextmanager
def replayed(at: datetime, *, named: Collection[str] = (), progress: Progress | None = None) -> Iterator[Replay]:
    """
    Match what was shipped at `at` (UTC) with what had been heard by then, in a store beside the site's own.

    The rules of matching are this version's; what people had decided by then is in the records. `named` are versions
    as people call them (`Ventorsa 5 5.1`), none: all. Raises NothingToReplay when one of them, or any, was not shipped
    by then, or no run of a feed was done or is kept; ReplayFailed when there is no room to load.
    """
    pack = pack_on(at)
    standing = standing_at(at, pack=pack, named=named)
    moment = f"{at:%Y-%m-%d %H:%M} UTC"
    if standing.unknown or not standing.devices:
        which = f"{' and '.join(standing.unknown)} was not" if standing.unknown else "No version was"
        raise NothingToReplay(f"{which} shipped by {moment}", next_step="Give another day, or a version of then.")
    runs, lost = kept_runs(at)
    if lost and not runs:
        raise NothingToReplay(
            "What feeds had brought by then is not known any more",
            where=lost[0].name,
            why=f"the log is not kept as it came; so it is of {len(lost):,} in all",
            next_step="Restore the evidence folder from a backup of the home.",
        )
    if not runs:
        raise NothingToReplay(
            f"No run of a feed was done by {moment}", next_step="Give a later day: see Feeds, Every run."
        )
    spoken = spoken_at(at)
    with tempfile.TemporaryDirectory(prefix="postmarket-replay-") as name:
        folder = Path(name)
        with closing(open_store(folder / STORE, create=True)) as connection:
            try:
                loaded = load_again(
                    connection, runs, folder=folder, retired=retired_at(at), progress=progress or Unwatched()
                )
            except (OSError, sqlite3.Error) as error:
                raise ReplayFailed(
                    "What had come by then cannot be loaded again",
                    where=name,
                    why=str(error),
                    next_step="Make room there, or name a folder that has it with TMPDIR. Nothing was changed.",
                ) from error
            with connection.reading():
                worklist = assemble(
                    connection,
                    standing.devices,
                    aliases=alias_table_at(at),
                    pack=pack,
                    now=at,
                    aware=at,
                    aware_basis=BASIS,
                    statements=spoken.statements,
                )
                yield Replay(
                    worklist=worklist,
                    connection=connection,
                    runs=len(runs),
                    missing=(*lost, *standing.missing, *spoken.missing, *loaded.missing),
                    refused=loaded.refused,
                    without_sbom=standing.without_sbom,
                )
