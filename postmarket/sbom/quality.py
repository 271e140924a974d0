"""Check one SBOM against a quality profile: what is missing, in which component, and what mends it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postmarket.sbom.cyclonedx_component import VERSION_RANGE
from postmarket.sbom.elements import BOM_ELEMENTS, COMPONENT_ELEMENTS, facts_of
from postmarket.sbom.pinning import unpinned_reason

if TYPE_CHECKING:
    from postmarket.sbom.elements import Facts
    from postmarket.sbom.interface import Bom, Component
    from postmarket.sbom.profiles import Profile, Rule


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that one component (or, with an empty `ref`, the SBOM itself) does not meet."""

    rule: Rule
    problem: str
    ref: str = ""
    name: str = ""
    version: str = ""
    place: str = ""

    def line(self) -> str:
        """The finding as one line: which component, what is wrong, what mends it."""
        who = " ".join(part for part in (self.name, self.version) if part) or self.ref
        head = f"{who} ({self.place})" if who and self.place else who or self.place or "the SBOM"
        return f"{head}: {self.problem}. {self.rule.fix}"


@dataclass(frozen=True, slots=True)
class RuleResult:
    """How often one rule was met."""

    rule: Rule
    passed: int
    failed: int

    @property
    def percent(self) -> float:
        """Share of checks passed, 0 to 100."""
        return 100.0 * self.passed / (self.passed + self.failed)


@dataclass(frozen=True, slots=True)
class QualityReport:
    """
    What a profile found.

    `unpinned` are the refs whose version names no single release, an empty version among them.
    """

    profile: Profile
    results: tuple[RuleResult, ...]
    findings: tuple[Finding, ...]
    unpinned: tuple[str, ...]

    @property
    def score(self) -> float:
        """Mean percentage of the error-level rules, 0 to 100: each element weighs the same."""
        counted = [one.percent for one in self.results if one.rule.level == "error"]
        return sum(counted) / len(counted) if counted else 100.0

    @property
    def errors(self) -> int:
        """Findings of error level."""
        return sum(one.rule.level == "error" for one in self.findings)

    @property
    def warnings(self) -> int:
        """Findings of warning level."""
        return len(self.findings) - self.errors


def check(bom: Bom, profile: Profile) -> QualityReport:
    """
    Every rule of `profile` against `bom`. Reads nothing, knows no clock, raises nothing.

    Rules about components look at every component, and at the subject where the rule says so. An SBOM that lists
    none fails each of them once: nothing was shown.
    """
    facts = facts_of(bom)
    results, findings = [], []
    for rule in profile.rules:
        problems = list(_problems(bom, rule, facts))
        failed = [one for one in problems if one]
        results.append(RuleResult(rule, len(problems) - len(failed), len(failed)))
        findings.extend(failed)
    return QualityReport(profile, tuple(results), tuple(findings), tuple(_unpinned(bom.components)))


def _problems(bom: Bom, rule: Rule, facts: Facts) -> Iterator[Finding | None]:
    """One answer per check made: a finding, or None where the rule is met."""
    if rule.element in BOM_ELEMENTS:
        problem = BOM_ELEMENTS[rule.element](bom)
        yield Finding(rule, problem) if problem else None
        return
    look = COMPONENT_ELEMENTS[rule.element]
    checked: Sequence[Component] = bom.components
    if rule.subject and bom.subject:
        checked = (bom.subject, *bom.components)
    if not bom.components:
        yield Finding(rule, "the SBOM lists no component to check")
    for one in checked:
        problem = look(one, facts)
        yield Finding(rule, problem, one.ref, one.name, one.version, one.place) if problem else None


def _unpinned(components: Sequence[Component]) -> Iterator[str]:
    for one in components:
        if unpinned_reason(one.version or one.properties.get(VERSION_RANGE, "")):
            yield one.ref
