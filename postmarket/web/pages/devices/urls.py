"""Where these pages are."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from postmarket.web.pages.devices import (
    currency,
    customers,
    determination,
    device,
    editing,
    lists,
    proposals,
    suppliers,
    units,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("devices/", lists.devices, name="devices"),
    path("devices/add/", editing.add, name="device-add"),
    path("devices/support/", lists.forecast, name="support-forecast"),
    path("devices/currency/", currency.currency, name="currency"),
    path("customers/", customers.customers, name="customers"),
    path("customers/<int:pk>/", customers.customer, name="customer"),
    path("devices/proposals/", proposals.proposals, name="proposals"),
    path("devices/proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("devices/proposals/<int:pk>/decide/", proposals.decide, name="proposal-decide"),
    path("devices/<int:pk>/", device.device, name="device"),
    path("devices/<int:pk>/edit/", editing.edit, name="device-edit"),
    path("devices/<int:pk>/determine/", determination.determine, name="device-determine"),
    path("devices/<int:pk>/determine/sign/", determination.sign, name="device-determination-sign"),
    path("devices/<int:pk>/versions/add/", editing.version_add, name="version-add"),
    path("versions/<int:pk>/edit/", editing.version_edit, name="version-edit"),
    path("versions/<int:pk>/ship/", editing.version_ship, name="version-ship"),
    path("versions/<int:pk>/units/", units.version_units, name="version-units"),
    path("versions/<int:pk>/units/count/", units.version_count, name="version-count"),
    path("suppliers/", suppliers.suppliers, name="suppliers"),
    path("suppliers/add/", suppliers.supplier_add, name="supplier-add"),
    path("suppliers/<int:pk>/", suppliers.supplier, name="supplier"),
    path("suppliers/<int:pk>/edit/", suppliers.supplier_edit, name="supplier-edit"),
]
