"""A form that is saved after somebody else has saved: what is kept now beside what was typed, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic

from django import forms
from django.http import HttpRequest, QueryDict

from postmarket.inventory.errors import ChangedMeanwhile
from postmarket.records.interface import HasSubject
from postmarket.records.queries import entries_about
from postmarket.web.asking import say
from postmarket.web.pages.devices.common import Made, attempt

OF_THE_SAVE = frozenset({"why", "seen"})
"""Said of this save, not of the device."""


@dataclass(frozen=True, slots=True)
class Differing:
    """A field that is kept otherwise than it was typed, both as the form shows them."""

    label: str
    kept: str
    typed: str


@dataclass(frozen=True, slots=True)
class Saving(Generic[Made]):
    """What came of saving a form: what was `made`, or what its page must show."""

    made: Made | None
    conflict: bool = False
    differing: Sequence[Differing] = ()
    last: tuple[str, datetime] | None = None

    def context(self, form: forms.Form, **more: object) -> dict[str, object]:
        """What the form's page takes."""
        return {"form": form, "conflict": self.conflict, "differing": self.differing, "last": self.last, **more}

    def status(self, form: forms.Form) -> int:
        """409 where somebody else came first, 400 where the form is wrong, else 200."""
        return 409 if self.conflict else 400 if form.errors else 200


def save_over(
    request: HttpRequest,
    form: forms.Form,
    write: Callable[[dict[str, Any]], Made],
    *,
    about: HasSubject,
    kept: Mapping[str, object],
    seen: str,
) -> Saving[Made]:
    """
    Save a form over what is `kept` of something; where that changed since the form was opened, both stand side by side.

    `seen` is the word for how it stands now: saved again, the form counts.
    """
    try:
        return Saving(attempt(form, write))
    except ChangedMeanwhile as error:
        differing = differences(form, kept)
        show_seen(form, request.POST, seen)
        say(form, error)
        return Saving(None, conflict=True, differing=differing, last=last_change(about))


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


def last_change(about: HasSubject) -> tuple[str, datetime] | None:
    """Who changed it last, and when."""
    entry = entries_about(about).order_by("-number").first()
    return None if entry is None or entry.said is None else (entry.said.actor.name, entry.at)


def _shown(value: object, field: forms.Field) -> str:
    text = "" if value is None else str(value)
    choices = field.widget.choices if isinstance(field.widget, forms.Select) else ()
    words = {str(key): str(word) for key, word in choices}
    return words.get(text, "\n".join(line.strip() for line in text.strip().splitlines()))
