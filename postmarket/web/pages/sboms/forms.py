"""What people say of SBOMs and components; the services check it."""

from __future__ import annotations

from django import forms

from postmarket.inventory.models import Build, DeviceVersion
from postmarket.inventory.rules.hand_component import KINDS
from postmarket.sbom.interface import ComponentClass, SupportLevel
from postmarket.versions.interface import Scheme

WHY = "It stands in the records beside what you do."
LEVELS = {
    SupportLevel.ACTIVELY_MAINTAINED: "Actively maintained",
    SupportLevel.NO_LONGER_MAINTAINED: "No longer maintained",
    SupportLevel.ABANDONED: "Abandoned",
    SupportLevel.UNKNOWN: "Unknown",
}
"""FDA's words (premarket guidance of 2026-02-03, V.A.4), and unknown."""


SCHEMES = {
    Scheme.SEMVER.value: "Semantic versions",
    Scheme.DEB.value: "Debian packages",
    Scheme.RPM.value: "RPM packages",
    Scheme.APK.value: "Alpine packages",
    Scheme.PYPI.value: "Python packages (PEP 440)",
    Scheme.NPM.value: "npm packages",
    Scheme.MAVEN.value: "Maven artifacts",
    Scheme.GO.value: "Go modules",
    Scheme.NUGET.value: "NuGet packages",
    Scheme.GEM.value: "Ruby gems",
    Scheme.OPENSSL.value: "OpenSSL's letters, as in 1.0.2k",
    Scheme.DATE.value: "Dates",
    Scheme.WINDOWS.value: "Windows builds",
}


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


def several(label: str, hint: str) -> forms.CharField:
    """A list, one a line."""
    return forms.CharField(
        label=label, max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text=hint
    )


class AliasForm(WhyForm):
    """Names that mean one product: of each kind several, one a line."""

    names = several("Our names of it", "As your SBOMs call the component, one a line.")
    purls = several("Our package URLs", "Without version, as npm/lodash, one a line.")
    cpes = several("CPE products", "As a:openssl:openssl, what NVD files it under, one a line.")
    scheme = forms.ChoiceField(
        label="How its versions are ordered",
        required=False,
        choices=[("", "As any other: by numbers and words"), *SCHEMES.items()],
        help_text="Only where NVD's ranges of this product follow another order.",
    )
    vendor = forms.CharField(label="Supplier's own name", max_length=200, required=False, help_text="As its CSAF says.")
    product = forms.CharField(label="Supplier's name of it", max_length=200, required=False)
    field_order = ("names", "purls", "cpes", "scheme", "vendor", "product", "why")
