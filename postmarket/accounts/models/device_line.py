"""A device line: the part of the portfolio an authority may be limited to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.records.interface import Subject


class DeviceLine(models.Model):
    """Devices one group of people answers for, such as infusion pumps; a grant may be limited to one line."""

    key = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=120)

    class Meta:
        """Lists read by name."""

        ordering: ClassVar[list[str]] = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> Subject:
        """How the trail names it."""
        return Subject(kind="device-line", id=self.key)
