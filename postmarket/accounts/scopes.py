"""What an API token may be for."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from postmarket.accounts.permissions import Permission


class Scope(StrEnum):
    """One use of the API. Nothing that is decided or signed is among them: that takes a person."""

    SBOMS_WRITE = "sboms:write"
    DEVICES_READ = "devices:read"
    FINDINGS_READ = "findings:read"
    FEEDS_RUN = "feeds:run"
    EXPORTS_READ = "exports:read"


GIVES: Final[dict[Scope, frozenset[Permission]]] = {
    Scope.SBOMS_WRITE: frozenset({Permission.SBOMS_UPLOAD}),
    Scope.DEVICES_READ: frozenset({Permission.CONTENT_READ}),
    Scope.FINDINGS_READ: frozenset({Permission.CONTENT_READ}),
    Scope.FEEDS_RUN: frozenset({Permission.FEEDS_RUN}),
    Scope.EXPORTS_READ: frozenset({Permission.CONTENT_EXPORT}),
}
"""The permissions a scope carries, as far as the token's issuer has them."""
