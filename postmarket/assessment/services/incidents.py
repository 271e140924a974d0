"""Incidents are opened at a site, their isolation planned, and what was done to the devices noted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from postmarket.accounts.authority import require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.assessment.errors import ChangedMeanwhile, InvalidIncident, NotComplete, NotFound, NotPossible
from postmarket.assessment.models import Incident, IncidentUnit, IsolationApproval
from postmarket.assessment.queries.incidents import who_may_approve
from postmarket.assessment.rules.fields import one_line, reason, words
from postmarket.assessment.rules.playbook import playbook
from postmarket.assessment.services.holding import held_case, in_case
from postmarket.assessment.services.voiding import void_approval
from postmarket.assessment.snapshots import incident_snapshot
from postmarket.assessment.words import ExploitationHere, IsolatedBy, StepOrigin
from postmarket.cases.models import Case
from postmarket.cases.notices import send
from postmarket.cases.queries.visible import visible_to
from postmarket.cases.services.exploitation import raise_exploitation
from postmarket.cases.words import Exploitation
from postmarket.intake.services.numbering import next_number
from postmarket.inventory.models import Customer, DeviceVersion
from postmarket.inventory.services.units import customer_named
from postmarket.monitoring.policy import pack_in_force
from postmarket.records import Act, Snapshot, act
from postmarket.records.canonical import content_hash

SERIES = "INC"
MOST_UNITS = 500
LONGEST_UDI = 120
WITH = ("case", "site", "version__device__line", "planned_by", "opened_by")
OF_CASE = {ExploitationHere.SUSPECTED: Exploitation.SUSPECTED, ExploitationHere.ACTIVE: Exploitation.ACTIVE}


def open_incident(
    *,
    by: Person,
    case: Case,
    site: Customer | str,
    version: DeviceVersion,
    exploitation: ExploitationHere,
    what: str,
    known_at: datetime,
    units: Sequence[str] = (),
    now: datetime,
) -> Incident:
    """
    Exploitation at one site, suspected or active; `known_at` is when anybody in the firm first knew (UTC).

    The case is exploited as far from then on, which re-opens what was signed of it, in the same transaction. `units`
    are the UDIs on the devices; `site` may be a name, which is kept as a customer where it is new. Raises NotFound,
    NotAllowed, NotPossible, InvalidIncident, InvalidVersion for what is no name.
    """
    said, udis = words("description", what, wrong=InvalidIncident), _udis(units)
    _past("time it became known", known_at, now=now)
    with act(actor=by.actor, at=now, why=said, policy=pack_in_force().version) as doing:
        case = held_case(case, by=by)
        version = in_case(case, version)
        require(by, Permission.INCIDENTS_HANDLE, on=version.device.line)
        row = Incident.objects.create(
            number=next_number(SERIES, now=now),
            case=case,
            site=site if isinstance(site, Customer) else _site(site, by=by, now=now),
            version=version,
            exploitation=exploitation.value,
            what=said,
            known_at=known_at,
            opened_by=by,
            opened_at=now,
        )
        IncidentUnit.objects.bulk_create(IncidentUnit(incident=row, udi=udi) for udi in udis)
        doing.note("incident.opened", subject=row, before=None, after=incident_snapshot(row))
        raise_exploitation(doing, case, OF_CASE[exploitation], now=now)
    return row


def describe_incident(
    *,
    by: Person,
    incident: Incident,
    exploitation: ExploitationHere,
    what: str,
    units: Sequence[str],
    why: str,
    now: datetime,
    seen: str = "",
) -> Incident:
    """
    What is known of it now: other units, another description, suspicion that became certain.

    Voids the approval of an isolation that has not been carried out, and asks for it anew. The case's exploitation is
    only raised. `seen` is the `said_of` that they have read: raises ChangedMeanwhile when it is another by now. Raises
    NotFound, NotAllowed, NoReason, NotPossible, InvalidIncident.
    """
    said, udis = words("description", what, wrong=InvalidIncident), _udis(units)
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        row = _held(incident, by=by)
        _unchanged_since(seen, row)
        same = (row.exploitation, row.what) == (exploitation.value, said)
        if same and [unit.udi for unit in row.units.all()] == list(udis):
            return row
        before = incident_snapshot(row)
        row.exploitation, row.what = exploitation.value, said
        row.save(update_fields=["exploitation", "what"])
        row.units.all().delete()
        IncidentUnit.objects.bulk_create(IncidentUnit(incident=row, udi=udi) for udi in udis)
        if _changed(doing, row, "incident.described", before, now=now):
            _ask_for_approval(row, now=now)
        raise_exploitation(doing, row.case, OF_CASE[exploitation], now=now)
    return row


def said_of(row: Incident) -> str:
    """What is known of it, in one word that changes with it."""
    return content_hash([row.exploitation, row.what, *(unit.udi for unit in row.units.all())])


def plan_isolation(
    *, by: Person, incident: Incident, step: str = "", workaround: str, residual_risk: str = "", now: datetime
) -> Incident:
    """
    What is to be done to the devices, and how patients are cared for meanwhile; nothing is done yet.

    An empty `step` takes the article's for the device type. The clinical safety lead approves the plan; a change of it
    voids that. Raises NotFound, NotAllowed, InvalidIncident without a workaround, NotPossible once it was carried out.
    """
    cared = words("clinical workaround", workaround, wrong=InvalidIncident)
    left = words("residual risk", residual_risk, needed=False, wrong=InvalidIncident)
    own = words("isolation step", step, needed=False, wrong=InvalidIncident)
    with act(actor=by.actor, at=now, why="How to isolate, and to care for patients meanwhile.") as doing:
        row = _held(incident, by=by)
        if row.isolated_at is not None:
            raise NotPossible(f"{row.number} is isolated already", next_step="Note the restoration when it is over.")
        given = playbook(row.version.device.device_type, ExploitationHere(row.exploitation), pack_in_force()).step
        origin = StepOrigin.OWN if own and own != given else StepOrigin.PLAYBOOK
        plan = (own or given, origin.value, cared, left)
        if plan == (row.isolation, row.isolation_origin, row.workaround, row.residual_risk):
            return row
        before = incident_snapshot(row)
        row.isolation, row.isolation_origin, row.workaround, row.residual_risk = plan
        row.planned_by, row.planned_at = by, now
        row.save()
        _changed(doing, row, "incident.isolation-planned", before, now=now)
        _ask_for_approval(row, now=now)
    return row


def note_isolated(
    *, by: Person, incident: Incident, at: datetime, isolated_by: IsolatedBy, why: str, now: datetime
) -> Incident:
    """
    The devices were isolated at `at`.

    By our decision only with the clinical safety lead's approval of exactly this plan: a purely technical decision does
    not pass. What a site did by itself is noted as a fact that nobody here approved. Raises NotFound, NotAllowed,
    NoReason, InvalidIncident, NotPossible, and NotComplete without the approval.
    """
    _past("time of isolation", at, now=now)
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        row = _held(incident, by=by)
        if row.isolated_at is not None:
            raise NotPossible(f"{row.number} is isolated already", next_step="Note the restoration when it is over.")
        if isolated_by is IsolatedBy.OUR_DECISION:
            _approved(row, at=at)
        before = incident_snapshot(row)
        row.isolated_at, row.isolated_by = at, isolated_by.value
        row.save(update_fields=["isolated_at", "isolated_by"])
        doing.note("incident.isolated", subject=row, before=before, after=incident_snapshot(row))
    return row


def note_restored(*, by: Person, incident: Incident, at: datetime, how: str, now: datetime) -> Incident:
    """The devices are back in normal use since `at`. Raises NotFound, NotAllowed, NotPossible, InvalidIncident."""
    said = words("way of restoring", how, wrong=InvalidIncident)
    _past("time of restoration", at, now=now)
    with act(actor=by.actor, at=now, why=said) as doing:
        row = _held(incident, by=by)
        if row.isolated_at is not None and at < row.isolated_at:
            raise InvalidIncident(
                "It was restored before it was isolated", where="time of restoration", next_step="Correct the time."
            )
        before = incident_snapshot(row)
        row.restored_at, row.restored_how, row.restored_by = at, said, by
        row.save(update_fields=["restored_at", "restored_how", "restored_by"])
        doing.note("incident.restored", subject=row, before=before, after=incident_snapshot(row))
    return row


def rule_out(*, by: Person, incident: Incident, why: str, now: datetime) -> Incident:
    """
    It was not exploitation. The case's status stays: a person lowers that, when no other incident speaks against it.

    Raises NotFound, NotAllowed, NoReason, and NotPossible while devices are isolated.
    """
    said = reason(why)
    with act(actor=by.actor, at=now, why=said) as doing:
        row = _held(incident, by=by)
        if row.isolated_at is not None:
            raise NotPossible(
                f"Devices at {row.site} are isolated", where=row.number, next_step="Note the restoration instead."
            )
        before = incident_snapshot(row)
        row.ruled_out_at, row.ruled_out_why = now, said
        row.save(update_fields=["ruled_out_at", "ruled_out_why"])
        _changed(doing, row, "incident.ruled-out", before, now=now)
    return row


def _held(incident: Incident, *, by: Person) -> Incident:
    """The incident as it is now, locked with its case. Raises NotFound, NotAllowed, NotPossible when it is over."""
    seen = Incident.objects.filter(visible_to(by, "case"), pk=incident.pk).select_related("case").first()
    if seen is None:
        raise NotFound("There is no such incident", where=incident.number, next_step="Look at the case again.")
    case = held_case(seen.case, by=by)
    row = Incident.objects.select_for_update(of=("self",)).select_related(*WITH).get(pk=seen.pk)
    row.case = case
    require(by, Permission.INCIDENTS_HANDLE, on=row.version.device.line)
    if row.restored_at is not None or row.ruled_out_at is not None:
        over = "restored" if row.restored_at is not None else "ruled out"
        raise NotPossible(f"{row.number} is {over}", next_step="Open another incident if it happens again.")
    return row


def _unchanged_since(seen: str, row: Incident) -> None:
    if seen and seen != said_of(row):
        units = ", ".join(unit.udi for unit in row.units.all()) or "none named"
        raise ChangedMeanwhile(
            f"{row.number} was described anew since you opened this form",
            why=f"it is {row.exploitation} now: {row.what} Units: {units}",
            next_step="Take over what is missing here, then save again to keep yours.",
        )


def _changed(doing: Act, row: Incident, kind: str, before: Snapshot, *, now: datetime) -> bool:
    """What was approved is void once what was shown of it is otherwise; whether anything was."""
    because = "The incident or its plan changed after it was approved."
    voided = row.isolated_at is None and void_approval(row, because=because, doing=doing, now=now)
    doing.note(kind, subject=row, before=before, after=incident_snapshot(row))
    return voided


def _site(name: str, *, by: Person, now: datetime) -> Customer:
    """The site of that name; its record is anybody's to read, so it tells nothing of the incident."""
    with act(actor=by.actor, at=now, why="Named for the first time.") as naming:
        return customer_named(name, doing=naming, now=now)


