"""The app's place in Django."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """See the package."""

    name = "postmarket.cases"
    label = "cases"
    verbose_name = "Cases"

    def ready(self) -> None:
        """Hide reports of restricted cases; hear that a report was acknowledged; let redactions be signed."""
        from postmarket.accounts.signing.interface import signables
        from postmarket.cases.listening import report_acknowledged
        from postmarket.cases.queries.visible import hidden_reports
        from postmarket.cases.redaction import Redactions
        from postmarket.intake import hooks

        signables.register(Redactions())
        hooks.hide_reports(hidden_reports)
        hooks.on_acknowledged(report_acknowledged)
