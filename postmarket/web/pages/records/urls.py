"""Where these pages are."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from postmarket.web.pages.records import entry, redaction, subject, trail

urlpatterns: list[URLPattern | URLResolver] = [
    path("records/", trail.trail, name="records"),
    path("records/check/", trail.check, name="records-check"),
    path("records/check/progress/", trail.progress, name="records-progress"),
    path("records/records.pub", trail.public_key, name="records-key"),
    path("records/redactions/", redaction.every, name="redactions"),
    path("records/redactions/<slug:id>/", redaction.one, name="redaction"),
    path("records/redactions/<slug:id>/ask/", redaction.ask, name="redaction-ask"),
    path("records/redactions/<slug:id>/keep/", redaction.take_back, name="redaction-take-back"),
    path("records/redactions/<slug:id>/confirm/", redaction.confirm, name="redaction-confirm"),
    path("records/<int:number>/", entry.entry, name="record"),
    path("records/of/<str:kind>/<path:id>/", subject.subject, name="record-subject"),
]
