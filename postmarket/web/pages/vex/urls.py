"""Where these pages are."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from postmarket.web.pages.vex import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("supplier-vex/", views.every, name="supplier-vex"),
    path("supplier-vex/receive/", views.receive, name="supplier-vex-receive"),
    path("supplier-vex/<int:pk>/", views.one, name="supplier-vex-one"),
    path("supplier-vex/<int:pk>/withdraw/", views.withdraw, name="supplier-vex-withdraw"),
]
