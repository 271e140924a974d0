"""The app's place in Django."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps

ROOM_PREFIX = "postmarket."


class TasksConfig(AppConfig):
    """Work that machines do after the answer is given."""

    name = "postmarket.tasks"
    label = "tasks"

    def ready(self) -> None:
        """Import each room's `tasks.py`, so that every kind of task is known to whoever enqueues and whoever runs."""
        for app in apps.get_app_configs():
            if app.name.startswith(ROOM_PREFIX) and find_spec(f"{app.name}.tasks") is not None:
                import_module(f"{app.name}.tasks")
