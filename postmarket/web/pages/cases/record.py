"""The triage record of a case: everything it holds on one page made to be printed, every signature with its hash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.html import format_html_join
from django.views.decorators.http import require_safe

from postmarket.accounts.permissions import Permission
from postmarket.assessment.isolation import KIND as ISOLATION
from postmarket.assessment.models import Assessment, Incident, IsolationApproval, LeadSignature
from postmarket.assessment.queries.assessments import history_of
from postmarket.assessment.queries.incidents import incidents_of
from postmarket.assessment.rules.content import HarmScenario
from postmarket.assessment.rules.determination import WORDS
from postmarket.assessment.rules.exploitability import own_score
from postmarket.assessment.rules.pathway import sentence
from postmarket.assessment.signing import KINDS
from postmarket.assessment.words import Lead
from postmarket.cases.models import Pause
from postmarket.cases.queries.case import CaseDetail, case_detail
from postmarket.cases.queries.once import read_once
from postmarket.monitoring.models import VersionDecision
from postmarket.monitoring.queries.decisions import decisions
from postmarket.policy.interface import Determination, Priority, StartBasis
from postmarket.records.queries import chain_end, entries_about, signed_hashes
from postmarket.web import clock
from postmarket.web.asking import reader
from postmarket.web.components.tags import or_unknown, unknown
from postmarket.web.components.text import counted
from postmarket.web.pages.cases.case import Told, phases
from postmarket.web.pages.cases.clock_panel import row_of_timeline, shown
from postmarket.web.pages.cases.common import may_in
from postmarket.web.pages.cases.panels.assessed import assessed
from postmarket.web.pages.cases.panels.tags import tags
from postmarket.web.pages.cases.panels.where import in_field, status
from postmarket.web.pages.cases.words import BASES, EXPLOITATION, LINKS
from postmarket.web.pages.findings.words import PRIORITIES
from postmarket.web.pages.incidents.words import finding
from postmarket.web.pages.records.words import deed

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from postmarket.accounts.models import Person
    from postmarket.cases.models import Case
    from postmarket.cases.queries.case import VersionInCase
    from postmarket.records.entries import Draft

WHERE = (
    '<tr><th scope="row">{}</th><td data-label="Status">{}</td><td data-label="How it came in">{}</td>'
    '<td class="n" data-label="Units">{}</td><td class="n" data-label="Customers">{}</td></tr>'
)
Hashes = Mapping[tuple[str, str, str], str]


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature: who in which role, what it means, and the SHA-256 of exactly what was signed."""

    row: LeadSignature | IsolationApproval
    role: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of an assessment with what it came to, and its signatures; `determination` "" is none."""

    row: Assessment
    determination: str
    pathway: str
    harm: Sequence[HarmScenario]
    privacy: str
    own_score: float | None
    signed: Sequence[Signed]


@dataclass(frozen=True, slots=True)
class Happening:
    """One incident in a sentence, with its approvals."""

    row: Incident
    sentence: str
    signed: Sequence[Signed]


@dataclass(frozen=True, slots=True)
class DecisionSigned:
    """An answer for a component in a version, and the SHA-256 of what was signed of it; "" while it is not signed."""

    row: VersionDecision
    sha256: str


@require_safe
def case_record(request: HttpRequest, number: str) -> HttpResponse:
    """The page."""
    by, now = reader(request), clock.now()
    with read_once():  # its questions rest on the same assessments
        found = case_detail(number, by=by, now=now)
        row = found.case
        of = assessed(row, by=by)
    context = {
        "found": found,
        "case": row,
        "restricted": row.restricted,
        "row_of_timeline": row_of_timeline(found),
        "tags": tags(found, of),
        "way": [phase for phase in phases(found) if phase.at is not None],
        "in_field": in_field(found),
        "where": _where(found.versions),
        "events": [Told(one, BASES[StartBasis(one.basis)]) for one in found.start_events],
        "clocks": [shown(one, now=now) for one in found.clocks],
        "pauses": list(Pause.objects.filter(clock__case=row).select_related("clock")),
        "exploitation": None if row.known_exploitation is None else EXPLOITATION[row.known_exploitation][0],
        "priority": None if found.priority is None else PRIORITIES[found.priority][0],
        "overrides": [(PRIORITIES[Priority(one.priority)][0], one) for one in found.overrides],
        "links": [(LINKS[one.kind], one.other if one.case_id == row.pk else one.case, one.why) for one in found.links],
        "entries": _entries(row) if may_in(by, Permission.RECORDS_READ, row, whole=False) else (),
        "now": now,
        "end": chain_end(),
        **signed_of(found, by),
    }
    return render(request, "cases/record.html", context)


def _where(versions: Sequence[VersionInCase]) -> SafeString:
    """A row for each version; of hundreds they are a third of the page, so no template makes them one by one."""
    uncounted, nobody = unknown("not counted"), unknown("not known")
    return format_html_join(
        "",
        WHERE,
        (
            (
                one.row.version,
                status(one).text,
                or_unknown(one.row.why),
                uncounted if one.units is None else counted(one.units),
                nobody if one.units is None else one.customers,
            )
            for one in versions
        ),
    )


def _entries(row: Case) -> list[tuple[int, str, Draft]]:
    """Every record about the case itself: its number, what was done, and who did it when and why."""
    rows = entries_about(row).order_by("number")
    return [(one.number, deed(one.kind), one.said) for one in rows if one.said is not None]


def signed_of(found: CaseDetail, by: Person) -> dict[str, object]:
    """Assessments, incidents and answers of the case with every signature under them."""
    row = found.case
    revisions = history_of(by=by, case=row)
    incidents = incidents_of(by=by, case=row)
    approvals = IsolationApproval.objects.filter(incident__in=incidents).select_related("person", "signature")
    inside = row.versions.values("version")
    answers = [] if row.lead is None else list(decisions(by=by).filter(lead=row.lead, version__in=inside))
    leads = [one for revision in revisions for one in revision.signatures.all()]
    ids = [*(one.signature_id for one in leads), *(one.signature_id for one in approvals)]
    hashes = signed_hashes([*ids, *(one.signature_id for one in answers if one.signature_id is not None)])
    by_incident: dict[int, list[Signed]] = {}
    for one in approvals:
        said = Signed(one, "clinical safety lead", hashes.get((one.signature_id, ISOLATION, one.incident.number), ""))
        by_incident.setdefault(one.incident_id, []).append(said)
    return {
        "revisions": [_revision(one, hashes) for one in revisions],
        "incidents": [Happening(one, finding(one), by_incident.get(one.pk, [])) for one in incidents],
        "answers": [
            DecisionSigned(one, hashes.get((one.signature_id or "", one.subject.kind, one.subject.id), ""))
            for one in answers
        ],
    }


def _revision(row: Assessment, hashes: Hashes) -> Revision:
    determination = WORDS[Determination(row.determination)] if row.determination else ""
    signed = [
        Signed(one, one.lead, hashes.get((one.signature_id, KINDS[Lead(one.lead)], str(row.pk)), ""))
        for one in row.signatures.all()
    ]
    said = row.says
    return Revision(
        row=row,
        determination=determination,
        pathway=sentence(said.exploit_impact_pathway),
        harm=said.harm,
        privacy="" if said.privacy is None else said.privacy.statement,
        own_score=own_score(said.scoring),
        signed=signed,
    )
