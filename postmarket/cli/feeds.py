"""`postmarket feeds`: vulnerability data in, and how old it is."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from postmarket.cli.console import console, print_json
from postmarket.cli.dates import ago, old
from postmarket.cli.exit_codes import Exit
from postmarket.cli.home import store
from postmarket.config.home import home
from postmarket.matching.store.records import Outcome
from postmarket.matching.store.runs import RunState
from postmarket.sources.interface import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from postmarket.matching.store.runs import Run
    from postmarket.matching.store.status import SourceStatus

MOST_REFUSALS = 10
MOST_ALIKE = 3
ADVICE = {
    RunState.INTERRUPTED.value: (
        "the last load was interrupted; what was loaded before is as it was. Run the same command again: it goes on."
    ),
    RunState.FAILED.value: "nothing came of the last load; the reasons: postmarket feeds status --json",
}


def load(source: str, paths: Sequence[Path], *, as_json: bool) -> Exit:
    """Load files of one source; says what was added, changed and refused."""
    run = load_files(Source(source), paths)
    if as_json:
        print_json(_run_values(run))
    else:
        say_run(run)
    return Exit.PARTLY if run.refused else Exit.OK


def load_files(source: Source, paths: Sequence[Path]) -> Run:
    """Load files of one source into the home's store, with a progress bar on a terminal."""
    from postmarket.cli.progress import LoadBar
    from postmarket.matching.store.loading import load as load_into

    connection = store(create=True)
    try:
        with LoadBar(source.value) as bar:
            return load_into(connection, source, paths, home=home(), clock=lambda: datetime.now(UTC), progress=bar)
    finally:
        connection.close()


def say_run(run: Run) -> None:
    """One line for a load, then the first things that were refused."""
    counts = run.outcomes
    unchanged = counts[Outcome.UNCHANGED] + counts[Outcome.OLDER]
    skipped = f", {run.files_skipped} files already loaded" if run.files_skipped else ""
    sys.stdout.write(
        f"{run.source.value}: {counts[Outcome.ADDED]:,} added, {counts[Outcome.CHANGED]:,} changed, "
        f"{unchanged:,} unchanged, {run.refused:,} refused ({run.files:,} files{skipped})\n"
    )
    for line in _refusals(run):
        sys.stderr.write(f"  {line}\n")


def _refusals(run: Run) -> Iterator[str]:
    """The first refusals, at most three of a kind; then how many more of the kind, and how many others."""
    shown: dict[str, int] = {}
    told = lines = 0
    for refusal in run.refusals:
        of_kind = shown[refusal.why] = shown.get(refusal.why, 0) + 1
        if of_kind > MOST_ALIKE or lines == MOST_REFUSALS:
            continue
        yield f"refused {refusal.where}: {refusal.why}"
        told, lines = told + 1, lines + 1
        alike = run.reasons.get(refusal.why, 0) - MOST_ALIKE
        if of_kind == MOST_ALIKE and alike > 0:
            yield f"… and {alike:,} more for the same reason"
            told += alike
    if run.refused > told:
        yield f"… and {run.refused - told:,} more: postmarket feeds status --json"


def status(*, as_json: bool) -> Exit:
    """Per source what is held, how old it is and how the last run went."""
    from postmarket.matching.store.loading import is_loading
    from postmarket.matching.store.status import status as read_status

    connection = store()
    try:
        found = read_status(connection, refusals=1_000 if as_json else 0, loading=is_loading(connection, home()))
    finally:
        connection.close()
    if as_json:
        print_json(found)
        return Exit.OK
    _print_status(found, datetime.now(UTC))
    return Exit.OK


def sync(sources: Sequence[str], *, providers: Sequence[str], ecosystems: Sequence[str], as_json: bool) -> Exit:
    """Fetch and load what is new of each source."""
    from postmarket.cli.sync import run

    return run(sources, providers=providers, ecosystems=ecosystems, as_json=as_json)


def _print_status(found: Sequence[SourceStatus], now: datetime) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("source", "holds", "newest word", "last run", "state", "added", "changed", "refused"):
        table.add_column(column, justify="right" if column in {"holds", "added", "changed", "refused"} else "left")
    for item in found:
        newest = f"{item.data_as_of[:10]} ({old(item.data_as_of, now)})" if item.data_as_of else "—"
        table.add_row(
            item.source.value,
            f"{item.held:,}" if item.last_started else "—",
            newest,
            ago(item.last_started, now) if item.last_started else "—",
            item.last_state,
            f"{item.added:,}",
            f"{item.changed:,}",
            f"{item.refused:,}",
        )
    screen = console()
    screen.print(table)
    advice = [f"{item.source.value}: {ADVICE[item.last_state]}" for item in found if item.last_state in ADVICE]
    if advice:
        screen.print("\n" + "\n".join(advice), soft_wrap=True)
    missing = [item.source.value for item in found if not item.last_started]
    if missing:
        screen.print(f"\nNever loaded: {', '.join(missing)}. Load files: postmarket feeds load {missing[0]} PATH")


def _run_values(run: Run) -> dict[str, object]:
    return {
        "source": run.source.value,
        "items": run.items,
        "outcomes": {outcome.value: number for outcome, number in run.outcomes.items()},
        "refused": run.refused,
        "refusals": run.refusals,
        "files": run.files,
        "files_skipped": run.files_skipped,
        "data_as_of": run.data_as_of,
    }
