"""A form that is saved after somebody else has saved: what is kept now beside what was typed, and nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.http import QueryDict

from postmarket.inventory.models import Device
from postmarket.records.queries import entries_about

OF_THE_SAVE = frozenset({"why", "seen"})
"""Said of this save, not of the device."""


@dataclass(frozen=True, slots=True)
class Differing:
    """A field that is kept otherwise than it was typed, both as the form shows them."""

    label: str
    kept: str
    typed: str


def differences(form: forms.Form, kept: Mapping[str, object]) -> list[Differing]:
    """The fields in which what was typed is not what is kept, in the form's order."""
    found = []
    for name, field in form.fields.items():
        if name in OF_THE_SAVE:
            continue
        typed, held = _shown(form[name].value(), field), _shown(kept.get(name), field)
        if typed != held:
            found.append(Differing(str(field.label), held, typed))
    return found


def show_seen(form: forms.Form, typed: QueryDict, seen: str) -> None:
    """Let the form stand as it was `typed`, for whoever has now seen what is kept: saved again, it counts."""
    again = typed.copy()
    again["seen"] = seen
    form.data = again


def last_change(device: Device) -> tuple[str, datetime] | None:
    """Who changed the device last, and when."""
    entry = entries_about(device).order_by("-number").first()
    return None if entry is None or entry.said is None else (entry.said.actor.name, entry.at)


def _shown(value: object, field: forms.Field) -> str:
    text = "" if value is None else str(value)
    choices = field.widget.choices if isinstance(field.widget, forms.Select) else ()
    words = {str(key): str(word) for key, word in choices}
    return words.get(text, "\n".join(line.strip() for line in text.strip().splitlines()))
