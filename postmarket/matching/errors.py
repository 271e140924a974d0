"""What can be wrong with the vulnerability store and with matching."""

from __future__ import annotations

from postmarket.errors import PostmarketError


class StoreError(PostmarketError):
    """The vulnerability store cannot be opened, read or written."""

    code = "store"


class StoreBusy(StoreError):
    """Another process is loading a feed into the same store."""

    code = "store-busy"


class AliasTableError(PostmarketError):
    """An alias table is not one."""

    code = "alias-table"


class DeviceProfileError(PostmarketError):
    """A device profile says something the matcher does not understand."""

    code = "device-profile"
