"""`postmarket devices import`: a portfolio file into the inventory."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from postmarket.cli.console import print_json
from postmarket.cli.exit_codes import Exit
from postmarket.cli.operator import operator
from postmarket.cli.progress import StepBar
from postmarket.cli.serving.errors import NoDatabase
from postmarket.config.site import start_site
from postmarket.errors import visible

if TYPE_CHECKING:
    from pathlib import Path

    from postmarket.inventory.services.importing.interface import Imported, Kind, Outcome

THINGS = {
    "supplier": ("supplier", "suppliers"),
    "device": ("device", "devices"),
    "version": ("version", "versions"),
    "shipped": ("version marked as shipped", "versions marked as shipped"),
    "units": ("count of units", "counts of units"),
    "sbom": ("SBOM", "SBOMs"),
}


def import_file(path: Path, *, why: str, dry_run: bool, as_json: bool) -> Exit:
    """Import and say what was added, changed and left. Raises PortfolioError, ImportRefused, NoDatabase."""
    from django.db import Error as DatabaseTrouble

    try:
        start_site()
        from postmarket.inventory.services.importing.portfolio import import_portfolio
        from postmarket.monitoring.policy import pack_in_force

        now = datetime.now(UTC)
        with StepBar("Importing", "versions") as bar:
            done = import_portfolio(
                by=operator(),
                path=path,
                pack=pack_in_force(),
                why=why or f"Imported from {path.name}.",
                now=now,
                dry_run=dry_run,
                progress=bar,
            )
    except DatabaseTrouble as error:
        raise NoDatabase(error) from error
    for notice in done.notices:
        sys.stderr.write(f"postmarket: {visible(notice)}\n")
    if as_json:
        print_json(_values(done, path))
    else:
        sys.stdout.write(f"{visible(str(path))}: {_sentence(done)}\n")
    return Exit.OK


def _sentence(done: Imported) -> str:
    from postmarket.inventory.services.importing.interface import Outcome

    if done.changed_nothing:
        return "Nothing to do: the inventory says all of this already."
    parts = [
        f"{_listed(done, outcome)} {word}"
        for outcome, word in ((Outcome.ADDED, "added"), (Outcome.CHANGED, "changed"))
        if done.counts[outcome]
    ]
    left = sum(done.counts[Outcome.UNCHANGED].values())
    rest = f"; {left:,} unchanged" if left else ""
    head = "A dry run, nothing was written. It would say: " if done.dry_run else ""
    return f"{head}{'; '.join(parts)}{rest}."


def _listed(done: Imported, outcome: Outcome) -> str:
    counted = done.counts[outcome]
    return ", ".join(f"{counted[kind]:,} {_thing(kind, counted[kind])}" for kind in _kinds() if counted[kind])


def _thing(kind: Kind, number: int) -> str:
    one, several = THINGS[kind.value]
    return one if number == 1 else several


def _kinds() -> list[Kind]:
    from postmarket.inventory.services.importing.interface import Kind

    return list(Kind)


def _values(done: Imported, path: Path) -> dict[str, object]:
    return {
        "file": str(path),
        "dry_run": done.dry_run,
        "changed": not done.changed_nothing,
        "changes": [
            {"kind": change.kind.value, "name": change.name, "outcome": change.outcome.value} for change in done.changes
        ],
        "notices": list(done.notices),
    }
