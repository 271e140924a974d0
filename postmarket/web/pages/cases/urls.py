"""Where cases are."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from postmarket.web.pages.cases import (
    acting,
    boards,
    by_vulnerability,
    case,
    joining,
    keeping,
    lists,
    opening,
    record,
    several,
    starting,
    working,
)

ONE = "cases/<str:number>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("cases/", lists.cases, name="cases"),
    path("cases/open/", opening.case_open, name="case-open"),
    path("cases/board/", boards.cases_board, name="case-board"),
    path("cases/vulnerabilities/", by_vulnerability.case_vulnerabilities, name="case-vulnerabilities"),
    path("cases/hand-over/", several.cases_hand_over, name="cases-hand-over"),
    path("cases/watch/", several.cases_watch, name="cases-watch"),
    path("cases/unwatch/", several.cases_unwatch, name="cases-unwatch"),
    path(ONE, case.case, name="case"),
    path(f"{ONE}record/", record.case_record, name="case-record"),
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
    path(f"{ONE}files/", keeping.case_files, name="case-files"),
    path(f"{ONE}files/<str:sha256>/", keeping.case_file, name="case-file"),
    path(f"{ONE}embargo/", keeping.embargo, name="case-embargo"),
    path(f"{ONE}watch/", keeping.case_watch, name="case-watch"),
    path(f"{ONE}unwatch/", keeping.case_unwatch, name="case-unwatch"),
    path(f"{ONE}merge/", joining.merge, name="case-merge"),
    path(f"{ONE}split/", joining.split, name="case-split"),
    path(f"{ONE}link/", joining.link, name="case-link"),
    path(f"{ONE}restricted/", working.restricting, name="case-restrict"),
    path(f"{ONE}members/add/", working.member_add, name="case-member-add"),
    path(f"{ONE}members/<int:pk>/remove/", working.member_remove, name="case-member-remove"),
]
