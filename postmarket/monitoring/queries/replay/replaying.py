"""The worklist of a moment."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from postmarket.inventory.queries.alias_table import alias_table_at
from postmarket.matching.store.loading import Unwatched
from postmarket.monitoring.errors import NothingToReplay
from postmarket.monitoring.policy import pack_on
from postmarket.monitoring.queries.replay.feeds import KeptFile, kept_runs, load_again, missing
from postmarket.monitoring.queries.replay.standing import retired_at, standing_at, statements_at
from postmarket.worklist.assemble import assemble

if TYPE_CHECKING:
    from postmarket.matching.store.engine import Connection
    from postmarket.matching.store.loading import Progress
    from postmarket.worklist.interface import Worklist

BASIS = "the moment asked for: when each was learned stands in its case"


@dataclass(frozen=True, slots=True)
class Replay:
    """
    What a scan would have said then; `connection` is the store it was matched in, open while the caller looks.

    `runs` and `files` were loaded again; `missing` files are not kept any more, so that the answer may lack what they
    said. `without_sbom` names the versions nobody could see into.
    """

    worklist: Worklist
    connection: Connection
    runs: int
    files: int
    missing: tuple[KeptFile, ...]
    without_sbom: tuple[str, ...]


@contextmanager
def replayed(at: datetime, *, named: Collection[str] = (), progress: Progress | None = None) -> Iterator[Replay]:
    """
    Match what was shipped at `at` (UTC) with what had been heard by then, in a store beside the site's own.

    The rules of matching are this version's; what people had decided by then is in the records. `named` are versions
    as people call them (`Ventorsa 5 5.1`), none: all. Raises NothingToReplay when nothing was shipped, or no run was
    done, by then; OSError when the log of a run is not kept any more or there is no room to load.
    """
    pack = pack_on(at)
    standing = standing_at(at, pack=pack, named=named)
    if not standing.devices:
        which = f"{' or '.join(named)} was not" if named else "No version was"
        raise NothingToReplay(
            f"{which} shipped by {at:%Y-%m-%d %H:%M} UTC", next_step="Give another day, or a version of then."
        )
    runs = kept_runs(at)
    if not runs:
        raise NothingToReplay(
            f"No run of a feed was done by {at:%Y-%m-%d %H:%M} UTC", next_step="Give a later day: see Feeds, Every run."
        )
    aliases = alias_table_at(at)
    with tempfile.TemporaryDirectory(prefix="postmarket-replay-") as folder:
        connection = load_again(
            Path(folder), runs, schemes=aliases.schemes, retired=retired_at(at), progress=progress or Unwatched()
        )
        try:
            with connection.reading():
                worklist = assemble(
                    connection,
                    standing.devices,
                    aliases=aliases,
                    pack=pack,
                    now=at,
                    aware=at,
                    aware_basis=BASIS,
                    statements=statements_at(at),
                )
                yield Replay(
                    worklist=worklist,
                    connection=connection,
                    runs=len(runs),
                    files=sum(len(run.files) for run in runs),
                    missing=tuple(missing(runs)),
                    without_sbom=standing.without_sbom,
                )
        finally:
            connection.close()
