"""The app's place in Django."""

from __future__ import annotations

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """See the package."""

    name = "postmarket.assessment"
    label = "assessment"
    verbose_name = "Assessment"
