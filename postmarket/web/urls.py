"""The shell's own pages."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from postmarket.web import health, theme

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.health, name="health"),
    path("theme", theme.choose, name="theme"),
]
if settings.DEBUG or settings.LIVING_PAGE:
    from postmarket.web.living import urls as living

    urlpatterns += living.urlpatterns
