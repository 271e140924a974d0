"""The acts of an incident, each with its form, its question and what it causes; and which one comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from postmarket.accounts.authority import may
from postmarket.accounts.permissions import Permission
from postmarket.assessment.queries.incidents import standing_of, who_may_approve
from postmarket.assessment.rules.incident import Standing
from postmarket.assessment.rules.playbook import playbook
from postmarket.assessment.words import ExploitationHere, StepOrigin
from postmarket.monitoring.policy import pack_in_force
from postmarket.web import clock
from postmarket.web.pages.cases.common import Act
from postmarket.web.pages.incidents.common import address_of, goes_on, handles
from postmarket.web.pages.incidents.forms import ApproveForm, IsolateForm, PlanForm, RestoreForm

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django import forms

    from postmarket.accounts.models import Person
    from postmarket.assessment.models import Incident

WHY_NOT_ALONE: Final = (
    "Isolating devices can put patients at more risk than the incident itself: "
    "a purely technical decision does not pass."
)
DESCRIBE: Final = Act(
    heading="What is known of it now?",
    lead="More units, a better description, a suspicion that became certain.",
    button="Say it so",
    done="Said, and on record.",
    causes=(
        "An approval of a plan that was not carried out yet is void, and asked for anew: it was for what was known.",
        "The exploitation the case tells of is raised by it, never lowered.",
    ),
)
RESTORE: Final = Act(
    heading="Are the devices back in normal use?",
    lead="From then on the incident is over, and stays to be read.",
    button="They are restored",
    done="Restored. The incident is over.",
    causes=(
        "The workaround is no longer needed: tell the ward.",
        "The case may be closed, as far as this incident goes.",
    ),
)
RULE_OUT: Final = Act(
    heading="Was it no exploitation?",
    lead="The incident is over then, with the reason you give, and stays to be read.",
    button="Rule it out",
    done="It is ruled out.",
    causes=(
        "What the case says of exploitation stays: a person lowers that in the case.",
        "An approval of its plan is void.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """
    What comes next: the question, and its form where this person may answer it.

    Without a form `waits_for` are those who may, `why_not` says why this person may not; `nobody` is true where it
    waits for somebody and there is nobody. `lines` are shown before it.
    """

    heading: str
    lead: str
    url: str = ""
    form: forms.Form | None = None
    button: str = ""
    causes: Sequence[str] = ()
    lines: Sequence[tuple[str, str]] = ()
    why_not: str = ""
    waits_for: Sequence[Person] = ()
    nobody: bool = False


def approved_at(row: Incident) -> datetime | None:
    """When the plan that counts was approved."""
    found: datetime | None = row.approved_at  # type: ignore[attr-defined]  # annotated by queries.incidents
    return found


def plan_form(row: Incident, data: Any = None) -> PlanForm:
    """With the article's step, or what was planned before."""
    given = playbook(row.version.device.device_type, ExploitationHere(row.exploitation), pack_in_force()).step
    own = row.isolation if row.isolation_origin == StepOrigin.OWN.value else ""
    known = {
        "clinical_workaround": row.workaround,
        "isolation_step": own or given,
        "residual_risk": row.residual_risk,
    }
    return PlanForm(data, initial=known)


def approve_form(data: Any = None) -> ApproveForm:
    """What the clinical safety lead looked at."""
    return ApproveForm(data)


def isolate_form(row: Incident, data: Any = None) -> IsolateForm:
    """Since now; our decision only where it is approved."""
    return IsolateForm(data, approved=approved_at(row) is not None, initial={"time_of_isolation": clock.now()})


def restore_form(data: Any = None) -> RestoreForm:
    """Since now."""
    return RestoreForm(data, initial={"time_of_restoration": clock.now()})


def planning(row: Incident) -> Act:
    """The page of the plan."""
    was_approved = approved_at(row) is not None
    return Act(
        heading="What is done to the devices, and how are patients cared for?",
        lead="Nothing is isolated by it: a clinical safety lead approves the plan first.",
        button="Plan it so",
        done="Planned. It waits for a clinical safety lead now.",
        causes=(
            *(("The approval there is becomes void: it was for another plan.",) if was_approved else ()),
            "Every clinical safety lead who may approve it is told by mail.",
            "Who plans it does not approve it.",
        ),
    )


