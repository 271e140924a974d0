"""Where search is."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from postmarket.web.pages.search import views

urlpatterns: list[URLPattern | URLResolver] = [path("search/", views.search, name="search")]
