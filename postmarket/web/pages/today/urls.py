"""Where Today is."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from postmarket.web.pages.today import views

urlpatterns: list[URLPattern | URLResolver] = [path("", views.today, name="today")]
