"""What people type about themselves and each other; the services check it."""

from __future__ import annotations

from zoneinfo import available_timezones

from django import forms

from postmarket.accounts.models import DeviceLine
from postmarket.accounts.roles import Role
from postmarket.accounts.scopes import Scope

NEW_PASSWORD = "new-password"  # noqa: S105 - a word of HTML
HOLDS_DAYS = ((30, "30 days"), (90, "90 days"), (180, "180 days"), (366, "a year"))
SCOPES: dict[Scope, str] = {
    Scope.SBOMS_WRITE: "Upload SBOMs",
    Scope.DEVICES_READ: "Read devices and versions",
    Scope.FINDINGS_READ: "Read vulnerabilities and findings",
    Scope.FEEDS_RUN: "Start feed runs",
    Scope.EXPORTS_READ: "Export lists",
}
"""What each scope lets a machine do, in words."""


def zones() -> list[tuple[str, str]]:
    """The time zones, UTC first."""
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name)]


class PasswordForm(forms.Form):
    """A new password."""

    password = forms.CharField(
        label="Password",
        help_text="At least twelve characters: a sentence, or what a password manager makes.",
        widget=forms.PasswordInput(attrs={"autocomplete": NEW_PASSWORD}),
        strip=False,
    )
    again = forms.CharField(
        label="The same once more", widget=forms.PasswordInput(attrs={"autocomplete": NEW_PASSWORD}), strip=False
    )

    def clean_again(self) -> str:
        """Both alike."""
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError("This is not the same as above.")
        return again


class FirstAdministratorForm(PasswordForm):
    """The first person of the site."""

    email = forms.CharField(
        label="Your e-mail address", widget=forms.EmailInput(attrs={"autocomplete": "username"}), max_length=254
    )
    name = forms.CharField(
        label="Your full name",
        help_text="As it is printed beside what you do.",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("email", "name", "password", "again")


class TimeZoneForm(forms.Form):
    """In which zone the site shows times."""

    time_zone = forms.ChoiceField(label="Time zone", help_text="In which the site shows you times.", choices=zones)


class WhyForm(forms.Form):
    """Why somebody does this; it stands in the trail."""

    why = forms.CharField(label="Why", max_length=500, help_text="Stands in the records beside what is done.")


class RoleForm(WhyForm):
    """A role, and where it holds."""

    role = forms.ChoiceField(
        label="Role", choices=[("", "Choose a role"), *((role.value, role.label) for role in Role)]
    )
    line = forms.ModelChoiceField(
        label="For", queryset=DeviceLine.objects.all(), required=False, empty_label="All device lines"
    )
    field_order: tuple[str, ...] = ("role", "line", "why")


class InviteForm(RoleForm):
    """A new person with a first role."""

    email = forms.CharField(label="E-mail address", widget=forms.EmailInput, max_length=254)
    name = forms.CharField(label="Full name", help_text="As it is printed beside a signature.", max_length=120)
    field_order = ("email", "name", "role", "line", "why")


class PersonForm(WhyForm):
    """Name and address of somebody."""

    name = forms.CharField(label="Full name", max_length=120)
    email = forms.CharField(label="E-mail address", widget=forms.EmailInput, max_length=254)
    field_order = ("name", "email", "why")


class LineForm(WhyForm):
    """A device line."""

    key = forms.CharField(
        label="Key", help_text="Letters, digits and hyphens, such as infusion-pumps. It stays.", max_length=64
    )
    name = forms.CharField(label="Name", max_length=120)
    field_order = ("name", "key", "why")


class TokenForm(WhyForm):
    """A token for a machine."""

    name = forms.CharField(
        label="What it is for", help_text="Such as “CI of the pump firmware”.", max_length=80, required=True
    )
    scopes = forms.MultipleChoiceField(
        label="It may",
        choices=[(scope.value, words) for scope, words in SCOPES.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    line = forms.ModelChoiceField(
        label="For", queryset=DeviceLine.objects.all(), required=False, empty_label="All device lines"
    )
    days = forms.TypedChoiceField(label="It ends after", choices=HOLDS_DAYS, coerce=int, initial=90)
    field_order = ("name", "scopes", "line", "days", "why")
