"""The app's place in Django."""

from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Records of who did what, when and why."""

    name = "postmarket.records"
    label = "records"
