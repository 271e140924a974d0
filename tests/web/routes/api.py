"""The API's addresses."""

from __future__ import annotations

from collections.abc import Mapping

from postmarket.accounts.models import Person
from postmarket.accounts.scopes import Scope
from postmarket.inventory.models import DeviceProposal
from postmarket.records.models import Evidence
from tests.inventory.given import NOW, OPENSSL, uploaded, version
from tests.web.routes.interface import ApiRoute, Routes


def sbom(who: Person | None) -> Mapping[str, object]:
    """One that was read."""
    return {"number": uploaded(version(), OPENSSL).pk}


def proposal(who: Person | None) -> Mapping[str, object]:
    """One that waits."""
    kept = Evidence.objects.create(sha256="ab" * 32, bytes=1, media_type="a/b", source="test", kept_at=NOW)
    made = DeviceProposal.objects.create(
        device_name="Pump", version_label="1", evidence=kept, file_name="a", proposed_at=NOW, proposed_from="CI"
    )
    return {"number": made.pk}


ROUTES: Routes = {
    "api-description": ApiRoute(scopes=frozenset()),
    "postmarket-api:sboms": ApiRoute(
        scopes=frozenset({Scope.SBOMS_WRITE}), method="PUT", answers=frozenset({411, 422})
    ),
    "postmarket-api:sbom": ApiRoute(scopes=frozenset({Scope.SBOMS_WRITE, Scope.DEVICES_READ}), kwargs=sbom),
    "postmarket-api:proposal": ApiRoute(scopes=frozenset({Scope.SBOMS_WRITE}), kwargs=proposal),
}
