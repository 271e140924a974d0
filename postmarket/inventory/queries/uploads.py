"""What a pipeline may ask of what it sent."""

from __future__ import annotations

from django.db.models import QuerySet

from postmarket.accounts.authority import Caller, lines
from postmarket.accounts.permissions import Permission
from postmarket.inventory.models import Sbom


def upload_status(by: Caller) -> QuerySet[Sbom]:
    """The SBOMs whose state `by` may ask for: of lines they may read, or upload to."""
    read, sent = lines(by, Permission.CONTENT_READ), lines(by, Permission.SBOMS_UPLOAD)
    found = Sbom.objects.defer("content")
    if not (read.every or sent.every):
        found = found.filter(version__device__line__in=read.ids | sent.ids)
    return found.select_related("version__device", "build").prefetch_related("qualities")
