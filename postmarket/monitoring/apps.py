"""The app's place in Django."""

from __future__ import annotations

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """Feed runs, vulnerabilities, matches, findings and decisions."""

    name = "postmarket.monitoring"
    label = "monitoring"
    verbose_name = "Monitoring"
