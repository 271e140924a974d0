"""The app's place in Django."""

from __future__ import annotations

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    """Devices, versions, SBOMs, components, fielded units, suppliers."""

    name = "postmarket.inventory"
    label = "inventory"
    verbose_name = "Inventory"

    def ready(self) -> None:
        """Have determinations signed."""
        from postmarket.accounts.signing.interface import signables
        from postmarket.inventory.signing import Determinations

        signables.register(Determinations())
