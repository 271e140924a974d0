"""Where this page is."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from postmarket.web.pages.policy import in_force

urlpatterns: list[URLPattern | URLResolver] = [path("policy/", in_force.policy, name="policy")]
