"""Where vulnerabilities are."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from postmarket.web.pages.vulnerabilities import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("vulnerabilities/", views.vulnerabilities, name="vulnerabilities"),
    path("vulnerabilities/<str:name>/", views.vulnerability, name="vulnerability"),
]
