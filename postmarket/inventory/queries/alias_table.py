"""The alias table that counts now."""

from __future__ import annotations

from postmarket.matching.aliases import AliasTable, builtin


def current_alias_table() -> AliasTable:
    """The built-in table."""
    return builtin()
