"""What people type where cases are joined, parted and linked, and where one is kept from the public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from postmarket.cases.queries.visible import cases
from postmarket.cases.words import LinkKind
from postmarket.web.pages.cases.forms import Choices, Moment, WhyForm, area

if TYPE_CHECKING:
    from postmarket.accounts.models import Person
    from postmarket.cases.models import Case


class OtherForm(forms.Form):
    """Another case, by its number; `found` is that case once the form is valid."""

    other = forms.CharField(label="Its number", max_length=20, help_text="Such as PSIRT-2026-0007.")
    found: Case

    def __init__(self, *args: Any, by: Person, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.case = by, case

    def clean_other(self) -> str:
        """A case that they may see, and not the same one."""
        number = str(self.cleaned_data["other"]).strip().upper()
        found = cases(self.by).filter(number=number).select_related("owner").first()
        if found is None:
            raise forms.ValidationError("There is no such case. Look for its number in the list.")
        if found.pk == self.case.pk:
            raise forms.ValidationError("That is this case itself. Choose another one.")
        self.found = found
        return number


class MergeForm(WhyForm):
    """Why two are one."""

    kind = forms.ChoiceField(
        label="What are they to each other?",
        widget=forms.RadioSelect,
        initial=LinkKind.MERGED_INTO.value,
        choices=(
            (LinkKind.MERGED_INTO.value, "Two cases that go on as one"),
            (LinkKind.DUPLICATE_OF.value, "The same case, opened twice"),
        ),
    )
    field_order = ("kind", "why")


class SplitForm(WhyForm):
    """Which versions need another way."""

    title = forms.CharField(
        label="What can happen to a patient, in one sentence",
        max_length=300,
        widget=area(2),
        help_text="With the versions that go. It is the new case's title.",
    )
    versions = forms.MultipleChoiceField(
        label="Versions that go on in a case of their own", widget=forms.CheckboxSelectMultiple
    )
    field_order = ("versions", "title", "why")

    def __init__(self, *args: Any, versions: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["versions"].choices = versions  # type: ignore[attr-defined]


class EmbargoForm(WhyForm):
    """Until when nothing of it is published."""

    embargo = Moment(label="Until", required=False, help_text="Empty: there is none, or not any more.")
    field_order = ("embargo", "why")
