"""What people type about incidents, on a phone at night: little, with what is known filled in."""

from __future__ import annotations

from typing import Any

from django import forms

from postmarket.assessment.words import ExploitationHere, IsolatedBy
from postmarket.web.pages.cases.forms import Choices, Moment, WhyForm, area

HERE = (
    (ExploitationHere.ACTIVE.value, "Yes: somebody does things with devices there"),
    (ExploitationHere.SUSPECTED.value, "Suspected: it may be so"),
)
BY = {
    IsolatedBy.OUR_DECISION: "We decided it, as approved",
    IsolatedBy.SITE: "The hospital did it by itself",
}


class Units(forms.CharField):
    """UDIs, one a line."""

    widget = area(3)

    def to_python(self, value: Any) -> Any:
        """The lines that say something."""
        return [line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()]

    def validate(self, value: Any) -> None:
        """Nothing is asked of it here: the service looks at each."""


UDIS = "As on the label, one a line; a scanner types them too. They can follow later."


class OpenForm(forms.Form):
    """Exploitation at one site."""

    site = forms.CharField(
        label="Which hospital", max_length=200, widget=forms.TextInput(attrs={"list": "sites", "autocomplete": "off"})
    )
    version = forms.ChoiceField(label="Which devices")
    exploitation = forms.ChoiceField(label="Is it exploited there?", choices=HERE, widget=forms.RadioSelect)
    description = forms.CharField(
        label="What happens there", widget=area(3), help_text="What people see at the devices, in their words."
    )
    time_it_became_known = Moment(
        label="Known since", help_text="When anybody in the firm first knew, not when it is entered."
    )
    units = Units(label="UDI of each unit", required=False, help_text=UDIS)

    def __init__(self, *args: Any, versions: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].choices = versions  # type: ignore[attr-defined]
        if len(versions) == 1:
            self.fields["version"].initial = versions[0][0]


class DescribeForm(WhyForm):
    """What is known of it now; `seen` is what was known when the form was opened."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    exploitation = forms.ChoiceField(label="Is it exploited there?", choices=HERE, widget=forms.RadioSelect)
    description = forms.CharField(label="What happens there", widget=area(3))
    units = Units(label="UDI of each unit", required=False, help_text=UDIS)
    why = forms.CharField(label="How you know", max_length=500, help_text="Stands in the records.")
    field_order = ("exploitation", "description", "units", "why")


class PlanForm(forms.Form):
    """What is to be done to the devices, and how patients are cared for meanwhile."""

    clinical_workaround = forms.CharField(
        label="How are patients cared for meanwhile?",
        widget=area(3),
        help_text="The clinical workaround: who stands where, which device stands in.",
    )
    isolation_step = forms.CharField(
        label="What is done to the devices",
        widget=area(2),
        help_text="The article’s step for this device type; write your own where another is safer.",
    )
    residual_risk = forms.CharField(
        label="What risk is left", widget=area(2), required=False, help_text="With the devices isolated so."
    )


class ApproveForm(forms.Form):
    """What the clinical safety lead looked at."""

    why = forms.CharField(label="What you looked at", max_length=500, required=False)


class IsolateForm(WhyForm):
    """The devices were isolated; without an approval only what the site did by itself can be said."""

    isolated_by = forms.ChoiceField(label="Whose decision was it?", widget=forms.RadioSelect)
    time_of_isolation = Moment(label="Since when")
    why = forms.CharField(label="How, and who told us", max_length=500, help_text="Stands in the records.")
    field_order = ("isolated_by", "time_of_isolation", "why")

    def __init__(self, *args: Any, approved: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = BY if approved else {IsolatedBy.SITE: BY[IsolatedBy.SITE]}
        self.fields["isolated_by"].choices = [(one.value, words) for one, words in offered.items()]  # type: ignore[attr-defined]
        self.fields["isolated_by"].initial = next(iter(offered)).value


class RestoreForm(forms.Form):
    """The devices are back in normal use."""

    time_of_restoration = Moment(label="Since when")
    way_of_restoring = forms.CharField(
        label="How they were made safe again", widget=area(2), help_text="Patched, rebuilt, checked: and by whom."
    )
