"""Answering, taking back, and sending to be signed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from postmarket.accounts.signing.ceremony import MOST as MOST_SIGNED
from postmarket.accounts.signing.ceremony import begin_ceremony
from postmarket.errors import PostmarketError
from postmarket.monitoring.errors import NotFound
from postmarket.monitoring.models import Decision, VersionDecision
from postmarket.monitoring.queries.decisions import to_sign
from postmarket.monitoring.queries.findings import Asked, findings
from postmarket.monitoring.services.deciding.answering import decide, undo
from postmarket.monitoring.words import DecisionState, FindingState
from postmarket.records.meanings import Meaning
from postmarket.web.components.text import plural
from postmarket.web.pages.context import Asking, asking
from postmarket.web.pages.findings.items import Item, items
from postmarket.web.pages.findings.words import LANES
from postmarket.web.pages.triage.answers import AnswerForm, choices
from postmarket.web.pages.triage.filters import Filters, filters
from postmarket.web.pages.triage.given import Given, given

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from postmarket.monitoring.queries.findings import FindingRow
    from postmarket.monitoring.rules.answers import Answer

MOST_ROWS: Final = 500
MOST_ITEMS: Final = 100
LONGEST_NUMBER: Final = 10
WHY: Final = "Decided in triage."
STATES_IN_ORDER: Final = {
    FindingState.OPEN: 0,
    FindingState.REOPENED: 0,
    FindingState.PROPOSED: 1,
    FindingState.DECIDED: 2,
}
"""Which rows an item that is in no asked list is read from: what waits for an answer first."""


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """
    Answer one finding, or many at once: GET lists the targets, POST answers them all.

    What `item` names (device and vulnerability, again and again) is answered for each of its components that the list
    shows with the filters that came along; with `sign` the person is sent on to sign exactly what was proposed.
    """
    ask = asking(request)
    said = request.POST if request.method == "POST" else request.GET
    within = filters(said)
    chosen = named(said.getlist("item")[:MOST_ITEMS], ask, within)
    if not chosen:
        raise NotFound("There is no such finding", next_step="Look at the list again.")
    back = _back(said.get("back", ""))
    if request.method == "POST":
        form = AnswerForm(request.POST)
        try:
            if form.is_valid():
                proposed = given(chosen, ask.held)
                made = answer_all(chosen, form.answer, ask)
                return _after(request, ask, made, chosen, form.answer, proposed, back=back)
        except PostmarketError as error:
            if error.code == "not-allowed":
                raise
            messages.error(request, error.reason())
    sent = request.POST if request.method == "POST" else None
    proposed = given(chosen, ask.held)
    return render(
        request,
        "triage/answer.html",
        {
            "chosen": chosen,
            "choices": choices(proposed, given=sent),
            "given": proposed,
            "back": back,
            "filters": within,
            "rows": sum(len(i.rows) for i in chosen),
        },
    )


@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """Undo: what was answered, wherever nobody has signed it yet."""
    ask = asking(request)
    decisions = Decision.objects.filter(pk__in=_numbers(request.GET.getlist("decision"))).select_related(
        "made_for__device__line"
    )
    with transaction.atomic():
        waiting = VersionDecision.objects.filter(decision__in=decisions, state=DecisionState.PROPOSED.value)
        count = waiting.order_by().values("version").distinct().count()
        for one in decisions:
            undo(by=ask.by, decision=one, now=ask.now)
    messages.info(request, f"Taken back for {plural(count, 'version')}.")
    return HttpResponseRedirect(_back(request.GET.get("back", "")))


@require_POST
def sign(request: HttpRequest) -> HttpResponse:
    """Put what waits for this person's signature before them as one list: all of it, or what `decision` names."""
    ask = asking(request)
    waiting = to_sign(by=ask.by)
    asked = request.POST.getlist("decision")
    if asked:
        waiting = waiting.filter(decision__in=_numbers(asked))
    return _ceremony(list(waiting[:MOST_SIGNED]), ask, back=_back(request.POST.get("back", "")))


