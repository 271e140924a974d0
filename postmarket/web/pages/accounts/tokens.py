"""API tokens: which there are, a new one shown once, and taking one back."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postmarket.accounts.authority import ANYWHERE, may, require
from postmarket.accounts.errors import InvalidToken, NotAllowed
from postmarket.accounts.models import ApiToken
from postmarket.accounts.permissions import Permission
from postmarket.accounts.queries import tokens as queries
from postmarket.accounts.queries.tokens import TokenState
from postmarket.accounts.scopes import Scope
from postmarket.accounts.services.tokens import issue_token, revoke_token
from postmarket.web import clock
from postmarket.web.asking import say, signed_in_person
from postmarket.web.components.dates import said
from postmarket.web.components.tags import badge
from postmarket.web.pages.accounts.forms import SCOPES, TokenForm, WhyForm
from postmarket.web.table import Choice, Column, Search, Table

SOON = timedelta(days=14)
WORDS = {TokenState.OPEN: "Works", TokenState.EXPIRED: "Expired", TokenState.REVOKED: "Taken back"}


def _state(token: ApiToken) -> TokenState:
    return queries.state_of(token, now=clock.now())


def _shown_state(token: ApiToken) -> str:
    state = _state(token)
    if state is TokenState.OPEN and token.expires_at - clock.now() <= SOON:
        return badge("soon", "Ends soon")
    return badge("safe" if state is TokenState.OPEN else "plain", WORDS[state])


def _named(token: ApiToken) -> str:
    line = token.line.name if token.line else "all device lines"
    return format_html(
        '<a href="{}">{}</a><div class="small quiet"><span class="mono">pm_{}…</span> for {}</div>',
        reverse("token", args=[token.key]),
        token.name,
        token.key,
        line,
    )


def _scopes(token: ApiToken) -> list[str]:
    return [SCOPES[Scope(word)] for word in token.scopes.split()]


TOKENS = Table(
    name="tokens",
    caption="API tokens",
    columns=(
        Column[ApiToken](key="name", label="For", value=lambda one: one.name, show=_named, heads=True),
        Column[ApiToken](
            key="may",
            label="It may",
            value=lambda one: ", ".join(_scopes(one)),
            show=lambda one: format_html_join("", "<div>{}</div>", ((words,) for words in _scopes(one))),
            sortable=False,
        ),
        Column[ApiToken](key="state", label="State", value=lambda one: WORDS[_state(one)], show=_shown_state),
        Column[ApiToken](key="ends", label="Ends", value=lambda one: one.expires_at),
        Column[ApiToken](
            key="used",
            label="Last used",
            value=lambda one: one.last_used_on or "not yet",
            show=lambda one: said(one.last_used_on) if one.last_used_on else "not yet",
            sortable=False,
            wide_only=True,
        ),
        Column[ApiToken](key="by", label="Answers for it", value=lambda one: one.issued_by.name, wide_only=True),
    ),
    filters=(
        Search(
            label="Find a token",
            narrow=lambda rows, words: [
                one for one in rows if words.casefold() in f"{one.name}\npm_{one.key}".casefold()
            ],
        ),
        Choice(
            key="state",
            label="State",
            options=tuple((state.value, words) for state, words in WORDS.items()),
            narrow=lambda rows, value: [one for one in rows if _state(one).value == value],
        ),
    ),
    empty="accounts/no_tokens.html",
    takes=None,
)


@require_safe
def token_list(request: HttpRequest) -> HttpResponseBase:
    """The tokens this person may see."""
    person = signed_in_person(request)
    found = queries.tokens(by=person)
    works = [one for one in found if _state(one) is TokenState.OPEN]
    table = TOKENS.bind(request, found)
    context = {
        "table": table,
        "works": len(works),
        "ending": sum(one.expires_at - clock.now() <= SOON for one in works),
        "issues": may(person, Permission.TOKENS_ISSUE, on=ANYWHERE),
    }
    return table.export() or render(request, "accounts/tokens.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def issue(request: HttpRequest) -> HttpResponse:
    """A new token; its text is shown this once."""
    person = signed_in_person(request)
    require(person, Permission.TOKENS_ISSUE, on=ANYWHERE)
    form = TokenForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        make = partial(issue_token, by=person, name=data["name"], line=data["line"], why=data["why"], now=clock.now())
        try:
            issued = make(scopes=[Scope(word) for word in data["scopes"]], holds=timedelta(days=data["days"]))
        except (InvalidToken, NotAllowed) as error:
            say(form, error)
        else:
            return render(request, "accounts/token_issued.html", {"issued": issued, "scopes": _scopes(issued.token)})
    return render(request, "accounts/token_issue.html", {"form": form}, status=400 if form.errors else 200)


@require_safe
def token(request: HttpRequest, key: str) -> HttpResponse:
    """One token: what it may, who answers for it, and taking it back."""
    found = queries.token(by=signed_in_person(request), key=key)
    state = _state(found)
    context = {
        "token": found,
        "scopes": _scopes(found),
        "state": state.value,
        "badge": _shown_state(found),
        "form": WhyForm(),
    }
    return render(request, "accounts/token.html", context)


@require_POST
def revoke(request: HttpRequest, key: str) -> HttpResponse:
    """Take a token back."""
    person = signed_in_person(request)
    found, form = queries.token(by=person, key=key), WhyForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was changed: say why.")
        return HttpResponseRedirect(reverse("token", args=[key]))
    revoke_token(by=person, token=found, why=form.cleaned_data["why"], now=clock.now())
    messages.success(request, f"“{found.name}” opens nothing any more.")
    return HttpResponseRedirect(reverse("tokens"))
