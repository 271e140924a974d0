"""A role given to a person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.accounts.models.device_line import DeviceLine
from postmarket.accounts.models.person import Person
from postmarket.accounts.roles import Role
from postmarket.records.interface import Subject


class RoleGrant(models.Model):
    """
    One role, for one device line or (`line` empty) for all, with who granted it and why.

    A revoked grant stays as history; what holds now has no `revoked_at`. `granted_by` is empty only for the first
    administrator, whom the first run makes.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=32, choices=[(role.value, role.label) for role in Role])
    line = models.ForeignKey(DeviceLine, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    granted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    why = models.TextField()
    revoked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """One living grant of a role per person and line; null lines are told apart by a constraint of their own."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "role", "line"],
                condition=models.Q(revoked_at=None, line__isnull=False),
                name="accounts_grant_once_per_line",
            ),
            models.UniqueConstraint(
                fields=["person", "role"],
                condition=models.Q(revoked_at=None, line__isnull=True),
                name="accounts_grant_once_for_all_lines",
            ),
        ]

    def __str__(self) -> str:
        return f"{Role(self.role).label} ({self.line or 'all device lines'})"

    @property
    def subject(self) -> Subject:
        """How the trail names it."""
        return Subject(kind="role-grant", id=str(self.pk))