def _ask_for_approval(row: Incident, *, now: datetime) -> None:
    """Everybody who may approve it is told by mail; of a restricted case its number and nothing else."""
    about = "" if row.case.restricted else f"{row.site}, {row.version}: {row.isolation}\n\n"
    send(
        who_may_approve(row),
        subject=f"{row.number} waits for your approval",
        text=f"{about}A plan to isolate devices, {row.number} in {row.case.number}, waits for a clinical safety lead. "
        "Nothing is isolated by our decision before.\n",
        now=now,
    )


def _approved(row: Incident, *, at: datetime) -> None:
    approval = IsolationApproval.objects.filter(incident=row, voided_at=None).first()
    if approval is None:
        raise NotComplete(
            "No clinical safety lead has approved this isolation",
            where=row.number,
            why="isolating devices can put patients at more risk than the incident itself",
            next_step="Have the plan with its clinical workaround approved, then isolate.",
        )
    if at < approval.approved_at:
        raise InvalidIncident(
            "Our decision was approved later than that",
            where="time of isolation",
            next_step="Correct the time, or say that the site isolated by itself.",
        )


def _udis(units: Sequence[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(one_line("UDI", udi, wrong=InvalidIncident) for udi in units))
    if len(found) > MOST_UNITS or any(len(udi) > LONGEST_UDI for udi in found):
        raise InvalidIncident(
            "The units cannot be kept",
            where="units",
            why=f"{MOST_UNITS} units of {LONGEST_UDI} characters are the most",
            next_step="Copy what stands on each label.",
        )
    return found


def _past(name: str, at: datetime, *, now: datetime) -> None:
    if at.tzinfo is None or at > now:
        raise InvalidIncident(
            f"The {name} lies ahead", where=name, next_step="Give a time that is past, with its zone."
        )
