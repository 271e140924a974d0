"""Advisories of CISA and of makers: whose they are, what of ours they share, and what somebody found."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from postmarket.accounts.authority import may, require
from postmarket.accounts.permissions import Permission
from postmarket.monitoring.errors import InvalidReview
from postmarket.monitoring.feed_words import AdvisoryVerdict, Sharing
from postmarket.monitoring.models import Advisory
from postmarket.monitoring.queries.advisories import advisories, shared, to_review
from postmarket.monitoring.services.advisories import review, revision_of
from postmarket.web import clock
from postmarket.web.asking import reader, say
from postmarket.web.pages.feeds.tables.advisories import ADVISORIES, WHOSE


class ReviewForm(forms.Form):
    """What somebody found of an advisory."""

    revision = forms.CharField(widget=forms.HiddenInput, required=False)
    verdict = forms.ChoiceField(
        label="What did you find?",
        widget=forms.RadioSelect,
        choices=[
            (AdvisoryVerdict.NOT_OURS.value, "Reviewed, not ours"),
            (AdvisoryVerdict.OURS.value, "It concerns us, and is followed"),
        ],
    )
    because = forms.CharField(
        label="Because",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        help_text="What you looked at, and why it is so. It is kept with your name.",
    )


@require_safe
def every(request: HttpRequest) -> HttpResponseBase:
    """All of them; what waits for a review is said in the title."""
    person = reader(request)
    table = ADVISORIES.bind(request, advisories(by=person))
    return table.export() or render(
        request, "feeds/advisories.html", {"table": table, "waiting": to_review(by=person).count()}
    )


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One advisory, and its review."""
    person = reader(request)
    advisory = get_object_or_404(advisories(by=person), pk=pk)
    form = ReviewForm(request.POST or None, initial={"revision": revision_of(advisory)})
    if request.method == "POST":
        require(person, Permission.ADVISORIES_REVIEW, on=None)
        if form.is_valid():
            given = form.cleaned_data
            try:
                review(
                    by=person,
                    advisory=advisory,
                    revision=given["revision"],
                    verdict=AdvisoryVerdict(given["verdict"]),
                    because=given["because"],
                    now=clock.now(),
                )
            except InvalidReview as error:
                say(form, error)
            else:
                messages.success(request, f"{advisory.number} is reviewed. It opens again when it is revised.")
                return HttpResponseRedirect(reverse("advisories"))
    found = shared(advisory, by=person)
    context = {
        "advisory": advisory,
        "title": _title(advisory),
        "whose": WHOSE[advisory.whose],  # type: ignore[index]
        "affected": [one for one in found if one.sharing is Sharing.AFFECTED],
        "same": [one for one in found if one.sharing is Sharing.SAME_COMPONENT],
        "reviews": advisory.reviews.select_related("by"),
        "form": form,
        "may_review": may(person, Permission.ADVISORIES_REVIEW, on=None),
    }
    return render(request, "feeds/advisory.html", context, status=400 if form.errors else 200)


def _title(advisory: Advisory) -> str:
    if advisory.affected:
        many = advisory.affected
        return f"{many:,} of our versions {'shares' if many == 1 else 'share'} what {advisory.number} reports."
    if advisory.sharing:
        many = advisory.sharing
        return f"{many:,} of our versions {'has' if many == 1 else 'have'} the same component in another version."
    return f"Nothing of ours is known to share what {advisory.number} reports."
