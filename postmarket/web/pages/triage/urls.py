"""Where triage is."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from postmarket.web.pages.triage import deciding, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("triage/", views.triage, name="triage"),
    path("triage/answer/", deciding.answer, name="triage-answer"),
    path("triage/undo/", deciding.take_back, name="triage-undo"),
    path("triage/sign/", deciding.sign, name="triage-sign"),
]
