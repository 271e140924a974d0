"""The app's place in Django."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """See the package."""

    name = "postmarket.cases"
    label = "cases"
    verbose_name = "Cases"
