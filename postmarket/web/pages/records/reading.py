"""Who may read the records: the trail belongs to no device line, so it takes a grant for all of them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest

from postmarket.accounts.authority import require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.cases.queries.curtain import hidden_entries
from postmarket.records.models import Entry
from postmarket.web.asking import signed_in_person


def reader(request: HttpRequest) -> Person:
    """Who asks. Raises NotAllowed unless they may read records."""
    person = signed_in_person(request)
    require(person, Permission.RECORDS_READ, on=None)
    return person


def readable(by: Person) -> QuerySet[Entry]:
    """The entries that `by` may read: all but those of restricted cases that are not theirs to see."""
    return Entry.objects.exclude(hidden_entries(by))
