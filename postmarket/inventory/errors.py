"""
What can be wrong with the inventory.

InventoryError
├── InvalidDevice       a field of a device cannot be right
│   └── InvalidUdi      a UDI-DI whose check digit is wrong, or that another device has
├── ChangedMeanwhile    somebody else has changed it since the form that is saved was opened
├── InvalidVersion      a field of a version, build or count of units cannot be right
├── InvalidComponent    a component entered by hand, or what is said of its support, cannot be right
├── InvalidSupplier     a field of a supplier cannot be right
├── InvalidAlias        an alias entry cannot be right, or is not for this person to decide
├── NotSignable         a determination that cannot be signed as it is
├── WrongSbom           an SBOM that is not there, or is in no state for what was asked
├── NotOpen             a proposal that was decided already
├── NoReason            a change that takes a reason, without one
└── ImportRefused       a portfolio file of which nothing was imported
"""

from __future__ import annotations

from postmarket.errors import PostmarketError


class InventoryError(PostmarketError):
    """Something is wrong with the inventory."""

    code = "inventory"


class InvalidDevice(InventoryError):
    """A field of a device cannot be right; `where` names it."""

    code = "invalid-device"


class InvalidUdi(InvalidDevice):
    """A UDI-DI cannot be right."""

    code = "invalid-udi"


class ChangedMeanwhile(InventoryError):
    """Somebody has changed a device, version or supplier since the form that is saved was opened."""

    code = "changed-meanwhile"


class InvalidVersion(InventoryError):
    """A field of a version, a build or a count of units cannot be right."""

    code = "invalid-version"


class InvalidComponent(InventoryError):
    """A component entered by hand, or what is said of its support, cannot be right."""

    code = "invalid-component"


class InvalidSupplier(InventoryError):
    """A field of a supplier cannot be right."""

    code = "invalid-supplier"


class InvalidAlias(InventoryError):
    """An alias entry cannot be right, or is not for this person to decide."""

    code = "invalid-alias"


class NotSignable(InventoryError):
    """A determination that cannot be signed as it is."""

    code = "not-signable"


class WrongSbom(InventoryError):
    """An SBOM that is not there, or is in no state for what was asked."""

    code = "wrong-sbom"


class NotOpen(InventoryError):
    """A proposal that was decided already."""

    code = "not-open"


class NoReason(InventoryError):
    """A change that takes a reason, without one."""

    code = "no-reason"


class ImportRefused(InventoryError):
    """A portfolio file of which nothing was imported."""

    code = "import-refused"
