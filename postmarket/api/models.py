"""What the API keeps of its own: how often each token uploads."""

from __future__ import annotations

from django.db import models

from postmarket.accounts.models import ApiToken


class Usage(models.Model):
    """
    How many uploads of a token came since `began`.

    In the database, not in a process's memory: several web machines share the limit.
    """

    token = models.OneToOneField(ApiToken, on_delete=models.CASCADE, related_name="+")
    began = models.DateTimeField()
    uploads = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.uploads} uploads of {self.token}"
