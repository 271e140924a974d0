"""The demo's place in Django: in the demo's own settings and nowhere else."""

from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Templates and style of the bar on top."""

    name = "postmarket.demo"
    label = "demo"
    verbose_name = "Demo"
