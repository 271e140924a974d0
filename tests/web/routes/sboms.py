"""SBOMs, components, ends of support, aliases, the API's description for people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.inventory.models import AliasEntry, Component, ComponentIdentity, SupportStatement
from tests.inventory.given import NOW, OPENSSL, ZLIB, cyclonedx, engineer, receive, uploaded, version
from tests.web.routes.interface import SIGNED_IN, Route, Routes, holders

Values = Mapping[str, object]
READ: Final = holders(Permission.CONTENT_READ)
UPLOAD: Final = holders(Permission.SBOMS_UPLOAD)
STATE: Final = holders(Permission.SUPPLIERS_EDIT)
REVIEW: Final = holders(Permission.ALIASES_REVIEW)


def a_version(who: Person | None) -> Values:
    """A version without an SBOM."""
    return {"pk": version().pk}


def an_sbom(who: Person | None) -> Values:
    """One that was read."""
    return {"pk": uploaded(version(), OPENSSL).pk}


def an_earlier_one(who: Person | None) -> Values:
    """One whose place a later one has taken."""
    of = version()
    first = uploaded(of, OPENSSL)
    uploaded(of, ZLIB, at=NOW + timedelta(hours=1))
    return {"pk": first.pk}


def a_held_one(who: Person | None) -> Values:
    """One about another product, of a shipped version."""
    of = version(state="shipped")
    receive(of, cyclonedx(OPENSSL, subject={"name": "corvid", "version": "3.2"}), at_once=True)
    other = cyclonedx(ZLIB, subject={"name": "juice-shop", "version": "11"})
    return {"pk": receive(of, other, at=NOW + timedelta(hours=1), at_once=True).sbom.pk}


def a_refused_one(who: Person | None) -> Values:
    """One that could not be read."""
    return {"pk": receive(version(), b"hello", at_once=True).sbom.pk}


def a_component(who: Person | None) -> Values:
    """One that an SBOM lists."""
    uploaded(version(), OPENSSL)
    return {"pk": ComponentIdentity.objects.get().pk}


def one_by_hand(who: Person | None) -> Values:
    """One entered by hand."""
    uploaded(version(), OPENSSL)
    row = Component.objects.get()
    row.sbom = None
    row.save()
    return {"pk": row.pk}


def a_statement(who: Person | None) -> Values:
    """A statement that counts."""
    made = SupportStatement.objects.create(product="name:openssl", source="x", stated_by=engineer(), stated_at=NOW)
    return {"pk": made.pk}


def an_alias(who: Person | None) -> Values:
    """One that is proposed."""
    entry = AliasEntry.objects.create(
        names=["x"], cpes=["a:x:x"], proposed_by=engineer(), proposed_at=NOW, proposed_why="x"
    )
    return {"pk": entry.pk}


def why(who: Person | None) -> Values:
    """A reason."""
    return {"why": "For the test.", "deed": "approve"}


BOTH = ("GET", "POST")
POST = ("POST",)
ROUTES: Routes = {
    "sbom-upload": Route(allowed=UPLOAD, methods=BOTH, kwargs=a_version),
    "version-builds": Route(allowed=READ, kwargs=a_version),
    "version-build-add": Route(allowed=UPLOAD, methods=POST, kwargs=a_version),
    "component-add": Route(allowed=UPLOAD, methods=BOTH, kwargs=a_version),
    "sbom": Route(allowed=READ, kwargs=an_sbom),
    "sbom-progress": Route(allowed=READ, kwargs=an_sbom),
    "sbom-again": Route(allowed=UPLOAD, methods=POST, kwargs=a_refused_one, data=why),
    "sbom-held": Route(allowed=UPLOAD, methods=POST, kwargs=a_held_one, data=why),
    "sbom-current-again": Route(allowed=UPLOAD, methods=POST, kwargs=an_earlier_one, data=why),
    "components": Route(allowed=READ),
    "component": Route(allowed=READ, kwargs=a_component),
    "support-state": Route(allowed=STATE, methods=POST, kwargs=a_component),
    "component-remove": Route(allowed=UPLOAD, methods=POST, kwargs=one_by_hand, data=why),
    "support": Route(allowed=READ),
    "support-withdraw": Route(allowed=STATE, methods=POST, kwargs=a_statement, data=why),
    "aliases": Route(allowed=READ),
    "alias-propose": Route(allowed=REVIEW, methods=BOTH),
    "alias-decide": Route(allowed=REVIEW, methods=POST, kwargs=an_alias, data=why),
    "api-docs": Route(allowed=SIGNED_IN),
}
