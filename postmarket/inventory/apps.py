"""The app's place in Django."""

from __future__ import annotations

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    """Devices, versions, SBOMs, components, fielded units, suppliers."""

    name = "postmarket.inventory"
    label = "inventory"
    verbose_name = "Inventory"
