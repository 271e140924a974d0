"""The case: one per vulnerability or report, over all devices hit."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from postmarket.accounts.models import Person
from postmarket.cases.words import CaseState, Exploitation, LinkKind
from postmarket.intake.models import Report
from postmarket.inventory.models import DeviceVersion
from postmarket.records.interface import Subject


class Case(models.Model):
    """
    A case (DESIGN §4).

    `vulnerability` is the name its alias group had when it was opened, empty for a report without one; `lead` the
    group it is in now. `title` is the patient risk in one sentence. A restricted case is seen by its members only.
    `exploitation` counts once somebody has said it: until then it is unknown, which is not none. `priority` is the most
    pressing rank of its findings (1 first), None where there are none to rank; a PriorityOverride goes before it.
    A `part` was split from another case, and stands beside it for the same vulnerability. `counted_at` is when its
    clocks were last held against the start events and the policy.
    """

    number = models.CharField(max_length=20, unique=True)
    """PSIRT-YYYY-NNNN."""
    title = models.CharField(max_length=300)
    vulnerability = models.TextField(blank=True)
    lead = models.BigIntegerField(null=True, db_index=True)
    state = models.CharField(max_length=20, default=CaseState.RECEIVED.value)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cases_owned")
    exploitation = models.CharField(max_length=20, default=Exploitation.NONE.value)
    exploitation_said_at = models.DateTimeField(null=True)
    restricted = models.BooleanField(default=False)
    embargo_until = models.DateTimeField(null=True)
    part = models.BooleanField(default=False)
    priority = models.PositiveSmallIntegerField(null=True)
    priority_reason = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    state_since = models.DateTimeField()
    counted_at = models.DateTimeField(null=True)
    counted_under = models.CharField(max_length=200, blank=True)
    """How this site counted then (`counting.stamp`): with another policy or zone its clocks are counted anew."""
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    """An Outcome once it is closed or merged."""
    reopened_because = models.TextField(blank=True)

    class Meta:
        """Newest first; one open case per vulnerability."""

        ordering: ClassVar = ["-opened_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["lead"],
                condition=Q(lead__isnull=False)
                & ~Q(state__in=[CaseState.CLOSED.value, CaseState.MERGED.value])
                & Q(restricted=False, part=False),
                name="cases_one_open_per_vulnerability",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["state", "-opened_at"], name="cases_case_by_state")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("case", self.number)

    @property
    def is_open(self) -> bool:
        """Whether there is anything left to do in it."""
        return self.state not in (CaseState.CLOSED.value, CaseState.MERGED.value)

    @property
    def known_exploitation(self) -> Exploitation | None:
        """What somebody said of exploitation; None: nobody did."""
        return None if self.exploitation_said_at is None else Exploitation(self.exploitation)


class CaseVersion(models.Model):
    """
    A device version the case is about; shipped ones only.

    `why` says how it came in ("matched", "possible match", "named in the report"), or why it was left out.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="versions")
    version = models.ForeignKey(DeviceVersion, on_delete=models.PROTECT, related_name="cases")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    why = models.TextField(blank=True)

    class Meta:
        """Each version once per case."""

        ordering: ClassVar = ["version__device__name", "version_id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "version"], name="cases_version_once")]

    def __str__(self) -> str:
        return f"{self.version} in {self.case.number}"


class CaseReport(models.Model):
    """A report the case answers; a report is in one case at most."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reports")
    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="in_case")
    added_at = models.DateTimeField()

    class Meta:
        """In the order they came in."""

        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.report.number} in {self.case.number}"


class Member(models.Model):
    """Somebody who may see a restricted case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="member_of")
    added_at = models.DateTimeField()

    class Meta:
        """Once each."""

        ordering: ClassVar = ["person__name", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "person"], name="cases_member_once")]

    def __str__(self) -> str:
        return f"{self.person} in {self.case.number}"


class Watcher(models.Model):
    """Somebody who wants to be told."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="watchers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="watching")

    class Meta:
        """Once each."""

        ordering: ClassVar = ["person__name", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "person"], name="cases_watcher_once")]

    def __str__(self) -> str:
        return f"{self.person} watches {self.case.number}"


class Link(models.Model):
    """How a case belongs to another."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="linked_from")
    kind = models.CharField(max_length=20, default=LinkKind.RELATED.value)
    why = models.TextField()
    added_at = models.DateTimeField()

    class Meta:
        """Once of each kind."""

        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "other", "kind"], name="cases_link_once")]

    def __str__(self) -> str:
        return f"{self.case.number} {self.kind} {self.other.number}"
