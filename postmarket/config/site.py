"""Starting Django for a command that needs the system of record."""

from __future__ import annotations

import os


def start_site(*, migrate: bool = True, store: bool = False) -> None:
    """
    Set Django up and bring the database's tables up to date; with `store` those of the vulnerability store too.

    Only commands that use the system of record call this: `scan` and the feeds work without Django. Raises
    django.db.Error when the database cannot be used, StoreError for a store of another version, PolicyError for a
    wrong policy file of the firm.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postmarket.config.settings")
    import django
    from django.apps import apps

    if not apps.ready:  # a second time would only point the log at another stream
        django.setup()
    from postmarket.monitoring.policy import pack_in_force

    pack_in_force()
    if migrate:
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
    if store:
        from django.db import connection

        from postmarket.matching.store.connection import create_tables, wrap

        connection.ensure_connection()
        create_tables(wrap(connection.connection))


def site_address(*, port: int = 8000) -> str:
    """Where people reach the site, as far as the settings tell: for links that are made outside a request."""
    from django.conf import settings

    host = next((name for name in settings.ALLOWED_HOSTS if not name.startswith((".", "*"))), "localhost")
    return f"https://{host}" if settings.HTTPS else f"http://{host}:{port}"
