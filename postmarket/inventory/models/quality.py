"""How good an SBOM was when it was read, by each quality profile."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.inventory.models.sbom import Sbom


class SbomQuality(models.Model):
    """
    What one profile (`sbom.profiles`) found in one SBOM, kept: a later profile does not change it.

    `score` is 0 to 100, the mean of the error-level rules. `rules` has, per rule id, how many checks were met and how
    many not: `{"seed.supplier": [12, 3]}`.
    """

    sbom = models.ForeignKey(Sbom, on_delete=models.CASCADE, related_name="qualities")
    profile = models.CharField(max_length=40)
    score = models.FloatField()
    errors = models.PositiveIntegerField()
    warnings = models.PositiveIntegerField()
    unpinned = models.PositiveIntegerField()
    rules = models.JSONField(default=dict)

    class Meta:
        """Once per SBOM and profile."""

        ordering: ClassVar = ["sbom_id", "profile"]
        verbose_name_plural = "SBOM qualities"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sbom", "profile"], name="inventory_quality_once_per_profile")
        ]

    def __str__(self) -> str:
        return f"{self.profile} of {self.sbom}"
