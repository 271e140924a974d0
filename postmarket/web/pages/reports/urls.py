"""Where these pages are."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from postmarket.web.pages.reports import entering, lists, one

urlpatterns: list[URLPattern | URLResolver] = [
    path("reports/", lists.reports, name="reports"),
    path("reports/enter/", entering.report_enter, name="report-enter"),
    path("reports/<str:number>/", one.report, name="report"),
    path("reports/<str:number>/acknowledge/", one.report_acknowledge, name="report-acknowledge"),
    path("reports/<str:number>/harm/", one.report_harm, name="report-harm"),
    path("reports/<str:number>/close/", one.report_close, name="report-close"),
]
