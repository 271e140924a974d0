"""What people type about devices, versions, units, suppliers and proposals; the services check it."""

from __future__ import annotations

from typing import Any

from django import forms

from postmarket.inventory.words import DeviceClass, Feature, SubmissionType
from postmarket.inventory.words import SupportStage as Stage
from postmarket.policy.interface import Criticality
from postmarket.web.pages.devices.words import STAGES

A_LINE_EACH = "One a line."


class Day(forms.DateField):
    """A calendar day, with the browser's calendar."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def area(rows: int) -> forms.Textarea:
    """A text of several lines."""
    return forms.Textarea(attrs={"rows": rows})


def line_field() -> forms.ChoiceField:
    """The device line; its choices are those of who asks."""
    return forms.ChoiceField(label="Device line", required=False, help_text="Whose people answer for it and see it.")


class WhyForm(forms.Form):
    """Why somebody does this; it stands in the records."""

    why = forms.CharField(
        label="Why", max_length=500, help_text="Stands in the records beside what was before and after."
    )


class OverForm(WhyForm):
    """All that is said of something, saved over what is kept; `seen` is how it was when the form was opened."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class DeviceForm(OverForm):
    """All that is said of a device."""

    name = forms.CharField(label="Name", max_length=200, help_text="As people call it.")
    line = line_field()
    criticality = forms.CharField(
        label="Device type",
        required=False,
        help_text="One of the article's four, or a type of your policy. Unknown ranks as life-supporting.",
        widget=forms.TextInput(attrs={"list": "device-types"}),
    )
    intended_use = forms.CharField(label="Intended use", required=False, widget=area(2))
    essential_performance = forms.CharField(
        label="Essential performance",
        required=False,
        widget=area(2),
        help_text="What it must keep doing so that nobody is harmed, in words a clinician would use.",
    )
    udi_dis = forms.CharField(
        label="UDI-DIs",
        required=False,
        widget=area(2),
        help_text="Copied from the label, one a line. Check digits are checked.",
    )
    model_numbers = forms.CharField(label="Model numbers", required=False, widget=area(2), help_text=A_LINE_EACH)
    manufacturer = forms.CharField(label="Manufacturer", required=False, max_length=200)
    product_code = forms.CharField(
        label="FDA product code", required=False, max_length=3, help_text="Three letters, as in CBK."
    )
    device_class = forms.ChoiceField(
        label="Class",
        choices=[(one.value, one.value.capitalize() if len(one) > 3 else one.value) for one in DeviceClass],
    )
    submission_type = forms.ChoiceField(
        label="Submission",
        choices=[(one.value, "Unknown" if one is SubmissionType.UNKNOWN else one.value) for one in SubmissionType],
        help_text="How it came to market: section 524B binds submissions made from 2023-03-29 on.",
    )
    submission_number = forms.CharField(label="Submission number", required=False, max_length=200)
    submission_date = Day(label="Submission date", required=False)
    markets = forms.CharField(label="Markets", required=False, help_text="Country codes or EU, as in US, EU, JP.")
    support_stage = forms.ChoiceField(label="Support stage", choices=[(one.value, STAGES[one]) for one in Stage])
    end_of_support = Day(label="Last day of support", required=False)
    roles = forms.CharField(
        label="Clinical roles",
        required=False,
        widget=area(6),
        help_text="What components do for the patient, one a line: name or purl | role | why. Roles: therapy, alarm, "
        "monitoring, diagnosis, workflow, administrative; the first line that fits counts.",
    )
    architecture = forms.CharField(label="Architecture", required=False, max_length=40, help_text="As in arm64.")
    operating_systems = forms.CharField(
        label="Operating systems",
        required=False,
        widget=area(2),
        help_text="CPE 2.3 names, one a line; once given, taken as complete.",
    )
    features = forms.CharField(
        label="Features on or off", required=False, widget=area(2), help_text="One a line, as in bluetooth: off."
    )
    field_order = ("name", "line", "criticality", "intended_use", "essential_performance", "udi_dis", "model_numbers")

    def __init__(self, *args: Any, lines: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].choices = lines  # type: ignore[attr-defined]


