"""SBOMs of a version: their history, what changed between two, how good each is."""

from __future__ import annotations

from django.db.models import QuerySet

from postmarket.accounts.authority import Caller
from postmarket.inventory.errors import WrongSbom
from postmarket.inventory.models import DeviceVersion, Sbom
from postmarket.inventory.queries.scope import readable
from postmarket.inventory.services.sboms.reading import unpack
from postmarket.inventory.words import SbomState
from postmarket.sbom.difference import Difference, diff
from postmarket.sbom.profiles import load_profile
from postmarket.sbom.quality import QualityReport, check


def sboms(by: Caller) -> QuerySet[Sbom]:
    """Every SBOM `by` may read, newest first; what was read in it is left in the database."""
    found = Sbom.objects.filter(readable(by, "version__device__line")).defer("content")
    return found.select_related("version__device__line", "build", "evidence").prefetch_related("qualities")


def history(by: Caller, version: DeviceVersion) -> QuerySet[Sbom]:
    """The SBOMs of a version, newest first, refused ones among them."""
    return sboms(by).filter(version=version)


def earlier(sbom: Sbom) -> Sbom | None:
    """
    What an SBOM is held against unless somebody says otherwise; None when there is nothing.

    The one before it that could be read; for a version's first, the current one of the version made before.
    """
    read = Sbom.objects.defer("content").select_related("version__device").filter(state=SbomState.READ.value)
    before = read.filter(version=sbom.version_id, received_at__lte=sbom.received_at).exclude(pk__gte=sbom.pk).first()
    if before is not None:
        return before
    siblings = read.filter(version__device=sbom.version.device_id, version__lt=sbom.version_id, is_current=True)
    return siblings.order_by("-version_id").first()


def compare(old: Sbom, new: Sbom) -> Difference:
    """
    What `new` adds, removes and changes against `old`.

    Raises WrongSbom when one was not read, or they are of two devices.
    """
    if old.version.device_id != new.version.device_id:
        raise WrongSbom(
            "These SBOMs are of two devices", where=f"{old}, {new}", next_step="Compare two of the same device."
        )
    return diff(unpack(old), unpack(new))


def quality(sbom: Sbom, profile: str) -> QualityReport:
    """
    Every finding of a profile in an SBOM, judged now; `sbom.qualities` has what was found when it was read.

    Raises WrongSbom when it was not read, SbomError for a profile there is none of.
    """
    return check(unpack(sbom), load_profile(profile))
