"""The whole address of a one-time link, for the command line and for mail."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from postmarket.accounts.services.first_run import open_first_run


def invitation_link(site: str, secret: str) -> str:
    """Where an invited person sets their password; `site` is like `https://postmarket.example.com`."""
    return site.rstrip("/") + reverse("invitation", args=[secret])


def first_run_link(site: str, *, now: datetime) -> str | None:
    """
    A new link (one hour, once) that makes the first administrator; None when there is anybody already.

    For whoever starts the site, on its terminal; an older such link is void from now on.
    """
    secret = open_first_run(now=now)
    return None if secret is None else site.rstrip("/") + reverse("first-run", args=[secret])
