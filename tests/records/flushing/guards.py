"""Taking the guards of records away, as somebody with the database's password could."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

GUARDS = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'records_%'",
    "postgresql": "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
    "WHERE NOT tgisinternal AND tgname LIKE 'records_%'",
}
DROP = {"sqlite": 'DROP TRIGGER "{name}"', "postgresql": 'DROP TRIGGER "{name}" ON "{table}"'}
FUNCTIONS = {"sqlite": (), "postgresql": ("records_refuse", "records_forward", "records_redact")}


def drop_guards(connection: BaseDatabaseWrapper, *, functions: bool = False) -> None:
    """Drop every trigger of records, with `functions` also what they call."""
    with connection.cursor() as cursor:
        cursor.execute(GUARDS[connection.vendor])
        for name, table in cursor.fetchall():
            cursor.execute(DROP[connection.vendor].format(name=name, table=table))
        for name in FUNCTIONS[connection.vendor] if functions else ():
            cursor.execute(f"DROP FUNCTION {name}")
