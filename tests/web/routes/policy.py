"""The page of the policy."""

from __future__ import annotations

from postmarket.accounts.permissions import Permission
from tests.web.routes.interface import Route, Routes, holders

ROUTES: Routes = {"policy": Route(allowed=holders(Permission.CONTENT_READ))}
