"""`postmarket records replay`: what the worklist was at a time, matched anew from what is kept."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from postmarket.cli import scan
from postmarket.cli.dates import past_or_end
from postmarket.cli.exit_codes import Exit
from postmarket.cli.inputs import say
from postmarket.cli.progress import LoadBar
from postmarket.cli.records_there import records_there
from postmarket.worklist.notices import Notice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from postmarket.monitoring.queries.replay.replaying import Replay

MOST_NAMED = 5


def run(request: scan.Request, *, as_of: str, versions: Sequence[str]) -> Exit:
    """
    Load what had come by then into a store of its own, match what was shipped, and write it as a scan is written.

    Exit 3 when something that came then is not kept any more, or cannot be read now. Raises NoRecords, OtherVersion,
    NothingToReplay, ReplayFailed, PolicyError for what is no date or to come, OutputError.
    """
    with records_there(whole=True), ExitStack() as open_:
        from postmarket.monitoring.queries.replay.replaying import replayed

        at = past_or_end(as_of, where="--as-of")
        with LoadBar("Loading what had come by then") as bar:
            found = open_.enter_context(replayed(at, named=versions, progress=bar))
        say(_notices(found, at))
        scan.write(found.connection, found.worklist, request, now=at)
        lacks = found.missing or found.refused
        return Exit.PARTLY if lacks else scan.exit_code(found.worklist, failed=False)


def _notices(found: Replay, at: datetime) -> Iterator[Notice]:
    runs = "1 run" if found.runs == 1 else f"{found.runs:,} runs"
    yield Notice(
        f"as of {at:%Y-%m-%d %H:%M} UTC, matched anew by this version from {runs} of feeds and the SBOMs of then; "
        "what people had decided stands in the records"
    )
    for name in found.without_sbom:
        yield Notice(f"{name}: no SBOM of it was in use then")
    for file in found.missing[:MOST_NAMED]:
        yield Notice(
            f"{file.name} (SHA-256 {file.sha256}) is not kept as it came any more, or cannot be read now: what it said"
            " is missing here. Restore it from a backup of the home"
        )
    if len(found.missing) > MOST_NAMED:
        yield Notice(f"{len(found.missing) - MOST_NAMED:,} more files are not kept as they came, or cannot be read now")
    if found.refused:
        yield Notice(
            f"{found.refused:,} entries that could be read then are refused by this version:"
            " postmarket feeds load of the same files names them"
        )
