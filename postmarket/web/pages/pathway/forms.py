"""The fields of a step and of a control on it; the services check what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from postmarket.assessment.rules.fields import LONGEST_LINE, LONGEST_TEXT
from postmarket.assessment.words import ControlKind, ControlState
from postmarket.web.pages.pathway.words import ASKS, CONTROL_KINDS, CONTROL_STATES

if TYPE_CHECKING:
    from postmarket.web.pages.pathway.draft import ControlDraft, StepDraft


class StepForm(forms.Form):
    """A step: a few words, and a line of detail."""

    words = forms.CharField(max_length=LONGEST_LINE, error_messages={"required": "Say it in a few words."})
    detail = forms.CharField(label="Detail", required=False, max_length=LONGEST_LINE)

    def __init__(self, step: StepDraft, token: str, *, checked: bool, focused: bool = False) -> None:
        said = {"words": step.words, "detail": step.detail}
        # A step of which nobody has said anything is not there, and not wrong.
        super().__init__(**_given(said, token, checked=checked), empty_permitted=step.is_blank)
        question, words, detail = ASKS[step.kind]
        self.fields["words"].label = question
        self.fields["words"].widget.attrs["placeholder"] = words
        self.fields["detail"].widget.attrs["placeholder"] = detail
        if focused:
            self.fields["words"].widget.attrs["autofocus"] = True


class ControlForm(forms.Form):
    """How far a control is relied on in this assessment."""

    state = forms.ChoiceField(label="It is", choices=[(one.value, said) for one, said in CONTROL_STATES.items()])
    evidence = forms.CharField(label="Evidence", required=False, max_length=LONGEST_LINE)
    reach = forms.CharField(label="Where", required=False, max_length=LONGEST_LINE)
    credited = forms.BooleanField(label="Credited: lowers exploitability", required=False)
    breaks_chain = forms.CharField(
        label="What proves that the exploit cannot go on past it", required=False, max_length=LONGEST_TEXT
    )

    def __init__(
        self, control: ControlDraft, token: str, *, checked: bool, asks_proof: bool, focused: bool = False
    ) -> None:
        said = {
            "state": control.state.value,
            "evidence": control.evidence,
            "reach": control.reach,
            "breaks_chain": control.breaks_chain,
            **({"credited": "on"} if control.credited else {}),
        }
        super().__init__(**_given(said, token, checked=checked))
        self.fields["evidence"].widget.attrs["placeholder"] = "TR-0417"
        self.fields["reach"].widget.attrs["placeholder"] = "in 31 of 38 hospitals"
        self.asks_proof = asks_proof or bool(control.breaks_chain)
        if not self.asks_proof:
            self.fields["breaks_chain"].widget = forms.HiddenInput()
        if focused:
            self.fields["state"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        """What is verified is verified by something."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("state") == ControlState.VERIFIED.value and not data.get("evidence"):
            self.add_error("evidence", "Name what verifies it, a test report for example.")
        return data


class PutForm(forms.Form):
    """Which control acts on a step: one that the device has, or one that is named here."""

    put = forms.ChoiceField(label="A control of the device", required=False)
    new = forms.CharField(label="or a new one", required=False, max_length=LONGEST_LINE)
    new_kind = forms.ChoiceField(
        label="which is",
        required=False,
        initial=ControlKind.COMPENSATING.value,
        choices=[(one.value, said) for one, said in CONTROL_KINDS.items()],
    )

    def __init__(self, token: str, choices: list[tuple[str, str]]) -> None:
        super().__init__(prefix=token)
        self.fields["put"].choices = [("", "Choose…"), *choices]  # type: ignore[attr-defined]
        self.fields["new"].widget.attrs["placeholder"] = "Firewall rule FW-2"


class KeepForm(forms.Form):
    """Under which name a pathway is kept for the device."""

    name = forms.CharField(label="Name", max_length=LONGEST_LINE)


class HazardsForm(forms.Form):
    """Which hazards of the risk file it belongs to."""

    hazards = forms.CharField(
        label="Hazards in the risk file",
        required=False,
        max_length=LONGEST_TEXT,
        help_text="Their ids, with commas between them.",
    )

    def __init__(self, hazards: str, *, checked: bool) -> None:
        said = {"hazards": hazards}
        super().__init__(data=said if checked else None, initial=said)
        self.fields["hazards"].widget.attrs["placeholder"] = "H-17, H-22"


def _given(said: dict[str, str], token: str, *, checked: bool) -> dict[str, Any]:
    """Bound where it is checked; else as initial values, so that a form that is still being written is not blamed."""
    if checked:
        said = {f"{token}-{name}": value for name, value in said.items()}
    return {"prefix": token, "use_required_attribute": False, "data" if checked else "initial": said}
