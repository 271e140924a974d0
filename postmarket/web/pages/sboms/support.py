"""Whose support ends: the forecast, and the ledger of what somebody looked up."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST, require_safe

from postmarket.accounts.authority import may, require
from postmarket.accounts.permissions import Permission
from postmarket.inventory.models import SupportStatement
from postmarket.inventory.policy import limits
from postmarket.inventory.queries.support import Ending, Forecast, forecast, ledger
from postmarket.inventory.rules.support_ledger import Outlook
from postmarket.inventory.services.support import withdraw_support
from postmarket.web import clock
from postmarket.web.asking import reader, signed_in_person
from postmarket.web.components.tags import Meaning, badge
from postmarket.web.components.text import plural
from postmarket.web.pages.sboms.forms import LEVELS, WhyForm
from postmarket.web.table import Choice, Column, Search, Table

OUTLOOKS = {Outlook.ENDED: (Meaning.HARM, "Ended"), Outlook.SOON: (Meaning.SOON, "Ends soon")}


def _named(row: Ending) -> str:
    return format_html('<a href="{}">{}</a>', reverse("component", args=[row.identity.pk]), row.identity)


ENDINGS = Table(
    name="endings",
    caption="Components whose support ends",
    columns=(
        Column[Ending](key="name", label="Component", heads=True, value=lambda row: str(row.identity), show=_named),
        Column[Ending](key="version", label="In", value=lambda row: str(row.version)),
        Column[Ending](
            key="state",
            label="Support",
            value=lambda row: OUTLOOKS[row.outlook][1],
            show=lambda row: badge(*OUTLOOKS[row.outlook]),
        ),
        Column[Ending](key="ends", label="Ends", value=lambda row: row.support.ends_on),
        Column[Ending](key="level", label="Level", value=lambda row: LEVELS[row.support.level], wide_only=True),
        Column[Ending](key="basis", label="Who says so", value=lambda row: row.support.basis.value, wide_only=True),
    ),
    filters=(
        Search(
            label="Find a component or version",
            narrow=lambda rows, text: [
                row for row in rows if text.casefold() in f"{row.identity} {row.version}".casefold()
            ],
        ),
        Choice(
            key="state",
            label="Support",
            options=tuple((outlook.value, words) for outlook, (_, words) in OUTLOOKS.items()),
            narrow=lambda rows, value: [row for row in rows if row.outlook.value == value],
        ),
    ),
    empty="sboms/no_endings.html",
)


@require_safe
def support(request: HttpRequest) -> HttpResponseBase:
    """What ends within the time the firm's policy looks ahead, in everything that is shipped."""
    by = reader(request)
    found = forecast(by, now=clock.now())
    table = ENDINGS.bind(request, found.endings)
    context = {
        "table": table,
        "found": found,
        "heading": heading(found),
        "limit": limits().support_forecast,
        "statements": ledger(by),
        "levels": {level.value: words for level, words in LEVELS.items()},
        "edits": may(by, Permission.SUPPLIERS_EDIT, on=None),
    }
    return table.export() or render(request, "sboms/support.html", context)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a statement back."""
    by, form = signed_in_person(request), WhyForm(request.POST)
    require(by, Permission.SUPPLIERS_EDIT, on=None)
    statement = SupportStatement.objects.filter(pk=pk).first()
    if statement is None:
        raise Http404
    if form.is_valid():
        withdraw_support(by=by, statement=statement, why=form.cleaned_data["why"], now=clock.now())
        messages.success(request, f"The {statement} counts no more.")
    else:
        messages.error(request, "Nothing was changed: say why.")
    return HttpResponseRedirect(reverse("support"))


def heading(found: Forecast) -> str:
    """What matters of it, in one sentence."""
    ended = sum(row.outlook is Outlook.ENDED for row in found.endings)
    if not found.listed:
        return "Nothing is shipped whose components are known."
    if ended:
        return f"Nobody supports {plural(ended, 'component,components')} of what is in the field any more."
    if found.endings:
        return f"The support of {plural(len(found.endings), 'component,components')} ends soon."
    if found.unknown:
        return f"Nobody said how long {plural(found.unknown, 'component is,components are')} supported."
    return "Everything that is shipped is supported beyond what the policy looks ahead."
