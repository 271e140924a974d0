"""Which reports somebody may see: every query of reports goes through here."""

from __future__ import annotations

from django.db.models import Q

from postmarket.accounts.authority import Caller, lines
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.intake import hooks
from postmarket.inventory.models import Device


def visible_to(by: Caller) -> Q:
    """
    A filter on Report.

    A report about a device is for those who may read its line; one about no device yet for everybody who reads content
    anywhere: somebody has to say which device it is about. Rooms above draw curtains: what is in a restricted case.
    """
    held = lines(by, Permission.CONTENT_READ)
    if not held:
        return Q(pk__in=())
    seen = Q()
    if not held.every:
        about = Q(pk__in=Device.objects.filter(line__in=held.ids).values("reports__pk"))
        seen = about | Q(devices=None)
        if isinstance(by, Person):
            seen |= Q(entered_by=by)
    for curtain in hooks.curtains():
        seen &= ~Q(pk__in=_hidden(curtain(by)))
    return seen


def _hidden(what: Q) -> object:
    from postmarket.intake.models import Report

    return Report.objects.filter(what).values("pk")