class VersionForm(OverForm):
    """What is said of a version."""

    version = forms.CharField(label="Version", max_length=200, help_text="As labelled.")
    released_on = Day(label="Released on", required=False)
    support_stage = forms.ChoiceField(
        label="Support stage",
        required=False,
        choices=[("", "As the device"), *((one.value, STAGES[one]) for one in Stage)],
    )
    end_of_support = Day(label="Last day of support", required=False, help_text="Empty: as the device.")
    field_order = ("version", "released_on", "support_stage", "end_of_support", "why")


class CountForm(WhyForm):
    """How many units somebody has."""

    customer = forms.CharField(
        label="Customer",
        required=False,
        max_length=200,
        help_text="Empty: it is not known who has them.",
        widget=forms.TextInput(attrs={"list": "customers"}),
    )
    country = forms.CharField(label="Country", required=False, max_length=2, help_text="Two letters, as in US.")
    units = forms.IntegerField(label="Units", min_value=0)
    counted_on = Day(label="Counted on")
    field_order = ("customer", "country", "units", "counted_on", "why")


class SupplierForm(OverForm):
    """What is said of a supplier."""

    name = forms.CharField(label="Name", max_length=200)
    security_contact = forms.CharField(
        label="Security contact",
        required=False,
        max_length=200,
        help_text="A mail or https address for security questions.",
    )
    response_terms = forms.CharField(
        label="Response terms",
        required=False,
        widget=area(2),
        help_text="What was agreed on how fast they answer and fix.",
    )
    risk_reviewed_on = Day(label="Risk reviewed on", required=False)
    names = forms.CharField(
        label="Names in SBOMs", required=False, widget=area(3), help_text="Other names SBOMs give it, one a line."
    )
    notes = forms.CharField(label="Notes", required=False, widget=area(3))
    field_order = ("name", "security_contact", "response_terms", "risk_reviewed_on", "names", "notes", "why")


ANSWERS = (("yes", "Yes"), ("no", "No"), ("unknown", "Not known yet"))


class DeterminationForm(WhyForm):
    """The three statutory tests, what they rest on, and a word to each contradiction."""

    software = forms.ChoiceField(widget=forms.RadioSelect, choices=ANSWERS, initial="unknown")
    internet = forms.ChoiceField(widget=forms.RadioSelect, choices=ANSWERS, initial="unknown")
    vulnerable = forms.ChoiceField(widget=forms.RadioSelect, choices=ANSWERS, initial="unknown")
    features = forms.MultipleChoiceField(
        label="How it can be reached, intended or not",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(one.value, one.value[:1].upper() + one.value[1:]) for one in Feature],
    )
    exemption = forms.CharField(
        label="Exemption by FDA",
        required=False,
        max_length=500,
        help_text="The Federal Register listing, if there is one.",
    )
    rationale = forms.CharField(
        label="Rationale", widget=area(4), help_text="What the answers rest on: architecture views, tests, labelling."
    )

    def __init__(
        self, *args: Any, questions: dict[str, tuple[str, str]], raised: dict[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, (text, citation) in questions.items():
            self.fields[name].label, self.fields[name].help_text = text, citation
        for key, text in raised.items():
            self.fields[f"answer-{key}"] = forms.CharField(
                label=text, widget=area(2), help_text="Say why it is so, or change the answers."
            )
        self.order_fields(
            [
                "software",
                "internet",
                "features",
                "vulnerable",
                "exemption",
                "rationale",
                *(f"answer-{key}" for key in raised),
                "why",
            ]
        )


class KnownDeviceForm(WhyForm):
    """Which device of the inventory it is."""

    device = forms.ChoiceField(label="It is")
    field_order = ("device", "why")

    def __init__(self, *args: Any, devices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["device"].choices = [("", "Choose a device"), *devices]  # type: ignore[attr-defined]


class NewDeviceForm(WhyForm):
    """The least that makes a new device of a proposal; the rest is said on its page."""

    name = forms.CharField(
        label="Name", max_length=200, help_text="As people call it; it may differ from what was sent."
    )
    line = line_field()
    field_order = ("name", "line", "why")

    def __init__(self, *args: Any, lines: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].choices = lines  # type: ignore[attr-defined]


DEVICE_TYPES = tuple(one.value for one in Criticality)
