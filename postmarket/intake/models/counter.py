"""Numbers people call things by, given without gaps."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Counter(models.Model):
    """The last number given in a year of a series (`PSIRT`); the year is the site's."""

    series = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        """One row for each series and year."""

        ordering: ClassVar = ["series", "year"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["series", "year"], name="intake_counter_once")]

    def __str__(self) -> str:
        return f"{self.series}-{self.year}-{self.last:04d}"
