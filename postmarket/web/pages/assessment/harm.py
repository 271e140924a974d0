"""What could happen to whom: one short form a use and group of patients, in clinical words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django import forms

from postmarket.assessment.rules.content import Content, HarmScenario
from postmarket.assessment.rules.fields import LONGEST_LINE, LONGEST_TEXT, MOST_LISTED
from postmarket.assessment.words import EssentialPerformance
from postmarket.monitoring.policy import pack_in_force
from postmarket.policy.interface import HarmSeverity
from postmarket.policy.matrix import harm_words
from postmarket.web.components.tags import Meaning
from postmarket.web.pages.assessment.words import ESSENTIAL, SEVERITIES

if TYPE_CHECKING:
    from postmarket.web.pages.assessment.subject import Subject

COUNT: Final = "scenarios"
"""How many forms the page had."""


def severities() -> list[tuple[str, str]]:
    """The five, the worst first, in FDA's words."""
    pack = pack_in_force()
    return [(str(one.value), f"{one.name.capitalize()}: {harm_words(one, pack)}") for one in sorted(HarmSeverity)[::-1]]


class ScenarioForm(forms.Form):
    """One use and group of patients. Severity may stay open: it is then unknown, which is no answer."""

    words = forms.CharField(
        label="What happens to them, in clinical words",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    use = forms.CharField(label="Use", max_length=LONGEST_LINE)
    patients = forms.CharField(label="Patients", max_length=LONGEST_LINE)
    severity = forms.ChoiceField(label="How severe is that at worst?", widget=forms.RadioSelect, required=False)
    essential = forms.ChoiceField(
        label="Is essential performance affected?",
        widget=forms.RadioSelect,
        required=False,
        choices=[(one.value, words) for one, words in ESSENTIAL.items()],
    )
    gone = forms.BooleanField(label="Take this one out", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_permitted, self.use_required_attribute = True, False
        self.fields["severity"].choices = severities()  # type: ignore[attr-defined]

    @property
    def is_blank(self) -> bool:
        """Whether nothing was said in it but what it began with."""
        return not self.has_changed() and not self.initial.get("kept")

    @property
    def said(self) -> HarmScenario:
        """What was filled in; `services.writing` checks it."""
        found = self.cleaned_data or self.initial
        return HarmScenario(
            use=found["use"],
            patients=found["patients"],
            words=found["words"],
            severity=HarmSeverity(int(found["severity"])) if found["severity"] else None,
            essential_performance=EssentialPerformance(found["essential"] or EssentialPerformance.UNKNOWN.value),
        )


class PrivacyForm(forms.Form):
    """That only data can leak."""

    statement = forms.CharField(
        label="Why the leaked data cannot alter the device",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Our scores have to rule out that integrity or availability is hit.",
    )


def scenario_forms(subject: Subject, content: Content, given: Mapping[str, str] | None = None) -> list[ScenarioForm]:
    """A form for each scenario and an empty one; `given` is what was sent, with as many as it had."""
    made = [ScenarioForm(given, prefix=f"harm{place}", initial=_initial(one)) for place, one in enumerate(content.harm)]
    wanted = len(made) + 1
    if given is not None:
        said = given.get(COUNT, "")
        wanted = min(int(said), MOST_LISTED + 1) if said.isascii() and said.isdecimal() and len(said) < 4 else wanted
    made = made[:wanted]
    while len(made) < wanted:
        first = not made
        initial = _first(subject) if first and not content.harm else {"essential": EssentialPerformance.UNKNOWN.value}
        made.append(ScenarioForm(given, prefix=f"harm{len(made)}", initial=initial))
    return made


def scenarios(found: Sequence[ScenarioForm]) -> tuple[HarmScenario, ...]:
    """What the valid forms say, without those that are empty or taken out."""
    return tuple(form.said for form in found if not form.cleaned_data.get("gone") and not form.is_blank)


@dataclass(frozen=True, slots=True)
class ScenarioShown:
    """One scenario as it is read."""

    scenario: HarmScenario
    severity: str
    meaning: Meaning
    means: str
    essential: str


def shown(content: Content) -> list[ScenarioShown]:
    """The scenarios, the worst first; one that nobody judged before all."""
    rows = sorted(content.harm, key=lambda one: -(one.severity or 9))
    pack = pack_in_force()
    return [
        ScenarioShown(
            one,
            one.severity.name.lower() if one.severity else "",
            SEVERITIES[one.severity] if one.severity else Meaning.UNKNOWN,
            harm_words(one.severity, pack) if one.severity else "",
            ESSENTIAL[one.essential_performance],
        )
        for one in rows
    ]


def line(content: Content) -> str:
    """The part in one line."""
    if content.privacy is not None and not content.harm:
        return "Only data can leak; no patient is harmed."
    if not content.harm:
        return "Nobody has said what could happen to a patient."
    if content.severity is None:
        return "How severe it is, is not judged for every use and group of patients."
    worst = max(content.harm, key=lambda one: one.severity or 0)
    more = f", and {len(content.harm) - 1} more" if len(content.harm) > 1 else ""
    return f"{content.severity.name.capitalize()}: {worst.words} ({worst.patients}{more})"


def _initial(one: HarmScenario) -> dict[str, object]:
    return {
        "kept": True,
        "words": one.words,
        "use": one.use,
        "patients": one.patients,
        "severity": str(one.severity.value) if one.severity else "",
        "essential": one.essential_performance.value,
    }


def _first(subject: Subject) -> dict[str, object]:
    """What the first form begins with: what the case and the device say already. Severity is never assumed."""
    use = " ".join(subject.version.device.intended_use.split())
    return {
        "words": subject.case.title,
        "use": use if 0 < len(use) <= LONGEST_LINE else "Its intended use",
        "patients": "Every patient it is used on",
        "essential": EssentialPerformance.UNKNOWN.value,
    }
