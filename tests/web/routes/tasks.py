"""The page of tasks."""

from __future__ import annotations

from postmarket.accounts.permissions import Permission
from tests.web.routes.interface import Route, Routes, holders

NOT_THERE = frozenset({400, 404})
"""What an address answers to whoever may, of a task that is not there or not parked."""

ROUTES: Routes = {
    "tasks": Route(allowed=holders(Permission.CONTENT_READ)),
    "task-progress": Route(
        allowed=holders(Permission.CONTENT_READ), kwargs=lambda who: {"number": 1}, answers=NOT_THERE
    ),
    **{
        name: Route(
            allowed=holders(Permission.SETTINGS_EDIT),
            methods=("POST",),
            kwargs=lambda who: {"number": 1},
            data=lambda who: {"why": "mended"},
            answers=NOT_THERE,
        )
        for name in ("task-retry", "task-drop")
    },
}
