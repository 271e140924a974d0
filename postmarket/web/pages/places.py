"""Addresses of pages that other rooms bring."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse


def place(route: str, **kwargs: object) -> str:
    """The address of a route; "" where there is no such page."""
    try:
        return reverse(route, kwargs=kwargs or None)
    except NoReverseMatch:
        return ""