def approving(row: Incident) -> Act:
    """The page of the approval."""
    return Act(
        heading=f"Do you approve the isolation at {row.site.name}?",
        lead=WHY_NOT_ALONE,
        button="See it and sign",
        done="",
        causes=SIGNING,
        shown=tuple(f"{name}: {said}" for name, said in plan_lines(row)),
    )


SIGNING: Final = (
    "You see exactly what is signed, and prove who you are.",
    "Signed, the devices may be isolated so, and no other way.",
)


def isolating(row: Incident) -> Act:
    """The page of the isolation: without an approval it says why our decision cannot be noted."""
    if approved_at(row) is not None:
        return Act(
            heading="Are the devices isolated?",
            lead="Approved by a clinical safety lead: exactly this step, with this workaround.",
            button="They are isolated",
            done="Isolated. It waits to be restored.",
            causes=ISOLATED,
            shown=tuple(f"{name}: {said}" for name, said in plan_lines(row)),
        )
    return Act(
        heading="Has the hospital isolated them by itself?",
        lead=f"Only that can be noted: no clinical safety lead has approved it. {WHY_NOT_ALONE}",
        button="The hospital isolated them",
        done="Noted as what the hospital did. Nobody here approved it, and it says so.",
        causes=("It stands as a fact that nobody here approved.", *ISOLATED),
    )


ISOLATED: Final = (
    "The plan is not changed any more, and the incident cannot be ruled out: it ends by restoring.",
    "If we told the hospital to do it, that may be the first notice of a correction: note that event in the case.",
)


def plan_lines(row: Incident) -> list[tuple[str, str]]:
    """The plan as it stands."""
    lines = [("To the devices", row.isolation), ("Meanwhile for patients", row.workaround)]
    return [*lines, ("Risk that is left", row.residual_risk or "nobody has said it")]


def next_step(row: Incident, by: Person) -> Next | None:
    """What comes next of it, for this person; None when it is over."""
    if not goes_on(row):
        return None
    match standing_of(row):
        case Standing.PLANNED:
            return _approval(row, by)
        case Standing.UNPLANNED:
            return _of(row, by, planning(row), "incident-plan", plan_form(row))
        case Standing.APPROVED:
            return _of(row, by, isolating(row), "incident-isolate", isolate_form(row), lines=plan_lines(row))
        case _:
            return _of(row, by, RESTORE, "incident-restore", restore_form())


def _of(
    row: Incident, by: Person, page: Act, route: str, form: forms.Form, *, lines: Sequence[tuple[str, str]] = ()
) -> Next:
    if not handles(by, row):
        return Next(
            heading=page.heading, lead=page.lead, lines=lines, why_not="Somebody who handles incidents says it."
        )
    return Next(
        heading=page.heading,
        lead=page.lead,
        url=address_of(row, route),
        form=form,
        button=page.button,
        causes=page.causes,
        lines=lines,
    )


def _approval(row: Incident, by: Person) -> Next:
    page, lines = approving(row), plan_lines(row)
    if may(by, Permission.ISOLATION_APPROVE, on=row.version.device.line) and row.planned_by_id != by.pk:
        return Next(
            heading=page.heading,
            lead=page.lead,
            url=address_of(row, "incident-approve"),
            form=approve_form(),
            button=page.button,
            causes=page.causes,
            lines=lines,
        )
    own = "You planned it, and who plans an isolation does not approve it. " if row.planned_by_id == by.pk else ""
    others = who_may_approve(row)
    return Next(
        heading="Isolation waits for a clinical safety lead.",
        lead=WHY_NOT_ALONE,
        lines=lines,
        why_not=f"{own}Nothing is isolated by our decision before one of them has signed the plan.",
        waits_for=others,
        nobody=not others,
    )
