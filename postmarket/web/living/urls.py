"""Where the living page is."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from postmarket.web.living import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("design/", views.components, name="design"),
    path("design/today", views.today, name="design-today"),
    path("design/signed-out", views.signed_out, name="design-signed-out"),
    path("design/failures/<int:status>", views.failure, name="design-failure"),
    path("design/fragment", views.fragment, name="design-fragment"),
    path("design/save", views.save, name="design-save"),
    path("design/undo", views.undo, name="design-undo"),
]
