"""The builds of a version, and whether an SBOM that could be read came for each."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from postmarket.inventory.models import Build, DeviceVersion, Sbom
from postmarket.inventory.words import SbomState


def builds_of(version: DeviceVersion) -> QuerySet[Build]:
    """Its builds with `has_sbom`, the newest first."""
    read = Sbom.objects.filter(build=OuterRef("pk"), state=SbomState.READ.value)
    return Build.objects.filter(version=version).annotate(has_sbom=Exists(read)).order_by("-built_at", "-pk")
