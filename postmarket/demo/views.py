"""The demo's two pages: being somebody else, and the code of this half minute."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from postmarket.accounts.models import Person
from postmarket.demo.visitors import let_in


@require_POST
def be(request: HttpRequest) -> HttpResponse:
    """Go on as the person named, from Today."""
    named = request.POST.get("person", "")
    if not named.isdecimal():
        raise Http404
    person = get_object_or_404(Person, pk=named, is_active=True)
    let_in(request, person)
    return redirect("today")


@never_cache
@require_GET
def code(request: HttpRequest) -> HttpResponse:
    """What to type now, for the bar to show anew."""
    return render(request, "demo/code.html")
