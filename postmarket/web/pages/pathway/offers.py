"""What a pathway can be begun with: what is known, the device's own pathways, a sibling version's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postmarket.assessment.rules.content import Pathway
from postmarket.assessment.rules.pathway import sentence
from postmarket.web.components.dates import in_words

if TYPE_CHECKING:
    from postmarket.assessment.models import PathwayTemplate
    from postmarket.assessment.queries.beginnings import Beginning


@dataclass(frozen=True, slots=True)
class Offer:
    """One of them: `name` for its button, `line` its steps, `whose` it is; `template` is its key or ""."""

    do: str
    name: str
    line: str
    whose: str
    pathway: Pathway
    template: str = ""


def offers(begun: Beginning, templates: Sequence[PathwayTemplate]) -> list[Offer]:
    """All there are, the device's kept ones first; a page without a pathway has begun with what is known already."""
    found = [
        Offer(
            do=f"begin:template-{one.pk}",
            name=str(one),
            line=sentence(one.says),
            whose=f"Kept for {begun.version.device} by {one.made_by.name}, {in_words(one.made_at)}",
            pathway=one.says,
            template=str(one.pk),
        )
        for one in templates
    ]
    found += [
        Offer(
            do=f"begin:version-{one.pk}",
            name=f"The pathway of {one.version}",
            line=sentence(one.says.exploit_impact_pathway),
            whose=f"Revision {one.revision}, {one.state}, drafted by {one.drafted_by.name}",
            pathway=one.says.exploit_impact_pathway,
        )
        for one in begun.siblings
    ]
    if begun.known and begun.pathway.steps:
        found.append(
            Offer(
                do="begin:known",
                name="What the system knows",
                line=sentence(Pathway(begun.known)),
                whose="From the device profile, the sources and the SBOM",
                pathway=Pathway(begun.known),
            )
        )
    return found
