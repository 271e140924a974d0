"""What people type about cases and reports; the services check it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from postmarket.cases.words import Exploitation
from postmarket.policy.interface import Priority, StartBasis
from postmarket.web.pages.cases.words import BASES, EMPLOYEES
from postmarket.web.pages.findings.words import PRIORITIES

if TYPE_CHECKING:
    from collections.abc import Iterable

Choices = list[tuple[str, str]]
TYPED = "%Y-%m-%dT%H:%M"
"""As the browser's own field for a day and time writes it, in the site's zone."""


class Moment(forms.DateTimeField):
    """A day and time at the site."""

    widget = forms.DateTimeInput(format=TYPED, attrs={"type": "datetime-local"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=[TYPED, f"{TYPED}:%S"], **kwargs)


def area(rows: int) -> forms.Textarea:
    """A text of several lines."""
    return forms.Textarea(attrs={"rows": rows})


class WhyForm(forms.Form):
    """Why somebody does this; it stands in the records."""

    why = forms.CharField(label="Why", max_length=500, help_text="Stands in the records.")


class StepForm(WhyForm):
    """A step forward says why only if somebody wants to."""

    def __init__(self, *args: Any, needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = needs_reason


class OpenForm(WhyForm):
    """A case, as it is opened."""

    title = forms.CharField(
        label="What can happen to a patient, in one sentence",
        max_length=300,
        widget=area(2),
        help_text="As a nurse would say it. It is the case's title, and can be changed.",
    )
    owner = forms.ChoiceField(label="Owner")
    restricted = forms.BooleanField(
        label="Restricted: only its members see that it exists", required=False, help_text="First you and the owner."
    )
    field_order = ("title", "owner", "restricted", "why")

    def __init__(self, *args: Any, owners: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = owners  # type: ignore[attr-defined]


class ExploitationForm(WhyForm):
    """Whether it is exploited on a device of ours."""

    exploitation = forms.ChoiceField(
        label="As far as we know",
        widget=forms.RadioSelect,
        choices=(
            (Exploitation.NONE.value, "No sign of it"),
            (Exploitation.SUSPECTED.value, "Suspected"),
            (Exploitation.ACTIVE.value, "Yes, actively"),
        ),
    )
    why = forms.CharField(label="How we know", max_length=500)
    field_order = ("exploitation", "why")


class EventForm(WhyForm):
    """Something that happened, from which clocks may run."""

    basis = forms.ChoiceField(label="What happened", choices=[(one.value, BASES[one]) for one in StartBasis])
    at = Moment(label="When it happened", help_text="Not when it is noted: clocks count from here.")
    person = forms.CharField(label="Who knew or did it", max_length=200)
    employee_class = forms.ChoiceField(
        label="What kind of employee",
        required=False,
        choices=[("", "Does not matter here"), *((one.value, words) for one, words in EMPLOYEES.items())],
        help_text="21 CFR 803 asks it of whoever became aware of harm, or of the need for remedial action.",
    )
    shown_by = forms.FileField(label="What shows it", required=False, help_text="Kept as evidence.")
    field_order = ("basis", "at", "person", "employee_class", "shown_by", "why")


class CorrectForm(EventForm):
    """It was otherwise."""

    basis = None  # type: ignore[assignment]


class StopForm(WhyForm):
    """What stops a clock has happened."""

    at = Moment(label="When it was done")
    ends_series = forms.BooleanField(label="It was the last of its series", required=False)
    shown_by = forms.FileField(label="What shows it", required=False, help_text="Kept as evidence.")
    why = forms.CharField(label="What was done", max_length=500)
    field_order = ("at", "why", "shown_by", "ends_series")


class CommentForm(forms.Form):
    """A comment."""

    comment = forms.CharField(label="Comment", widget=area(3), help_text="It stays as it was said.")


class TaskForm(forms.Form):
    """Something to do."""

    task = forms.CharField(label="What is to be done", max_length=300)
    assignee = forms.ChoiceField(label="By whom")
    due_on = forms.DateField(
        label="Until", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].choices = people  # type: ignore[attr-defined]


class AttachForm(forms.Form):
    """A file of the case."""

    file = forms.FileField(label="File", help_text="Kept as evidence, by its hash.")


class PersonForm(WhyForm):
    """Somebody: an owner, or a member."""

    person = forms.ChoiceField(label="Who")
    field_order = ("person", "why")

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = people  # type: ignore[attr-defined]


class TitleForm(WhyForm):
    """The patient risk in another sentence."""

    title = forms.CharField(label="What can happen to a patient, in one sentence", max_length=300, widget=area(2))
    field_order = ("title", "why")


class PriorityForm(forms.Form):
    """Another place in the order of work."""

    priority = forms.ChoiceField(label="Priority", choices=[(str(one.value), PRIORITIES[one][0]) for one in Priority])
    rationale = forms.CharField(label="Rationale", widget=area(3), help_text="Stands with it, and in the records.")


class VersionForm(WhyForm):
    """A shipped version the case is about too."""

    version = forms.ChoiceField(label="Shipped version")
    field_order = ("version", "why")

    def __init__(self, *args: Any, versions: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].choices = versions  # type: ignore[attr-defined]


def named(people: Iterable[Any]) -> Choices:
    """People as choices, by name."""
    return [(str(one.pk), one.name) for one in people]
