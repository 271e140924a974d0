"""
What findings are projected from: a Finding has a row of its own only once it carries state (docs/adr/0080).

Ids of identities and alias groups (`lead`) are those of the vulnerability store, whose tables are no models.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.inventory.models import ComponentIdentity, DeviceVersion


class Match(models.Model):
    """
    An identity and a vulnerability, matched as if the identity were all there is on a device.

    `grade` is a matching Grade; `evidence` all of it, surest first (`rules.evidence`). `first_matched` is when the
    system first knew, and stays when the evidence changes or the alias group is merged.
    """

    identity = models.BigIntegerField()
    lead = models.BigIntegerField()
    grade = models.PositiveSmallIntegerField()
    evidence = models.BinaryField()
    first_matched = models.DateTimeField(db_index=True)

    class Meta:
        """Once per pair; found from either side."""

        ordering: ClassVar = ["lead", "identity"]
        verbose_name_plural = "matches"
        constraints: ClassVar = [models.UniqueConstraint(fields=["lead", "identity"], name="monitoring_match_once")]
        indexes: ClassVar = [models.Index(fields=["identity", "lead"], name="monitoring_match_by_identity")]

    def __str__(self) -> str:
        return f"identity {self.identity}, vulnerability {self.lead}"


class Judgement(models.Model):
    """
    Where a whole device version says something else of a match than the identity alone.

    Its other components fulfil a condition, its profile contradicts a platform, its SBOM says it is patched.
    """

    version = models.ForeignKey(DeviceVersion, on_delete=models.CASCADE, related_name="+")
    identity = models.ForeignKey(ComponentIdentity, on_delete=models.CASCADE, related_name="+")
    lead = models.BigIntegerField(db_index=True)
    grade = models.PositiveSmallIntegerField()
    evidence = models.BinaryField()

    class Meta:
        """Once per version, identity and vulnerability."""

        ordering: ClassVar = ["version_id", "identity_id", "lead"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "identity", "lead"], name="monitoring_judgement_once")
        ]

    def __str__(self) -> str:
        return f"{self.identity} in {self.version}, vulnerability {self.lead}"


class Standing(models.Model):
    """
    The place in the order of work (`policy.priority.rank`) of a vulnerability in one role on one type of device.

    Only combinations in use have a row. `certainty` is 1 for what is only possible. `order_key` sorts rows of equal
    priority as bytes; `device_type` is as the device says it, in the firm's own words where it has some.
    """

    lead = models.BigIntegerField()
    device_type = models.CharField(max_length=200)
    role = models.CharField(max_length=20)
    certainty = models.PositiveSmallIntegerField()
    priority = models.PositiveSmallIntegerField()
    order_key = models.BinaryField(max_length=64)
    rule = models.CharField(max_length=100)
    reason = models.TextField()

    class Meta:
        """Once per combination; read in the order of work."""

        ordering: ClassVar = ["priority", "order_key", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["lead", "device_type", "role", "certainty"], name="monitoring_standing_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["priority", "order_key"], name="monitoring_standing_order")]

    def __str__(self) -> str:
        return f"priority {self.priority}: vulnerability {self.lead}, {self.role} on {self.device_type}"


class VersionState(models.Model):
    """
    How far the projection is with one device version, and what can be said of its components.

    `due` while its listing, its profile or what hits it changed and it was not judged anew since. The four counts and
    `causes` (why components are not monitored, in words, with how many) are of `matching.coverage`; `detail` has the
    state of each component (`rules.coverage`).
    """

    version = models.OneToOneField(DeviceVersion, on_delete=models.CASCADE, primary_key=True, related_name="monitored")
    due = models.BooleanField(default=True, db_index=True)
    vex_due = models.BooleanField(default=False, db_index=True)
    """Judged, and not yet held against suppliers' VEX since."""
    judged_at = models.DateTimeField(null=True)
    matched = models.PositiveIntegerField(default=0)
    matched_none = models.PositiveIntegerField(default=0)
    unmatched = models.PositiveIntegerField(default=0)
    not_monitorable = models.PositiveIntegerField(default=0)
    causes = models.JSONField(default=dict)
    detail = models.BinaryField(default=b"")

    class Meta:
        """By version."""

        ordering: ClassVar = ["version_id"]

    def __str__(self) -> str:
        return f"{self.version}: {'due' if self.due else 'judged'}"


class DueVulnerability(models.Model):
    """An alias group to be matched anew although no source changed it: a criterion was retired, or taken back."""

    lead = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return f"vulnerability {self.lead}"


class ProjectionState(models.Model):
    """How far the projection is with the store: generation and identity up to which it is made, and by which policy."""

    generation = models.BigIntegerField(default=0)
    identity = models.BigIntegerField(default=0)
    policy = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"generation {self.generation}"
