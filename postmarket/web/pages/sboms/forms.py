"""What people say of SBOMs and components; the services check it."""

from __future__ import annotations

from django import forms

from postmarket.inventory.models import Build, DeviceVersion
from postmarket.inventory.rules.hand_component import KINDS
from postmarket.sbom.interface import ComponentClass, SupportLevel

WHY = "It stands in the records beside what you do."
LEVELS = {
    SupportLevel.ACTIVELY_MAINTAINED: "Actively maintained",
    SupportLevel.NO_LONGER_MAINTAINED: "No longer maintained",
    SupportLevel.ABANDONED: "Abandoned",
    SupportLevel.UNKNOWN: "Unknown",
}
"""FDA's words (premarket guidance of 2026-02-03, V.A.4), and unknown."""


def _choices(words: dict[SupportLevel, str]) -> list[tuple[str, str]]:
    return [(level.value, said) for level, said in words.items()]


class WhyForm(forms.Form):
    """A reason."""

    why = forms.CharField(label="Why", max_length=1000, help_text=WHY)


class UploadForm(WhyForm):
    """An SBOM file."""

    file = forms.FileField(
        label="SBOM",
        help_text="CycloneDX or SPDX, as JSON, XML or tag-value; packed or not; at most 64 MiB.",
    )
    build = forms.ModelChoiceField(
        label="Build",
        queryset=Build.objects.none(),
        required=False,
        empty_label="not said",
        help_text="If it is of one.",
    )
    field_order = ("file", "build", "why")

    def __init__(self, *given: object, version: DeviceVersion, **more: object) -> None:
        super().__init__(*given, **more)  # type: ignore[arg-type]
        self.fields["build"].queryset = Build.objects.filter(version=version)  # type: ignore[attr-defined]


class ComponentForm(WhyForm):
    """A component entered by hand."""

    name = forms.CharField(label="Name", max_length=300, help_text="As its supplier calls it.")
    version = forms.CharField(label="Version", max_length=300, required=False)
    supplier = forms.CharField(label="Supplier", max_length=300, required=False)
    kind = forms.ChoiceField(label="Kind", choices=[(kind, kind.replace("-", " ")) for kind in KINDS])
    component_class = forms.ChoiceField(
        label="Class", choices=[(one.value, one.value.replace("-", " ")) for one in ComponentClass], initial="unknown"
    )
    purl = forms.CharField(label="Package URL", max_length=1000, required=False, help_text="As pkg:generic/vxworks@7.")
    cpe = forms.CharField(label="CPE", max_length=1000, required=False, help_text="As cpe:2.3:o:windriver:vxworks:7:…")
    support_level = forms.ChoiceField(label="Support", choices=_choices(LEVELS), initial=SupportLevel.UNKNOWN.value)
    end_of_support = forms.DateField(
        label="End of support", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    note = forms.CharField(label="Note", max_length=1000, required=False, help_text="Where it is, and how you know.")
    field_order = ("name", "version", "supplier", "kind", "component_class", "purl", "cpe")


class SupportForm(WhyForm):
    """How long a component is supported."""

    about = forms.ChoiceField(
        label="It holds for", choices=[("one", "this version of it"), ("every", "every version of it")], initial="one"
    )
    level = forms.ChoiceField(label="Level", choices=_choices(LEVELS))
    ends_on = forms.DateField(
        label="End of support",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="The last day. Empty: nobody says; then justify it.",
    )
    justification = forms.CharField(label="Justification", max_length=1000, required=False)
    source = forms.CharField(label="Where it stands", max_length=1000, help_text="An address, a letter, a contract.")
    field_order = ("about", "level", "ends_on", "justification", "source", "why")


class AliasForm(WhyForm):
    """Names that mean one product."""

    name = forms.CharField(label="Our component's name", max_length=300, required=False)
    purl = forms.CharField(
        label="Our package URL", max_length=300, required=False, help_text="Without version, as npm/lodash."
    )
    cpe = forms.CharField(
        label="CPE product", max_length=300, required=False, help_text="As a:openssl:openssl: what NVD files it under."
    )
    vendor = forms.CharField(label="Supplier's own name", max_length=200, required=False, help_text="As its CSAF says.")
    product = forms.CharField(label="Supplier's name of it", max_length=200, required=False)
    field_order = ("name", "purl", "cpe", "vendor", "product", "why")
