"""The work of monitoring that waits in the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from postmarket.tasks import task

if TYPE_CHECKING:
    from postmarket.tasks import Run


class Project(msgspec.Struct, frozen=True):
    """Bring the projection up: what there is to do, the database says."""


@task("monitoring.project")
def bring_up(payload: Project, run: Run) -> None:
    """Findings as the store and the inventory say them now; killed half-way, the next attempt finishes it."""
    from postmarket.inventory.queries.alias_table import current_alias_table
    from postmarket.monitoring.policy import pack_in_force
    from postmarket.monitoring.services.projecting.run import project

    def progress(done: int, total: int, what: str) -> None:
        run.progress(done, total, what)
        run.checkpoint()

    project(pack=pack_in_force(), aliases=current_alias_table(), now=run.now(), progress=progress)
