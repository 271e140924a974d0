"""The app's place in Django."""

from __future__ import annotations

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """Assessments, their two leads, pathways, controls, and incidents."""

    name = "postmarket.assessment"
    label = "assessment"
    verbose_name = "Assessment"

    def ready(self) -> None:
        """Hear what changes under assessments, say what is signed of cases, and have it signed."""
        from postmarket.accounts.signing.interface import signables
        from postmarket.assessment import listening
        from postmarket.assessment.isolation import IsolationApprovals
        from postmarket.assessment.signing import ClinicalSignOff, TechnicalSignOff
        from postmarket.cases import hooks as of_cases
        from postmarket.cases.words import CaseState
        from postmarket.monitoring import hooks as of_monitoring

        of_monitoring.on_grounds_changed(listening.grounds_changed)
        of_monitoring.on_reconsidered(listening.reconsidered)
        of_monitoring.follow(listening.followed)
        of_cases.determine(listening.determined)
        of_cases.determine_versions(listening.determined_versions)
        of_cases.on_event(listening.happened)
        of_cases.belongs(listening.belongings)
        of_cases.ask(listening.questions)
        of_cases.guard(CaseState.CLOSED, listening.not_restored)
        signables.register(TechnicalSignOff())
        signables.register(ClinicalSignOff())
        signables.register(IsolationApprovals())
