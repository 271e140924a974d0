"""A restricted case with everything that can be in one, and what a page would say if it spoke of it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

from django.db.models import Model
from django.http import HttpResponseBase
from django.urls import URLPattern, URLResolver

from postmarket.accounts.models import Ceremony, Person
from postmarket.accounts.roles import Role
from postmarket.assessment.services.incidents import open_incident, plan_isolation
from postmarket.assessment.words import ExploitationHere, Lead
from postmarket.cases.models import Case
from postmarket.cases.services.events import note_start_event
from postmarket.cases.services.opening import open_case_for_report
from postmarket.cases.services.people import add_member, watch
from postmarket.cases.services.splitting import link_cases
from postmarket.cases.services.stopping import stop_clock
from postmarket.cases.services.triage import override_priority, retitle, say_exploitation, set_embargo
from postmarket.cases.services.work import add_task, attach, comment
from postmarket.cases.words import Exploitation
from postmarket.intake.models import Report
from postmarket.intake.rules.fields import Reporter
from postmarket.intake.services.reports import File
from postmarket.inventory.models import Customer
from postmarket.policy.interface import Priority, StartBasis
from postmarket.records.models import Entry
from postmarket.tasks.models import Task as Queued
from tests.accounts.builders import person, with_generator
from tests.assessment.given import Signer, written
from tests.intake.given import entered
from tests.monitoring.builders import NOW
from tests.web.pages.conftest import Firm

MARK = "Quillfeather"
"""Stands in every text of the case, and nowhere else."""
SOUGHT = "feather"
"""Finds it, for who may see it; a page that repeats what was looked for does not say the mark by that."""
TITLE = f"{MARK} lets anybody silence the alarm of the Ventorsa 5."
WHY = f"{MARK}: embargo of the finder."
CVE = "CVE-2025-0001"
SILENT = "CVE-2025-0003"
"""It hits nothing of the firm: only a restricted case is about it."""


@dataclass(frozen=True)
class People:
    """Who works in the restricted case; they are there before it is."""

    mara: Person
    technical: Signer
    clinical: Signer
    site: Customer

    @classmethod
    def come(cls) -> People:
        """The manager, two leads, a hospital."""
        mara = person("Mara Lindqvist", Role.PSIRT_MANAGER)
        with_generator(mara)
        site = Customer.objects.create(name="St. Brigid", country="IE", created_at=NOW)
        return cls(mara, Signer(Lead.TECHNICAL), Signer(Lead.CLINICAL), site)


@dataclass(frozen=True)
class Hidden:
    """The case, another about a vulnerability that hits nothing, and the report of each."""

    case: Case
    other: Case
    reports: Sequence[Report]

    @property
    def words(self) -> list[bytes]:
        """What nobody else may read anywhere."""
        numbers = [self.case.number, self.other.number, *(report.number for report in self.reports)]
        return [word.lower().encode() for word in (MARK, *numbers)]

    def said_in(self, content: bytes) -> list[str]:
        """Which of the words are in there."""
        lower = content.lower()
        return [word.decode() for word in self.words if word in lower]

    @property
    def rows(self) -> list[Model]:
        """What an address may name of it."""
        case = self.case
        return [
            case,
            *case.versions.all(),
            *(row.version for row in case.versions.select_related("version")),
            *case.start_events.all(),
            *case.clocks.all(),
            *case.tasks.all(),
            *case.attachments.all(),
            *case.comments.all(),
            *case.links.all(),
            *case.assessments.all(),
            *case.incidents.all(),
            *self.reports,
        ]

    def aims(self) -> dict[str, list[object]]:
        """By the name of a part of an address, what of the case it could name. A part not here names nothing of one."""
        entries = Entry.objects.filter(subject_kind="case", subject_id=self.case.number).order_by("number")
        numbers: list[object] = [self.case.number, *(report.number for report in self.reports)]
        return {
            "number": [
                *numbers,
                *self.case.incidents.values_list("number", flat=True),
                *entries.values_list("number", flat=True)[:2],
                *Queued.objects.order_by("-pk").values_list("pk", flat=True)[:3],
            ],
            "pk": [*sorted({row.pk for row in self.rows if isinstance(row.pk, int)})],
            "to": ["acknowledged", "received"],
            "lead": list(Lead),
            "control": [1],
            "sha256": list(self.case.attachments.values_list("evidence", flat=True)),
            "kind": list(Entry.objects.order_by().values_list("subject_kind", flat=True).distinct()),
            "id": [*numbers, *sorted({str(row.pk) for row in self.rows}), *map(str, self._evidence())],
            "name": [CVE, SILENT],
            "key": list(Ceremony.objects.values_list("key", flat=True)),
            "record": [CVE, SILENT],
            "source": ["nvd"],
        }

    def _evidence(self) -> list[object]:
        report = self.reports[0]
        return [*self.case.attachments.values_list("evidence", flat=True), report.body_id, report.reporter_id]


AIMED = frozenset({"number", "pk", "to", "lead", "control", "sha256", "kind", "id", "name", "key", "record", "source"})
"""Parts of addresses of which `Hidden.aims` says what of a case they could name."""
OF_NO_CASE = frozenset({"status", "secret", "provider_id", "grant", "fingerprint"})
"""Parts of addresses that can name nothing of a case."""


def hide(firm: Firm, people: People) -> Hidden:
    """Do everything there is to do in a restricted case."""
    by = people.mara
    report = entered(
        firm.ventilator,
        by=by,
        title=TITLE,
        text=f"{MARK} is how we call it.",
        organisation=f"{MARK} Labs",
        reporter=Reporter(f"Rob {MARK}", f"rob@{MARK.lower()}.example"),
        vulnerability=CVE,
    )
    case = open_case_for_report(by=by, report=report, title=TITLE, restricted=True, why=WHY, now=NOW)
    for one in (people.technical.person, people.clinical.person):
        add_member(by=by, case=case, person=one, why=WHY, now=NOW)
        watch(by=one, case=case)
    case = say_exploitation(by=by, case=case, exploitation=Exploitation.NONE, why=WHY, now=NOW)
    case = set_embargo(by=by, case=case, until=NOW + timedelta(days=40), why=WHY, now=NOW)
    case = retitle(by=by, case=case, title=TITLE, why=WHY, now=NOW)
    override_priority(by=by, case=case, priority=Priority.NOW, rationale=WHY, now=NOW)
    comment(by=by, case=case, text=f"Not a word of {MARK}.", now=NOW)
    attach(by=by, case=case, file=File(f"{MARK}.py", f"import {MARK}".encode()), now=NOW)
    add_task(by=by, case=case, what=f"Call {MARK}", assignee=by, due_on=NOW.date(), now=NOW)
    minutes = File(f"{MARK}.pdf", f"%PDF {MARK}".encode())
    note_start_event(
        by=by,
        case=case,
        basis=StartBasis.CORRECTION_DECISION,
        at=NOW - timedelta(days=60),
        person=MARK,
        shown_by=minutes,
        why=WHY,
        now=NOW,
    )
    clock = case.clocks.get(clock="FDA-806", state="running")
    stop_clock(by=by, clock=clock, at=NOW, shown_by=File(f"{MARK}.txt", MARK.encode()), why=WHY, now=NOW)
    assessment = written(case, firm.v1, by=by)
    for signer, lead in ((people.technical, Lead.TECHNICAL), (people.clinical, Lead.CLINICAL)):
        signer.sign(lead, assessment)
    incident = open_incident(
        by=by,
        case=case,
        site=people.site,
        version=firm.v1,
        exploitation=ExploitationHere.SUSPECTED,
        what=f"{MARK} was seen.",
        units=("(01)00614141007349(21)A17",),
        known_at=NOW,
        now=NOW,
    )
    plan_isolation(
        by=by, incident=incident, step="", workaround=f"Without {MARK}.", residual_risk=f"{MARK} again.", now=NOW
    )
    second = entered(firm.ventilator, by=by, title=TITLE, text=MARK, organisation=MARK, vulnerability=SILENT)
    other = open_case_for_report(by=by, report=second, title=TITLE, restricted=True, why=WHY, now=NOW)
    link_cases(by=by, case=other, other=case, why=WHY, now=NOW)
    link_cases(by=by, case=Case.objects.get(restricted=False), other=case, why=WHY, now=NOW)
    case.refresh_from_db()
    return Hidden(case, other, (report, second))


@dataclass(frozen=True)
class Address:
    """A route with what its address needs: the name of each part, and how it is read (None: a plain expression)."""

    name: str
    parts: dict[str, object]


def addresses(resolver: URLResolver, before: str = "", parts: dict[str, object] | None = None) -> Iterator[Address]:
    """Every address of the site, with its namespaces."""
    for pattern in resolver.url_patterns:
        converters = getattr(pattern.pattern, "converters", None) or dict.fromkeys(
            getattr(getattr(pattern.pattern, "regex", None), "groupindex", ())
        )
        there = {**(parts or {}), **converters}
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield Address(before + pattern.name, there)
        else:
            yield from addresses(pattern, before + (f"{pattern.namespace}:" if pattern.namespace else ""), there)


def content_of(answer: HttpResponseBase) -> bytes:
    """Everything an answer tells: its head, its body, and what is packed in a workbook."""
    head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items()).encode()
    body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if body.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in book.namelist())
    return head + b"\n" + body
