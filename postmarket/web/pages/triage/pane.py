"""What stands in the reading pane: why it matched first, then what helps to judge it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.db.models import Sum

from postmarket.accounts.authority import may
from postmarket.accounts.permissions import Permission
from postmarket.cases.queries.listing import ENDED
from postmarket.cases.queries.visible import cases
from postmarket.inventory.models import FieldedUnits
from postmarket.monitoring.queries.explaining import explained
from postmarket.monitoring.queries.finding import quick_answers
from postmarket.policy.interface import Priority, Response
from postmarket.policy.response import device_type, response
from postmarket.scoring.interface import Exploitability
from postmarket.web.pages.findings.why import Why, why_of
from postmarket.web.pages.findings.words import PRIORITIES
from postmarket.web.pages.source_names import named
from postmarket.web.pages.triage.answers import Choice, choices
from postmarket.web.pages.triage.given import Given, given

if TYPE_CHECKING:
    from postmarket.cases.models import Case
    from postmarket.monitoring.models import VersionDecision
    from postmarket.web.pages.context import Asking
    from postmarket.web.pages.findings.items import Item


@dataclass(frozen=True, slots=True)
class Fielded:
    """How many units of one version are in the field; None when nobody counted them."""

    label: str
    units: int | None


@dataclass(frozen=True, slots=True)
class Pane:
    """
    One item, read.

    `why` has one entry per component as matched, surest reason first. `fielded` are the versions concerned.
    """

    item: Item
    why: Sequence[Why]
    response: Response
    fielded: Sequence[Fielded]
    given: Given
    """For which versions an answer will be proposed."""
    choices: Sequence[Choice]
    may_answer: bool
    may_sign: bool
    may_open: bool
    """Whether they may open a case for it."""
    cases: Sequence[Case]
    """Open cases about it that they may see."""

    @property
    def standing(self) -> Sequence[VersionDecision]:
        """What was signed here, each answer once with its versions' rows; re-opened ones among them."""
        return [row.standing_decision for row in self.item.rows if row.standing_decision is not None]

    @property
    def proposed(self) -> Sequence[VersionDecision]:
        """What was answered here and waits to be signed."""
        return [row.proposed for row in self.item.rows if row.proposed is not None]

    @property
    def proposed_numbers(self) -> Sequence[int]:
        """The decisions that wait, each once."""
        return list(dict.fromkeys(one.decision_id for one in self.proposed))

    @property
    def units(self) -> int | None:
        """All units concerned that somebody counted; None when none were."""
        known = [one.units for one in self.fielded if one.units is not None]
        return sum(known) if known else None

    @property
    def more_reasons(self) -> bool:
        """Whether there is more to tell than the surest reason of each component."""
        return any(len(told.reasons) > 1 or told.reasons[0].fixed for told in self.why if told.reasons)

    @property
    def priority_words(self) -> str:
        """ "1 of 5: cannot wait"."""
        return f"{self.item.priority.value} of {len(Priority)}: {PRIORITIES[self.item.priority][0].lower()}"

    @property
    def rule_of(self) -> str:
        """Whose rule the priority is."""
        return f"{self.item.pack.priority.cited().authority.value}"

    @property
    def exploitability(self) -> str:
        """In a word."""
        return Exploitability(self.item.facts.exploitability).name.lower()

    @property
    def epss(self) -> str:
        """The probability of exploitation within 30 days, in per cent."""
        probability = self.item.facts.epss
        return "" if probability is None else f"{probability:.1%}"

    @property
    def response_lead(self) -> str:
        """When the article's response for this type of device applies."""
        kind = self.response.criticality.value
        when = "Exploited" if self.exploited else "If exploitation is suspected"
        return f"{when}, on a {kind} device:" if kind != "unknown" else f"{when}:"

    @property
    def response_words(self) -> str:
        """The article's response."""
        return self.response.active if self.exploited else self.response.suspected

    @property
    def fixes(self) -> str:
        """The versions that end it, as the sources give them and nobody disputes."""
        found: dict[str, list[str]] = {}
        for told in self.why:
            if told.fixed:
                found.setdefault(told.fixed, []).append(told.component)
        return "; ".join(f"{', '.join(components)} → {fixed}" for fixed, components in found.items())

    @property
    def sources(self) -> str:
        """Who speaks of it."""
        return named(self.item.facts.sources)

    @property
    def link_host(self) -> str:
        """Where the link goes."""
        return urlsplit(self.item.facts.link).hostname or self.item.facts.link

    @property
    def exploited(self) -> bool:
        """Whether the response to active exploitation applies, else that to a suspicion."""
        return self.item.facts.kev_added is not None


def pane(item: Item, ask: Asking) -> Pane:
    """Read one item: a fixed number of queries."""
    kind = device_type(item.device.device_type, ask.pack)
    versions = {row.version.pk: row.version.label for row in item.rows}
    units = dict(
        FieldedUnits.objects.filter(version__in=versions)
        .order_by()
        .values_list("version_id")
        .annotate(sum=Sum("units"))
    )
    told = explained(item.rows, pack=ask.pack, now=ask.now)
    line = item.device.line
    proposed = given([item], ask.held)
    return Pane(
        item=item,
        why=why_of(told),
        given=proposed,
        choices=choices(proposed, action=quick_answers(told[0])[0].action),
        may_answer=may(ask.by, Permission.FINDINGS_TRIAGE, on=line),
        may_sign=may(ask.by, Permission.FINDINGS_DECIDE, on=line) and may(ask.by, Permission.SIGN, on=line),
        may_open=any(row.version.is_shipped for row in item.rows) and may(ask.by, Permission.CASES_OPEN, on=line),
        cases=list(cases(ask.by).filter(lead=item.facts.lead).exclude(state__in=[one.value for one in ENDED])),
        response=response(kind.criticality, ask.pack),
        fielded=[Fielded(label, units.get(pk)) for pk, label in sorted(versions.items(), key=lambda one: one[1])],
    )
