"""The shell as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Templates, template tags, static files and the navigation of the site."""

    name = "postmarket.web"
    label = "web"

    def ready(self) -> None:
        """Put the rooms into the navigation."""
        from postmarket.web.navigation import navigation
        from postmarket.web.rooms import furnish

        furnish(navigation)
