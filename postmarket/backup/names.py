"""The names a member of a backup may have; any other is refused, so nothing is written outside its place."""

from __future__ import annotations

import re

from postmarket.backup.interface import MANIFEST, SEALED
from postmarket.config.policy import DEFAULT as POLICY

DATABASE = "database/"
EVIDENCE = "evidence/"
ANCHORS = "anchors/"
KEYS = "keys/"
SQLITE = f"{DATABASE}sqlite.zst"
TABLE_SUFFIX = ".copy.zst"

_ALLOWED = re.compile(
    rf"""
    {re.escape(MANIFEST)} | {re.escape(SEALED)} | {re.escape(SQLITE)} | {re.escape(POLICY)}
    | {DATABASE}[a-z][a-z0-9_]{{0,62}}{re.escape(TABLE_SUFFIX)}
    | {EVIDENCE}(?P<folder>[0-9a-f]{{2}})/(?P=folder)[0-9a-f]{{62}}\.zst
    | {ANCHORS}[0-9A-Za-z-]{{1,80}}\.anchor\.json
    | {KEYS}[0-9A-Za-z_][0-9A-Za-z_.-]{{0,80}}\.pub
    """,
    re.VERBOSE,
)


def is_allowed(name: str) -> bool:
    """Whether a backup may have a member of this name."""
    return _ALLOWED.fullmatch(name) is not None


def of_table(table: str) -> str:
    """The member that holds a table's rows."""
    return f"{DATABASE}{table}{TABLE_SUFFIX}"


def table_of(name: str) -> str:
    """The table whose rows a member holds."""
    return name.removeprefix(DATABASE).removesuffix(TABLE_SUFFIX)
