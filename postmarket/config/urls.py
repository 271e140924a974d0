"""Every page of the site, room by room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("postmarket.web.urls")),
    path("", include("postmarket.web.pages.accounts.urls")),
    path("", include("postmarket.web.pages.sboms.urls")),
    path("", include("postmarket.web.pages.feeds.urls")),
    path("", include("postmarket.web.pages.vex.urls")),
    path("", include("postmarket.api.urls")),
    path("", include("postmarket.web.pages.records.urls")),
    path("", include("postmarket.web.pages.policy.urls")),
    path("", include("postmarket.web.pages.tasks.urls")),
    path("", include("postmarket.web.pages.devices.urls")),
    path("", include("postmarket.web.pages.today.urls")),
    path("", include("postmarket.web.pages.triage.urls")),
    path("", include("postmarket.web.pages.cases.urls")),
    path("", include("postmarket.web.pages.reports.urls")),
    path("", include("postmarket.web.pages.assessment.urls")),
    path("", include("postmarket.web.pages.pathway.urls")),
    path("", include("postmarket.web.pages.incidents.urls")),
    path("", include("postmarket.web.pages.calendar.urls")),
    path("", include("postmarket.web.pages.vulnerabilities.urls")),
    path("", include("postmarket.web.pages.versions.urls")),
    path("", include("postmarket.web.pages.search.urls")),
]
handler400 = "postmarket.web.failures.bad_request"
handler403 = "postmarket.web.failures.not_allowed"
handler404 = "postmarket.web.failures.not_found"
handler429 = "postmarket.web.failures.too_many"
handler500 = "postmarket.web.failures.defect"
