"""Isolation as it is put before the clinical safety lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.accounts.signing.interface import Shown
from postmarket.assessment.errors import NotFound, SamePerson
from postmarket.assessment.models import Incident, IsolationApproval
from postmarket.assessment.queries.sheets import isolation_content
from postmarket.assessment.snapshots import approval_snapshot
from postmarket.cases.models import Case
from postmarket.cases.queries.visible import cases
from postmarket.records import Act, Subject
from postmarket.records.meanings import Meaning
from postmarket.records.models import Signature

KIND = "incident-isolation"


class IsolationApprovals:
    """A plan to isolate devices at one site, with the workaround; approved, it may be carried out."""

    kind = KIND
    permission = Permission.ISOLATION_APPROVE

    def shown(self, ids: Sequence[str]) -> Mapping[str, Shown]:
        """The plans among `ids` that are neither approved nor carried out."""
        return {
            row.number: Shown(
                Subject(KIND, row.number),
                f"{row.site}, {row.version}: {row.isolation}. Meanwhile: {row.workaround}",
                isolation_content(row),
                row.version.device.line,
            )
            for row in _waiting(ids)
        }

    def signed(
        self, shown: Sequence[Shown], *, meaning: Meaning, signature: Signature, by: Person, doing: Act, now: datetime
    ) -> None:
        """Keep the approvals. Raises SamePerson for who planned it, NotFound for who may not see the case."""
        for row in _waiting([one.subject.id for one in shown]):
            if not cases(by).filter(pk=row.case_id).exists():
                raise NotFound("There is no such incident", next_step="Look at the case again.")
            check_other_person(row, by)
            made = IsolationApproval.objects.create(incident=row, person=by, signature=signature, approved_at=now)
            doing.note("isolation.approved", subject=made, before=None, after=approval_snapshot(made))


def check_other_person(row: Incident, by: Person) -> None:
    """Raise SamePerson when they planned it themselves."""
    if row.planned_by_id == by.pk:
        raise SamePerson(
            f"{by.name} has planned this isolation",
            where=row.number,
            why="who plans an isolation does not approve it",
            next_step="Ask another clinical safety lead to approve it.",
        )


def _waiting(numbers: Sequence[str]) -> list[Incident]:
    wanted = Incident.objects.filter(
        number__in=numbers, isolated_at=None, restored_at=None, ruled_out_at=None, planned_at__isnull=False
    )
    list(Case.objects.select_for_update().filter(pk__in=wanted.values("case")).order_by("pk"))
    approved = IsolationApproval.objects.filter(voided_at=None)
    rows = wanted.exclude(pk__in=approved.values("incident")).select_for_update(of=("self",))
    return list(rows.select_related("case", "site", "version__device__line", "planned_by").order_by("pk"))
