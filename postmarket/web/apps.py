"""The shell as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Templates, template tags, static files and the navigation of the site."""

    name = "postmarket.web"
    label = "web"

    def ready(self) -> None:
        """Put the rooms into the navigation, and the age of the data above every page."""
        from postmarket.web.navigation import navigation
        from postmarket.web.pages.feeds.as_of import data_as_of
        from postmarket.web.rooms import furnish
        from postmarket.web.shell import provide_as_of

        furnish(navigation)
        provide_as_of(data_as_of)
