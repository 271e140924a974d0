"""What is entered of a report, and done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from postmarket.intake.words import ReporterKind
from postmarket.web.pages.cases.forms import Moment, WhyForm, area
from postmarket.web.pages.reports.words import REPORTERS

if TYPE_CHECKING:
    from postmarket.web.pages.cases.forms import Choices

HARM = (("unknown", "Nobody has asked yet"), ("yes", "Yes"), ("no", "No"))


class ReportForm(forms.Form):
    """What somebody told the firm."""

    title = forms.CharField(label="In one sentence", max_length=200, help_text="What was reported.")
    report = forms.CharField(
        label="What they wrote or said",
        widget=area(7),
        help_text="Kept as private data: it may name patients, and can be redacted by two people.",
    )
    known_since = Moment(
        label="Known since",
        help_text="When anybody in the firm first knew of it, not when it is entered. Clocks count from here.",
    )
    kind = forms.ChoiceField(label="Who reports", choices=[(one.value, REPORTERS[one]) for one in ReporterKind])
    organisation = forms.CharField(label="Organisation", required=False, max_length=200)
    reporter = forms.CharField(label="Name", required=False, max_length=200, help_text="Private data.")
    way_to_answer = forms.CharField(
        label="How to answer them", required=False, max_length=200, help_text="Mail or phone. Private data."
    )
    vulnerability = forms.CharField(
        label="CVE or other id", required=False, max_length=200, help_text="If they name one."
    )
    devices = forms.MultipleChoiceField(
        label="Which devices", required=False, widget=forms.CheckboxSelectMultiple, help_text="All they may concern."
    )
    harm = forms.ChoiceField(
        label="Does it tell of an injury, a death or a device that failed?", choices=HARM, initial="unknown"
    )
    file = forms.FileField(label="A file that came with it", required=False)

    def __init__(self, *args: Any, devices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["devices"].choices = devices  # type: ignore[attr-defined]


class AcknowledgeForm(WhyForm):
    """When and how the reporter was told."""

    acknowledged_at = Moment(label="The answer went out")
    why = forms.CharField(label="How", max_length=500, help_text="By mail, by phone, and by whom.")
    field_order = ("acknowledged_at", "why")


class HarmForm(WhyForm):
    """Whether anybody was harmed."""

    harm = forms.ChoiceField(
        label="Does it tell of an injury, a death or a device that failed?",
        choices=(("yes", "Yes"), ("no", "No")),
        widget=forms.RadioSelect,
    )
    why = forms.CharField(label="How you know", max_length=500)
    field_order = ("harm", "why")
