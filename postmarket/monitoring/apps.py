"""The app's place in Django."""

from __future__ import annotations

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """Feed runs, vulnerabilities, matches, findings and decisions."""

    name = "postmarket.monitoring"
    label = "monitoring"
    verbose_name = "Monitoring"

    def ready(self) -> None:
        """Hear of every change of what device versions are made of, and of every re-match; have decisions signed."""
        from postmarket.accounts.signing.interface import signables
        from postmarket.inventory.hooks import on_listing_changed
        from postmarket.monitoring import listening
        from postmarket.monitoring.hooks import on_rematched
        from postmarket.monitoring.services.projecting.asking import listing_changed
        from postmarket.monitoring.signing import FindingDecisions

        on_listing_changed(listing_changed)
        on_listing_changed(listening.listing_changed)
        on_rematched(listening.rematched)
        signables.register(FindingDecisions())
