"""
Who may open which address: each room declares its own in a file here, named like the room.

    ROUTES: Routes = {"devices": Route(allowed=holders(Permission.CONTENT_READ)), …}

tests/web/test_routes.py fails when an address of the site has no entry, and walks every one with every role.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from tests.web.routes.interface import ApiRoute, Route


def every_route() -> dict[str, Route | ApiRoute]:
    """The entries of all rooms. Raises ValueError for an address that two of them claim."""
    found: dict[str, Route | ApiRoute] = {}
    for module in pkgutil.iter_modules(__path__):
        for name, route in getattr(import_module(f"{__name__}.{module.name}"), "ROUTES", {}).items():
            if name in found:
                raise ValueError(f"two rooms declare the route {name}")
            found[name] = route
    return found
