"""The app's place in Django."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The API for machines."""

    name = "postmarket.api"
    label = "api"
    verbose_name = "API"
