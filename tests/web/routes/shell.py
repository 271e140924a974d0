"""The shell's own addresses, and the living page that only tests have."""

from __future__ import annotations

from tests.web.routes.interface import ANYBODY, Route, Routes

ROUTES: Routes = {
    "health": Route(allowed=ANYBODY),
    "theme": Route(allowed=ANYBODY, methods=("POST",), data=lambda who: {"theme": "dark", "next": "/"}),
    "design": Route(allowed=ANYBODY),
    "design-today": Route(allowed=ANYBODY),
    "design-signed-out": Route(allowed=ANYBODY),
    "design-failure": Route(allowed=ANYBODY, kwargs=lambda who: {"status": 404}, answers=frozenset({404})),
    "design-fragment": Route(allowed=ANYBODY),
    "design-save": Route(allowed=ANYBODY, methods=("POST",)),
    "design-undo": Route(allowed=ANYBODY, methods=("POST",)),
}
