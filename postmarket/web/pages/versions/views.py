"""The page of one device version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from postmarket.accounts.authority import may
from postmarket.accounts.permissions import Permission
from postmarket.inventory.queries.currency import about_another_of, currency_of, waiting_held
from postmarket.inventory.queries.sboms import history
from postmarket.inventory.queries.versions import version as read_version
from postmarket.inventory.words import Answer, SbomState
from postmarket.matching.interface import Coverage
from postmarket.monitoring.queries.coverage import coverage_of
from postmarket.monitoring.queries.findings import Asked, counts, findings
from postmarket.policy.interface import Priority
from postmarket.web.components.tags import Meaning
from postmarket.web.components.text import plural
from postmarket.web.pages.context import asking
from postmarket.web.pages.findings.sight import Sight
from postmarket.web.pages.findings.table import findings_table
from postmarket.web.pages.findings.words import LANES
from postmarket.web.pages.findings.words import STATES as STATE_WORDS
from postmarket.web.pages.versions.components import COMPONENTS, components_of
from postmarket.web.pages.waiting import STATES
from postmarket.worklist.interface import Lane

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.http import HttpRequest, HttpResponseBase

    from postmarket.inventory.models import DeviceVersion
    from postmarket.inventory.queries.currency import CurrencyRow
    from postmarket.inventory.rules.currency import Verdict
    from postmarket.monitoring.queries.coverage import VersionCoverage
    from postmarket.monitoring.queries.findings import Count

MOST_SBOMS = 20


@require_safe
def version(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What threatens it first, then what is in it, how current that is, and how much of it can be seen."""
    ask = asking(request)
    row = read_version(ask.by, pk, now=ask.now)
    if row is None:
        raise Http404
    found = findings(by=ask.by, asked=Asked(versions=(pk,)))
    listed = findings_table("findings", pack=ask.pack, leave_out=("device", "known"), alone=False).bind(request, found)
    seen = coverage_of(row.version, by=ask.by)
    components = COMPONENTS.bind(request, components_of(row.version, seen))
    file = listed.export() or components.export()
    if file is not None:
        return file
    current = currency_of([row.version], now=ask.now)[pk]
    sboms = list(history(ask.by, row.version)[:MOST_SBOMS])
    counted = counts(by=ask.by, asked=Asked(versions=(pk,)))
    return render(
        request,
        "versions/one.html",
        {
            "row": row,
            "may_upload": may(ask.by, Permission.SBOMS_UPLOAD, on=row.version.device.line),
            "version": row.version,
            "heading": heading(row.version, counted=counted, seen=seen),
            "findings": listed,
            "components": components,
            "sight": Sight(seen.counts, seen.causes),
            "judged_at": seen.state.judged_at if seen.state else None,
            "count": sum(seen.counts.values()),
            "seen": seen,
            "current": current,
            "answers": answers(current),
            "history": sboms,
            "held": next((one for one in waiting_held(ask.by) if one.version_id == pk), None),
            "about": about_another_of(current.sbom) if current.sbom else "",
            "before": next((one for one in sboms if one.state == SbomState.READ.value and not one.is_current), None),
        },
    )


def heading(version: DeviceVersion, *, counted: Sequence[Count], seen: VersionCoverage) -> str:
    """What matters of it, in one sentence: what is open before what somebody has said something of."""
    if not sum(seen.counts.values()):
        return f"Nothing can be said of {version}: no SBOM of it could be read."
    work = [one for one in counted if one.state in STATES and one.lane is Lane.WORKLIST]
    if pressing := _sum(one for one in work if one.priority is Priority.NOW):
        return f"{version}: {plural(pressing, 'finding')} cannot wait."
    if work:
        none = "" if any(one.priority is Priority.NOW for one in counted) else ", none presses"
        return f"{version}: {plural(_sum(work), 'finding')} to judge{none}."
    if counted:
        return f"{version}: no finding is left to judge; {_others(counted)}."
    clear, blind = seen.counts[Coverage.MATCHED_NONE], Sight(seen.counts, {}).unseen
    if not clear:
        return f"{version}: nothing can be said of any of its {plural(blind, 'component')}."
    return f"{version}: nothing is found in the {plural(clear, 'component')} that can be seen; {blind} cannot."


def _others(counted: Sequence[Count]) -> str:
    """ "2 decided, 1 to be signed, 3 possible"."""
    said: dict[str, int] = {}
    for one in counted:
        words = LANES[one.lane] if one.state in STATES else STATE_WORDS[one.state]
        said[words.lower()] = said.get(words.lower(), 0) + one.rows
    return ", ".join(f"{number} {words}" for words, number in said.items())


def _sum(counted: Iterable[Count]) -> int:
    return sum(one.rows for one in counted)


def answers(current: CurrencyRow) -> list[tuple[str, Verdict, Meaning]]:
    """The three questions of currency with their answers; good is yes, no, no."""
    asked = (
        ("Does it belong to what ships?", current.currency.belongs, Answer.YES),
        ("Is it older than the policy allows?", current.currency.too_old, Answer.NO),
        ("Is there a newer build without one?", current.currency.newer_build_without, Answer.NO),
    )
    return [(question, verdict, _meaning(verdict.answer, good)) for question, verdict, good in asked]


def _meaning(answer: Answer, good: Answer) -> Meaning:
    if answer is Answer.UNKNOWN:
        return Meaning.UNKNOWN
    return Meaning.SAFE if answer is good else Meaning.SOON
