"""What machines sent for devices nobody knows."""

from __future__ import annotations

from django.db.models import QuerySet

from postmarket.accounts.authority import Caller
from postmarket.inventory.models import DeviceProposal
from postmarket.inventory.queries.scope import readable
from postmarket.inventory.words import ProposalState


def list_proposals(by: Caller, *, state: ProposalState | None = None) -> list[DeviceProposal]:
    """Proposals `by` may read, newest first; with `state` only those. One query besides the authority's."""
    found = _readable(by)
    return list(found if state is None else found.filter(state=state.value))


def proposal(by: Caller, pk: int) -> DeviceProposal | None:
    """One proposal, None when it is not there or not for `by`."""
    return _readable(by).filter(pk=pk).first()


def _readable(by: Caller) -> QuerySet[DeviceProposal]:
    found = DeviceProposal.objects.filter(readable(by))
    return found.select_related("line", "decided_by", "version__device", "evidence")
