"""Its portfolio and its vulnerability data come in, and are matched."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from postmarket.accounts.authority import Operator
from postmarket.accounts.roles import Role
from postmarket.demo import feed_paths, portfolio_path, vex_paths
from postmarket.demo.errors import DemoError
from postmarket.demo.firm.firm import FIRST_SEEN, Firm
from postmarket.demo.firm.people import sign_in
from postmarket.inventory.services.importing.portfolio import import_portfolio
from postmarket.inventory.store import store
from postmarket.matching.store.loading import load
from postmarket.monitoring.policy import pack_in_force
from postmarket.monitoring.services.feeds.closing import settle
from postmarket.monitoring.services.supplier_vex import receive_vex
from postmarket.sources.interface import Source

OPERATOR: Final = Operator("brellisor")


def load_feeds(firm: Firm) -> None:
    """Every source, from files; of KEV an edition from before its newest entry, which comes today."""
    at = firm.now - FIRST_SEEN - timedelta(minutes=40)
    for number, (source, paths) in enumerate(feed_paths().items()):
        given = (_earlier_catalogue(firm.home, paths[0]),) if source is Source.KEV else paths
        _load(firm, source, given, at=at + timedelta(minutes=3 * number))


def take_in(firm: Firm) -> None:
    """The portfolio file, with its SBOMs."""
    at = firm.now - FIRST_SEEN
    import_portfolio(by=OPERATOR, path=portfolio_path(), pack=pack_in_force(), why="The portfolio as it ships.", now=at)


def match(firm: Firm) -> None:
    """All of it is matched, ranked and dated."""
    firm.work(now=firm.now - FIRST_SEEN)


def hear_suppliers(firm: Firm) -> None:
    """What two suppliers say in VEX moves rows to their lane."""
    at = firm.now - FIRST_SEEN + timedelta(minutes=20)
    by = sign_in(firm, Role.PSIRT_ANALYST, at=at - timedelta(minutes=6))
    for number, path in enumerate(vex_paths()):
        receive_vex(
            by=by,
            content=path.read_bytes(),
            file_name=path.name,
            why="Came by mail from the supplier.",
            now=at + timedelta(minutes=number),
        )


def hear_of_exploitation(firm: Firm) -> None:
    """Today's KEV catalogue: what was decided before and rests on its absence is re-opened."""
    at = firm.ago(hours=2)
    _load(firm, Source.KEV, feed_paths()[Source.KEV], at=at)
    firm.work(now=at + timedelta(minutes=1))


def _load(firm: Firm, source: Source, paths: Sequence[Path], *, at: datetime) -> None:
    run = load(store(), source, paths, home=firm.home, clock=lambda: at)
    if run.refused:
        raise DemoError("The demo's data cannot be read", where=source.value, next_step="Report this as a defect.")
    settle(now=at)


def _earlier_catalogue(home: Path, folder: Path) -> Path:
    """The catalogue as it stood the day before its newest entry was added."""
    catalogue = json.loads((folder / "known_exploited_vulnerabilities.json").read_text("utf-8"))
    newest = max(entry["dateAdded"] for entry in catalogue["vulnerabilities"])
    before = date.fromisoformat(newest) - timedelta(days=1)
    kept = [entry for entry in catalogue["vulnerabilities"] if entry["dateAdded"] < newest]
    catalogue |= {
        "catalogVersion": f"{before:%Y.%m.%d}",
        "dateReleased": f"{before.isoformat()}T17:00:00.0000Z",
        "count": len(kept),
        "vulnerabilities": kept,
    }
    path = home / "known_exploited_vulnerabilities.json"
    path.write_text(json.dumps(catalogue), "utf-8")
    return path
