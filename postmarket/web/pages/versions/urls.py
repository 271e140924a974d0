"""Where device versions are."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from postmarket.web.pages.versions import views

urlpatterns: list[URLPattern | URLResolver] = [path("versions/<int:pk>/", views.version, name="device-version")]
