"""Where cases and reports are."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from postmarket.web.pages.cases import acting, case, lists, opening, reports, starting, working

ONE = "cases/<str:number>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("cases/", lists.cases, name="cases"),
    path("cases/open/", opening.case_open, name="case-open"),
    path(ONE, case.case, name="case"),
    path(f"{ONE}move/<str:to>/", acting.move, name="case-move"),
    path(f"{ONE}reopen/", acting.reopen, name="case-reopen"),
    path(f"{ONE}exploitation/", acting.exploitation, name="case-exploitation"),
    path(f"{ONE}title/", acting.title, name="case-title"),
    path(f"{ONE}owner/", acting.owner, name="case-owner"),
    path(f"{ONE}priority/", acting.priority, name="case-priority"),
    path(f"{ONE}versions/add/", acting.version_add, name="case-version-add"),
    path(f"{ONE}versions/<int:pk>/out/", acting.version_out, name="case-version-out"),
    path(f"{ONE}starts/add/", starting.event_add, name="case-event-add"),
    path(f"{ONE}starts/<int:pk>/correct/", starting.event_correct, name="case-event-correct"),
    path(f"{ONE}starts/<int:pk>/void/", starting.event_void, name="case-event-void"),
    path(f"{ONE}clocks/<int:pk>/stop/", starting.clock_stop, name="case-clock-stop"),
    path(f"{ONE}clocks/<int:pk>/pause/", starting.clock_pause, name="case-clock-pause"),
    path(f"{ONE}comments/add/", working.comment_add, name="case-comment"),
    path(f"{ONE}tasks/add/", working.task_add, name="case-task-add"),
    path(f"{ONE}tasks/<int:pk>/done/", working.task_done, name="case-task-done"),
    path(f"{ONE}files/add/", working.attachment_add, name="case-attach"),
    path(f"{ONE}restricted/", working.restricting, name="case-restrict"),
    path(f"{ONE}members/add/", working.member_add, name="case-member-add"),
    path(f"{ONE}members/<int:pk>/remove/", working.member_remove, name="case-member-remove"),
    path("reports/", reports.reports, name="reports"),
    path("reports/enter/", reports.report_enter, name="report-enter"),
    path("reports/<str:number>/", reports.report, name="report"),
    path("reports/<str:number>/acknowledge/", reports.report_acknowledge, name="report-acknowledge"),
    path("reports/<str:number>/harm/", reports.report_harm, name="report-harm"),
    path("reports/<str:number>/close/", reports.report_close, name="report-close"),
]
