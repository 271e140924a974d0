"""The app's place in Django."""

from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """See the package."""

    name = "postmarket.intake"
    label = "intake"
    verbose_name = "Intake"
