"""What the inventory keeps; only this room's services write it."""

from postmarket.inventory.models.alias import AliasEntry
from postmarket.inventory.models.component import Component, ComponentIdentity, Listing
from postmarket.inventory.models.device import Determination, Device, UdiDi
from postmarket.inventory.models.proposal import DeviceProposal
from postmarket.inventory.models.quality import SbomQuality
from postmarket.inventory.models.sbom import Sbom
from postmarket.inventory.models.supplier import Supplier, SupplierName
from postmarket.inventory.models.support import SupportStatement
from postmarket.inventory.models.units import Customer, FieldedUnits
from postmarket.inventory.models.version import Build, DeviceVersion

__all__ = [
    "AliasEntry",
    "Build",
    "Component",
    "ComponentIdentity",
    "Customer",
    "Determination",
    "Device",
    "DeviceProposal",
    "DeviceVersion",
    "FieldedUnits",
    "Listing",
    "Sbom",
    "SbomQuality",
    "Supplier",
    "SupplierName",
    "SupportStatement",
    "UdiDi",
]
