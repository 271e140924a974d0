"""What the pathway of a device version begins with: what is written, what stands, a sibling's, or what is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from postmarket.accounts.authority import Caller
from postmarket.assessment.errors import NotFound
from postmarket.assessment.models import Assessment
from postmarket.assessment.models.assessment import OPEN_STATES, STANDING_STATES
from postmarket.assessment.queries.assessments import visible
from postmarket.assessment.queries.grounds import known, vulnerabilities_of
from postmarket.assessment.queries.origins import origin_of
from postmarket.assessment.queries.surroundings import surroundings
from postmarket.assessment.rules.content import Content, Pathway, Step
from postmarket.assessment.rules.exploitability import judge
from postmarket.assessment.rules.first_steps import first_steps
from postmarket.assessment.rules.parts import Part, seen
from postmarket.cases.models import Case, CaseVersion
from postmarket.cases.queries.visible import visible_to
from postmarket.inventory.models import DeviceVersion
from postmarket.inventory.queries.scope import readable
from postmarket.monitoring.policy import pack_in_force


@dataclass(frozen=True, slots=True)
class Beginning:
    """
    Where the pathway of one device version stands before somebody goes on with it.

    `written` is the revision that is being written, None while there is none; then one that is begun would begin with
    `origin`: what stands for the version, else what a sibling has. `content` is what stands there, or would. `known`
    are the first steps that the system can say by itself. `siblings` are pathways of the device's other versions in
    the case, each different one once. `exploited` says whether exploitation is known: then a control is credited only
    with proof that it breaks the chain. `seen` names exactly `pathway`: a save that brings another one is too late.
    """

    version: DeviceVersion
    written: Assessment | None
    origin: Assessment | None
    content: Content
    known: tuple[Step, ...]
    siblings: Sequence[Assessment]
    exploited: bool
    seen: str

    @property
    def pathway(self) -> Pathway:
        """The pathway as it is, or as a new revision would begin with."""
        return self.content.exploit_impact_pathway

    @property
    def copied_from(self) -> Assessment | None:
        """The sibling's revision that it is a copy of, untouched."""
        if self.written is not None:
            return self.written.origin if self.written.is_inherited else None
        other = self.origin is not None and self.origin.version_id != self.version.pk
        return self.origin if other else None


def beginning(*, by: Caller, case: Case, version: int) -> Beginning:
    """Of a version by its key. Raises NotFound for one the case is not about, or that is not theirs to see."""
    rows = CaseVersion.objects.filter(visible_to(by, "case"), readable(by, "version__device__line"))
    row = rows.filter(case=case, version=version, removed_at=None).select_related("version__device__line").first()
    if row is None:
        raise NotFound(f"{case.number} is not about that version", next_step="Look at the case again.")
    found = list(
        visible(by).filter(case=case, version__device=row.version.device_id, state__in=[*OPEN_STATES, *STANDING_STATES])
    )
    written = next((one for one in found if one.version_id == version and one.is_open), None)
    origin = None if written is not None else origin_of(case, row.version)
    source = written or origin
    content = Content() if source is None else source.says
    told = known(case, vulnerabilities_of([case]))
    return Beginning(
        version=row.version,
        written=written,
        origin=origin,
        content=content,
        known=first_steps(surroundings(case, row.version, content, told)),
        siblings=_different(found, row.version, content.exploit_impact_pathway),
        exploited=judge(content, told, pack_in_force().thresholds).exploited,
        seen=seen(content, Part.PATHWAY),
    )


def _different(rows: Sequence[Assessment], version: DeviceVersion, own: Pathway) -> list[Assessment]:
    there, found = [own.steps], []
    for row in rows:
        steps = row.says.exploit_impact_pathway.steps
        if row.version_id != version.pk and steps and steps not in there:
            there.append(steps)
            found.append(row)
    return found
