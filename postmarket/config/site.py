"""Starting Django for a command that needs the system of record."""

from __future__ import annotations

import os


def start_site(*, migrate: bool = True) -> None:
    """
    Set Django up and bring the database's tables up to date.

    Only commands that use the system of record call this: `scan` and the feeds work without Django.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postmarket.config.settings")
    import django

    django.setup()
    if migrate:
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
