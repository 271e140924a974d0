"""The components of a version as a table, with what can be said of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.html import format_html

from postmarket.inventory.models import Listing
from postmarket.matching.interface import Coverage
from postmarket.policy.interface import ClinicalRole
from postmarket.web.components.tags import Meaning, badge
from postmarket.web.pages.findings.words import ROLES
from postmarket.web.table import Choice, Column, Search, Table

if TYPE_CHECKING:
    from postmarket.inventory.models import DeviceVersion
    from postmarket.monitoring.queries.coverage import VersionCoverage
    from postmarket.monitoring.rules.coverage import Covered


@dataclass(frozen=True, slots=True)
class ComponentRow:
    """
    A component as one version lists it, what it does for the patient, and what can be said of it.

    `covered` is None until the version was judged with it.
    """

    listing: Listing
    covered: Covered | None

    @property
    def state(self) -> Coverage | None:
        """None: not held against anything yet."""
        return self.covered.state if self.covered is not None else None


def components_of(version: DeviceVersion, seen: VersionCoverage) -> list[ComponentRow]:
    """What a version is made of now, each identity once; one query."""
    covered = {one.key: one for one in seen.components}
    listings = Listing.objects.filter(version=version).select_related("identity")
    return [ComponentRow(listing, covered.get(listing.identity.key)) for listing in listings]


STATES: Final = {
    Coverage.MATCHED: (Meaning.HARM, "Something found"),
    Coverage.MATCHED_NONE: (Meaning.SAFE, "Nothing found"),
    Coverage.UNMATCHED: (Meaning.UNKNOWN, "Not identified"),
    Coverage.NOT_MONITORABLE: (Meaning.PLAIN, "No source covers"),
    None: (Meaning.UNKNOWN, "Not matched yet"),
}


def _state(row: ComponentRow) -> str:
    meaning, words = STATES[row.state]
    covered = row.covered
    if covered is None or covered.state in {Coverage.MATCHED, Coverage.MATCHED_NONE}:
        return badge(meaning, words)
    said = f"{covered.why}. {covered.next_step}".strip() if covered.next_step else covered.why
    return format_html('{}<div class="quiet small said-of">{}</div>', badge(meaning, words), said)


def _name(row: ComponentRow) -> str:
    identity = row.listing.identity
    under = identity.purl or (identity.cpes[0] if identity.cpes else "")
    return format_html(
        '<a href="{}">{} {}</a><div class="mono quiet said-of">{}</div>',
        reverse("component", args=[identity.pk]),
        identity.name,
        identity.version,
        under,
    )


def _role(row: ComponentRow) -> str:
    role = ClinicalRole(row.listing.role)
    if role is ClinicalRole.UNKNOWN:
        return badge(Meaning.UNKNOWN, "Not stated")
    return format_html('{}<div class="quiet small said-of">{}</div>', ROLES[role], row.listing.role_why)


def _is(row: ComponentRow, said: str) -> bool:
    return (row.state.name.lower() if row.state else "none") == said


COMPONENTS = Table(
    name="components",
    caption="Components",
    sort="name",
    page_size=25,
    alone=False,
    columns=(
        Column[ComponentRow](
            key="name", label="Component", heads=True, value=lambda row: str(row.listing.identity), show=_name
        ),
        Column[ComponentRow](
            key="supplier", label="Supplier", value=lambda row: row.listing.identity.supplier or None, export_only=True
        ),
        Column[ComponentRow](
            key="purl", label="purl", value=lambda row: row.listing.identity.purl or None, export_only=True
        ),
        Column[ComponentRow](
            key="cpes", label="CPEs", value=lambda row: " ".join(row.listing.identity.cpes) or None, export_only=True
        ),
        Column[ComponentRow](
            key="role",
            label="Clinical role",
            value=lambda row: ROLES[ClinicalRole(row.listing.role)],
            show=_role,
            wide_only=True,
        ),
        Column[ComponentRow](
            key="state", label="What can be said", value=lambda row: STATES[row.state][1], show=_state
        ),
        Column[ComponentRow](
            key="why", label="Why", value=lambda row: row.covered.why if row.covered else None, export_only=True
        ),
        Column[ComponentRow](
            key="next",
            label="What would help",
            value=lambda row: (row.covered.next_step if row.covered else "") or "nothing",
            export_only=True,
        ),
    ),
    filters=(
        Search(
            label="Find a component",
            narrow=lambda rows, text: [
                row
                for row in rows
                if text.casefold() in f"{row.listing.identity} {row.listing.identity.purl}".casefold()
            ],
        ),
        Choice(
            key="state",
            label="What can be said",
            options=tuple((state.name.lower() if state else "none", words) for state, (_, words) in STATES.items()),
            narrow=lambda rows, said: [row for row in rows if _is(row, said)],
        ),
    ),
    empty="versions/no_components.html",
)
