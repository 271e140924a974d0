"""Where incidents are: under their case, and all of them in one list."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from postmarket.web.pages.incidents import acting, incident, lists, opening, sheet

OF_CASE = "cases/<str:number>/incidents/"
ONE = f"{OF_CASE}<int:pk>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("incidents/", lists.incidents, name="incidents"),
    path(f"{OF_CASE}open/", opening.incident_open, name="incident-open"),
    path(ONE, incident.incident, name="incident"),
    path(f"{ONE}describe/", acting.describe, name="incident-describe"),
    path(f"{ONE}plan/", acting.plan, name="incident-plan"),
    path(f"{ONE}approve/", acting.approve, name="incident-approve"),
    path(f"{ONE}isolate/", acting.isolate, name="incident-isolate"),
    path(f"{ONE}restore/", acting.restore, name="incident-restore"),
    path(f"{ONE}rule-out/", acting.rule_out, name="incident-rule-out"),
    path(f"{ONE}sheet/", sheet.incident_sheet, name="incident-sheet"),
]