def named(keys: Sequence[str], ask: Asking, within: Filters) -> list[Item]:
    """
    The items that keys of addresses name, of what the person may read, as the list `within` shows them; each once.

    One that is not in that list (it was answered meanwhile, it is only possible) is given as the first other list has
    it: an item never holds rows that no list shows together.
    """
    pairs = [key.split("-") for key in dict.fromkeys(keys)]
    numbers = {tuple(_numbers(pair)) for pair in pairs if len(pair) == 2}
    wanted = {(one[0], one[1]) for one in numbers if len(one) == 2}
    if not wanted:
        return []
    found = _read(ask, within.asked, wanted)
    missing = wanted - {(item.device.pk, item.facts.lead) for item in found}
    if missing:
        anywhere = Asked(versions=(within.version,) if within.version else ())
        found += [_of_one_list(item) for item in _read(ask, anywhere, missing)]
    return found


def _read(ask: Asking, asked: Asked, wanted: Collection[tuple[int, int]]) -> list[Item]:
    devices, leads = sorted({device for device, _ in wanted}), sorted({lead for _, lead in wanted})
    rows = findings(by=ask.by, asked=replace(asked, devices=devices, vulnerabilities=leads)).cut(0, MOST_ROWS)
    return [item for item in items(rows, pack=ask.pack) if (item.device.pk, item.facts.lead) in wanted]


def _of_one_list(item: Item) -> Item:
    """The rows of it that stand in one list together: shipped before in development, to judge before all else."""

    def place(row: FindingRow) -> tuple[bool, int, int]:
        return not row.version.is_shipped, tuple(LANES).index(row.lane), STATES_IN_ORDER[row.state]

    first = min(place(row) for row in item.rows)
    return Item(tuple(row for row in item.rows if place(row) == first), item.pack)


def answer_all(chosen: Sequence[Item], answered: Answer, ask: Asking) -> list[Decision]:
    """One decision for each component of each item, or none at all."""
    made: list[Decision] = []
    seen: set[tuple[int, int]] = set()
    with transaction.atomic():
        for item in chosen:
            for row in item.rows:
                _, identity, lead = row.place
                if (identity, lead) not in seen:
                    seen.add((identity, lead))
                    made.append(decide(by=ask.by, place=row.place, answer=answered, why=WHY, now=ask.now))
    return made


def _after(
    request: HttpRequest,
    ask: Asking,
    made: Sequence[Decision],
    chosen: Sequence[Item],
    answered: Answer,
    proposed: Given,
    *,
    back: str,
) -> HttpResponse:
    numbers = [one.pk for one in made]
    if request.POST.get("sign"):
        waiting = list(to_sign(by=ask.by).filter(decision__in=numbers)[:MOST_SIGNED])
        if waiting:
            return _ceremony(waiting, ask, back=back)
    undo_at = f"{reverse('triage-undo')}?{urlencode({'decision': numbers, 'back': back}, doseq=True)}"
    what = chosen[0].facts.name if len(chosen) == 1 else plural(len(chosen), "finding")
    messages.success(
        request,
        f"{answered.words.capitalize()}: {what}, proposed for {proposed.words}.",
        extra_tags=f"undo:{undo_at}",
    )
    return HttpResponseRedirect(back)


def _ceremony(waiting: Sequence[VersionDecision], ask: Asking, *, back: str) -> HttpResponse:
    ceremony = begin_ceremony(
        person=ask.by,
        subjects=[one.subject for one in waiting],
        meaning=Meaning.APPROVED,
        why=WHY,
        back_to=back,
        now=ask.now,
    )
    return HttpResponseRedirect(reverse("accounts:sign", args=[ceremony.key]))


def _back(said: str) -> str:
    """Where to return to: a page of ours, else the list."""
    local = url_has_allowed_host_and_scheme(said, allowed_hosts=None) and said.startswith("/")
    return said if local else reverse("triage")


def _numbers(said: Sequence[str]) -> list[int]:
    """Those that can be keys of rows."""
    return [int(one) for one in said if one.isascii() and one.isdecimal() and len(one) < LONGEST_NUMBER]
