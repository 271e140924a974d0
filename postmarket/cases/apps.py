"""The app's place in Django."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """See the package."""

    name = "postmarket.cases"
    label = "cases"
    verbose_name = "Cases"

    def ready(self) -> None:
        """Keep reports of restricted cases from who may not see those; hear that a report was acknowledged."""
        from postmarket.cases.listening import report_acknowledged
        from postmarket.cases.queries.visible import hidden_reports
        from postmarket.intake import hooks

        hooks.hide_reports(hidden_reports)
        hooks.on_acknowledged(report_acknowledged)
