"""Suppliers' web feeds, and what their entries turned out to be."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postmarket.accounts.authority import may, require
from postmarket.accounts.permissions import Permission
from postmarket.inventory.models import Supplier
from postmarket.monitoring.errors import InvalidReview, InvalidSchedule
from postmarket.monitoring.feed_words import ItemState, WatchVerdict
from postmarket.monitoring.queries.watches import items, open_items, watches
from postmarket.monitoring.services.watches import add_watch, review_item, switch_watch
from postmarket.web import clock
from postmarket.web.asking import reader, say, signed_in_person
from postmarket.web.pages.feeds.asking import said_on_the_page
from postmarket.web.pages.feeds.tables.watches import ITEMS, WATCHES, watch_word
from postmarket.web.pages.feeds.words import sentence


class WatchForm(forms.Form):
    """A feed of a supplier."""

    supplier = forms.ModelChoiceField(label="Supplier", queryset=Supplier.objects.all(), empty_label="Choose")
    address = forms.CharField(
        label="Address of the feed",
        max_length=2000,
        help_text="The RSS or Atom feed itself, as a browser shows it: https://…",
    )
    why = forms.CharField(label="Why", max_length=500)


class ItemForm(forms.Form):
    """What an entry turned out to be."""

    digest = forms.CharField(widget=forms.HiddenInput, required=False)
    verdict = forms.ChoiceField(
        label="What did you find?",
        widget=forms.RadioSelect,
        choices=[
            (WatchVerdict.NOT_OURS.value, "Reviewed, not ours"),
            (WatchVerdict.FOLLOWED.value, "It concerns us, and is followed"),
        ],
    )
    because = forms.CharField(
        label="Because",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        help_text="Why it is not ours, or where it is followed.",
    )


@require_safe
def every(request: HttpRequest) -> HttpResponseBase:
    """The feeds that are watched, and every entry they brought."""
    person = reader(request)
    found = WATCHES.bind(request, watches(by=person))
    table = ITEMS.bind(request, items(by=person))
    context = {
        "table": table,
        "watches": found,
        "open": open_items(),
        "broken": watches(by=person).filter(enabled=True, failures__gt=0).count(),
        "may_edit": may(person, Permission.SUPPLIERS_EDIT, on=None),
    }
    return found.export() or table.export() or render(request, "feeds/watches.html", context)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Watch another feed."""
    person = signed_in_person(request)
    require(person, Permission.SUPPLIERS_EDIT, on=None)
    form = WatchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            watch = add_watch(by=person, now=clock.now(), **form.cleaned_data)
        except InvalidSchedule as error:
            say(form, error)
        else:
            messages.success(request, f"{watch.supplier} is watched. The feed is asked as soon as a worker is free.")
            return HttpResponseRedirect(reverse("watches"))
    return render(request, "feeds/watch_add.html", {"form": form}, status=400 if form.errors else 200)


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One watched feed and its entries."""
    person = reader(request)
    watch = get_object_or_404(watches(by=person), pk=pk)
    table = ITEMS.bind(request, items(by=person).filter(watch=watch))
    context = {
        "watch": watch,
        "state": watch_word(watch),
        "problem": sentence(watch.problem),
        "table": table,
        "may_edit": may(person, Permission.SUPPLIERS_EDIT, on=None),
    }
    return table.export() or render(request, "feeds/watch.html", context)


@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop watching a feed, or begin again."""
    person = signed_in_person(request)
    watch = get_object_or_404(watches(by=person), pk=pk)
    with said_on_the_page(request):
        why = request.POST.get("why", "").strip() or (
            "Watched again." if not watch.enabled else "Not watched any more."
        )
        switch_watch(by=person, watch=watch, enabled=not watch.enabled, why=why, now=clock.now())
        messages.success(request, "It is watched again." if not watch.enabled else "It is not watched any more.")
    return HttpResponseRedirect(reverse("watch", kwargs={"pk": pk}))


@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry, and its review."""
    person = reader(request)
    found = get_object_or_404(items(by=person), pk=pk)
    form = ItemForm(request.POST or None, initial={"digest": found.digest})
    if request.method == "POST":
        require(person, Permission.ADVISORIES_REVIEW, on=None)
        if form.is_valid():
            given = form.cleaned_data
            try:
                review_item(
                    by=person,
                    item=found,
                    digest=given["digest"],
                    verdict=WatchVerdict(given["verdict"]),
                    because=given["because"],
                    now=clock.now(),
                )
            except InvalidReview as error:
                say(form, error)
            else:
                messages.success(request, "The entry is reviewed. It opens again when the supplier changes it.")
                return HttpResponseRedirect(reverse("watches"))
    context = {
        "item": found,
        "form": form,
        "is_open": found.state == ItemState.OPEN.value,
        "may_review": may(person, Permission.ADVISORIES_REVIEW, on=None),
    }
    return render(request, "feeds/watch_item.html", context, status=400 if form.errors else 200)
