"""One entry: who did what, when and why, before and after side by side, and its hash."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from postmarket.records import chain
from postmarket.records.models import Entry, Head
from postmarket.web.pages.records import words
from postmarket.web.pages.records.reading import readable, reader

LARGEST = 2**63 - 1


@require_safe
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """The entry with this number; its hash and its link to the one before are looked at now."""
    entries = readable(reader(request))
    found = entries.filter(number=number).first() if number <= LARGEST else None
    if found is None:
        raise Http404
    said = found.said
    context = {
        "entry": found,
        "said": said,
        "deed": words.deed(found.kind),
        "subject": words.subject_words(found),
        "subject_url": words.subject_url(found.subject),
        "rows": words.field_rows(said) if said else [],
        "detail": words.value_rows(said.detail) if said else [],
        "hash": bytes(found.hash).hex(),
        "previous": bytes(found.previous).hex(),
        "fits": chain.link(bytes(found.previous), bytes(found.content)) == bytes(found.hash),
        "continues": _before(number) == bytes(found.previous),
        "bytes": bytes(found.content).decode("utf-8", "backslashreplace"),
        "earlier": entries.filter(number__lt=number).order_by("-number").values_list("number", flat=True).first(),
        "later": entries.filter(number__gt=number).order_by("number").values_list("number", flat=True).first(),
    }
    return render(request, "records/entry.html", context)


def _before(number: int) -> bytes | None:
    """The hash that this entry must continue; None when it is not there."""
    if number == 1:
        head = Head.objects.filter(pk=Head.ONLY).first()
        return None if head is None else chain.genesis(head.chain)
    found = Entry.objects.filter(number=number - 1).values_list("hash", flat=True).first()
    return None if found is None else bytes(found)
