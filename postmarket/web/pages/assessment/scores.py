"""Our CVSS 4.0 vector for the device: a base vector, and what is known of this device laid over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django import forms

from postmarket.assessment.rules.content import MetricEdit, RubricAnswer, Scoring
from postmarket.assessment.rules.fields import LONGEST_TEXT
from postmarket.web.pages.assessment.words import FIRST_METRICS, METRICS, values_of

if TYPE_CHECKING:
    from postmarket.assessment.queries.scores import SideBySide

OWN: Final = "own"
NONE: Final = "none"
OURS: Final = "our own"


class ScoresForm(forms.Form):
    """
    The base, and each metric with its reason; a metric without a reason of its own takes the one below.

    `bases` are the sources' CVSS 4.0 vectors, as (who says so, vector, in words).
    """

    base = forms.ChoiceField(label="Begin with", initial=NONE)
    own = forms.CharField(
        label="Our own CVSS 4.0 base vector",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "mono", "placeholder": "CVSS:4.0/AV:…"}),
    )
    why = forms.CharField(
        label="Reason for what is set",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For every metric that has no reason of its own.",
    )

    def __init__(self, *args: Any, scoring: Scoring, bases: Sequence[tuple[str, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scoring = scoring
        self._of_sources = {vector: by for by, vector, _ in bases}
        choices = [(vector, words) for _, vector, words in bases]
        self.fields["base"].choices = [  # type: ignore[attr-defined]
            (NONE, "No CVSS 4.0 score of ours"),
            *choices,
            (OWN, "A base vector of our own, below"),
        ]
        shared = {edit.rationale for edit in scoring.edits}
        said = {edit.metric: edit for edit in scoring.edits}
        for metric in METRICS:
            edit = said.get(metric)
            question, own_name = METRICS[metric]
            self.fields[f"m_{metric}"] = forms.ChoiceField(
                label=question,
                help_text=own_name,
                choices=[("X", "Not set"), *values_of(metric).items()],
                initial=edit.value if edit else "X",
            )
            self.fields[f"why_{metric}"] = forms.CharField(
                label=f"Why {metric}",
                required=False,
                max_length=LONGEST_TEXT,
                initial=edit.rationale if edit and len(shared) > 1 else "",
                widget=forms.TextInput(attrs={"placeholder": "Its own reason", "aria-label": f"Why {metric}"}),
            )
        self.fields["why"].initial = next(iter(shared)) if len(shared) == 1 else ""
        if scoring.base in self._of_sources:
            self.fields["base"].initial = scoring.base
        elif scoring.base:
            self.fields["base"].initial, self.fields["own"].initial = OWN, scoring.base
        elif choices:
            self.fields["base"].initial = choices[0][0]

    @property
    def first(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The metrics asked of every device."""
        return [(self[f"m_{metric}"], self[f"why_{metric}"]) for metric in FIRST_METRICS]

    @property
    def others(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """All others."""
        return [(self[f"m_{metric}"], self[f"why_{metric}"]) for metric in METRICS if metric not in FIRST_METRICS]

    def clean(self) -> dict[str, Any]:
        """Every metric that is set has a reason, and a base to be laid over."""
        found: dict[str, Any] = super().clean() or {}
        base = found.get("base", NONE)
        if base == OWN and not found.get("own", "").strip():
            self.add_error("own", "Write the base vector, or begin with a source's.")
        edits = self._set(found)
        if edits and base == NONE:
            self.add_error("base", "What is set for the device is laid over a base vector: choose one.")
        if any(not edit.rationale for edit in edits):
            self.add_error("why", "Say why: every metric that is set for the device has its reason.")
        return found

    def said(self, answers: tuple[RubricAnswer, ...]) -> Scoring:
        """What was filled in, beside the answers of the rubric."""
        base = self.cleaned_data["base"]
        if base == NONE:
            return Scoring(answers=answers)
        by = OURS if base == OWN else self._of_sources[base]
        vector = self.cleaned_data["own"].strip() if base == OWN else base
        return Scoring(base=vector, base_from=by, edits=self._set(self.cleaned_data), answers=answers)

    def _set(self, found: dict[str, Any]) -> tuple[MetricEdit, ...]:
        shared = found.get("why", "").strip()
        return tuple(
            MetricEdit(metric, value, found.get(f"why_{metric}", "").strip() or shared)
            for metric in METRICS
            if (value := found.get(f"m_{metric}") or "X") != "X"
        )


def bases_of(beside: SideBySide) -> list[tuple[str, str, str]]:
    """The sources' CVSS 4.0 vectors that edits can be laid over: who, vector, in words; the chosen one first."""
    rows = sorted((one for one in beside.sources if one.can_be_base), key=lambda one: not one.chosen)
    return [
        (one.rating.by, one.score.vector, f"{one.rating.by}: {one.score.label}")
        for one in rows
        if one.score is not None
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """One number beside the others."""

    who: str
    label: str
    vector: str
    note: str
    ours: bool


@dataclass(frozen=True, slots=True)
class Move:
    """What one metric or answer did to the number."""

    what: str
    change: str
    note: str
    why: str


def rows(beside: SideBySide) -> list[Row]:
    """Ours first, then each source's."""
    found = []
    if beside.device is not None:
        counts = (
            "Patient safety counts in it." if beside.device.safety_counts else "Patient safety does not count in it."
        )
        found.append(Row("Ours, for this device", beside.device.full.label, beside.device.vector, counts, ours=True))
    if beside.rubric is not None:
        worst = any(reason.assumed for reason in beside.rubric.reasons)
        note = "The worst case stands in for what is not known. " if worst else ""
        label = beside.rubric.score.label
        found.append(
            Row("Ours, by the rubric", label, beside.rubric.vector, f"{note}{beside.qualification}", ours=True)
        )
    for one in beside.sources:
        note = f"Chosen: {beside.why_chosen}" if one.chosen else ""
        if one.score is not None:
            found.append(Row(one.rating.by, one.score.label, one.score.vector, note, ours=False))
        else:
            found.append(
                Row(one.rating.by, "", one.rating.vector, "Neither vector nor number can be read.", ours=False)
            )
    return found


def moves(beside: SideBySide, scoring: Scoring) -> list[Move]:
    """Which metric moved our CVSS 4.0 number, by how much and why."""
    why = {edit.metric: edit.rationale for edit in scoring.edits}
    return [
        Move(
            f"{one.metric}:{one.value}",
            _change(one.before, one.after),
            f"{one.value_before} before" if one.value_before != "X" else "not set before",
            why.get(one.metric, ""),
        )
        for one in beside.metrics_moved
    ]


def line(beside: SideBySide) -> str:
    """The part in one line."""
    if not beside.sources and beside.device is None:
        return "No score, ours or a source's: the worst case counts."
    theirs = next((f"{one.score.label} by {one.rating.by}" for one in beside.sources if one.chosen and one.score), "")
    if beside.device is None:
        return f"None of ours; {theirs or 'no source has one that can be read'} counts."
    return f"{beside.device.full.label} for this device{f'; {theirs}' if theirs else ''}."


def _change(before: float, after: float) -> str:
    if before == after:
        return f"{after:.1f}, unchanged"
    return f"{before:.1f} → {after:.1f} ({after - before:+.1f})"
