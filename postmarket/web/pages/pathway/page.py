"""The page on which a pathway is built: the picture, the steps, and what saving will cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe
from msgspec.structs import replace

from postmarket.accounts.errors import NotAllowed
from postmarket.assessment.errors import ChangedMeanwhile, NotFound
from postmarket.assessment.rules.pathway import missing
from postmarket.assessment.services.pathways import save_pathway
from postmarket.errors import PostmarketError
from postmarket.web import clock
from postmarket.web.pages.pathway.asking import Asked, asked
from postmarket.web.pages.pathway.beside import beside
from postmarket.web.pages.pathway.buttons import press, settle
from postmarket.web.pages.pathway.draft import Draft, drafted, read
from postmarket.web.pages.pathway.drawn import drawn
from postmarket.web.pages.pathway.headline import headline
from postmarket.web.pages.pathway.shown import Focus, shown

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from postmarket.assessment.models import Assessment
    from postmarket.assessment.rules.content import Pathway


MISSING = "Something is missing below; nothing is lost."


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """
    The form as it is, and what the page says of it.

    `checked` shows what is wrong in its fields, `wrong` what is wrong with the whole. `said` is what a button did,
    `theirs` the pathway somebody else saved since.
    """

    draft: Draft
    checked: bool = False
    wrong: str = ""
    said: str = ""
    focus: Focus | None = None
    theirs: Pathway | None = None


@require_safe
def pathway(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The picture, and the form for who may build it. Raises CaseNotFound, NotFound, NotAllowed."""
    at = asked(request, number, pk, writes=False)
    found = at.begun.pathway
    begun = found if found.steps or not at.writes else replace(found, steps=at.begun.known)
    return _page(request, at, State(draft=drafted(begun, at.kinds)))


@require_POST
def pathway_save(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A button of the form; what is not saved is in the form alone. Raises CaseNotFound, NotFound, NotAllowed."""
    at = asked(request, number, pk)
    do = request.POST.get("do", "save")
    draft = settle(read(request.POST, at.names), request.POST, at, do=do)
    if do == "draw":
        return render(request, "pathway/drawn.html", {"drawn": drawn(draft.pathway), "unsaved": True})
    if do != "save":
        changed, said, focus = press(do, draft, request.POST, at)
        return _page(request, at, State(draft=changed, said=said, focus=focus))
    return _save(request, at, draft)


def _save(request: HttpRequest, at: Asked, draft: Draft) -> HttpResponse:
    form = shown(draft, at.controls, checked=True, asks_proof=at.begun.exploited)
    if not form.is_valid:
        return _page(
            request, at, State(draft=draft, checked=True, wrong="Something is missing below; nothing is lost.")
        )
    try:
        row = save_pathway(
            by=at.by,
            case=at.case,
            version=at.begun.version,
            seen=request.POST.get("seen", ""),
            steps=draft.pathway.steps,
            hazards=draft.pathway.hazards,
            new_controls=draft.new_controls,
            template=at.template(draft.template),
            now=clock.now(),
        )
    except ChangedMeanwhile as error:
        state = State(draft=draft, wrong=error.reason(), theirs=at.begun.pathway)
        return _page(request, at, state, status=409)
    except (NotAllowed, NotFound):
        raise
    except PostmarketError as error:
        return _page(request, at, State(draft=draft, checked=True, wrong=error.reason()))
    return _saved(request, at, row)


def _saved(request: HttpRequest, at: Asked, row: Assessment) -> HttpResponse:
    """On to the assessment when it reaches the patient; else it is still to be drawn."""
    gone = missing(row.says.exploit_impact_pathway)
    if gone:
        messages.success(request, f"Saved in revision {row.revision}. It does not reach the patient yet.")
        return HttpResponseRedirect(at.place)
    messages.success(request, f"Saved in revision {row.revision}. It reaches the patient.")
    return HttpResponseRedirect(at.next_place())


def _page(request: HttpRequest, at: Asked, state: State, *, status: int = 0) -> HttpResponse:
    form = shown(state.draft, at.controls, checked=state.checked, asks_proof=at.begun.exploited, focus=state.focus)
    said = state.draft.pathway
    context: dict[str, Any] = {
        "at": at,
        "case": at.case,
        "begun": at.begun,
        "state": state,
        "form": form,
        "headline": headline(said, at.begun),
        "drawn": drawn(said),
        # Until somebody else's stands beside it, the form is of what it was opened on: else it would save over that.
        "seen": at.begun.seen if state.theirs is not None else request.POST.get("seen", at.begun.seen),
        "theirs": None if state.theirs is None else drawn(state.theirs, id="theirs"),
        "unsaved": request.method == "POST" or (not at.begun.pathway.steps and bool(said.steps)),
        "beside": beside(at, state.draft),
        "offers": at.offers,
        "prefilled": at.writes and request.method != "POST" and not at.begun.pathway.steps and bool(at.begun.known),
    }
    return render(request, "pathway/pathway.html", context, status=status or (400 if state.wrong else 200))
