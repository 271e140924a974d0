"""The article's response for a device type, and what a firm's own device type ranks as."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from postmarket.policy.errors import PolicyError
from postmarket.policy.interface import Authority, Citation, Criticality, Response
from postmarket.policy.overlay import fold

if TYPE_CHECKING:
    from postmarket.policy.pack import Pack

UNKNOWN = "Criticality unknown: ranks as {criticality}."
UNMAPPED = "“{name}” is no device type of this policy: ranks as {criticality} until a signed row maps it."
MAPPED = "“{name}” ranks as {criticality}: {reason} (signed by {by}, {on})."


@dataclass(frozen=True, slots=True)
class DeviceType:
    """
    What a device type ranks as.

    `criticality` is `UNKNOWN` for an unmapped type, which then ranks as life-supporting everywhere; `note` is a whole
    sentence for people, empty for the article's own types.
    """

    name: str
    criticality: Criticality
    citation: Citation
    note: str = ""


def response(criticality: Criticality, pack: Pack) -> Response:
    """The article's response for `criticality`; unknown gets the life-supporting row and a note."""
    return _response(criticality, pack)


@lru_cache(maxsize=64)
def _response(criticality: Criticality, pack: Pack) -> Response:
    table = pack.response
    unknown = criticality is Criticality.UNKNOWN
    wanted = table.unknown_as if unknown else criticality
    for row in table.row:
        if row.criticality is wanted:
            note = UNKNOWN.format(criticality=wanted.value) if unknown else ""
            return Response(criticality, row.active, row.suspected, table.cited(), note)
    raise PolicyError(f"the policy has no response for {wanted.value} devices", where=pack.version)


def device_type(name: str, pack: Pack) -> DeviceType:
    """
    What the device type `name` ranks as: one of the article's four, or one the firm added by a signed row.

    Case, `_` and `-` make no difference. Any other name is unknown, and its note says so.
    """
    folded = fold(name)
    for member in Criticality:
        if folded == fold(member.value):
            note = UNKNOWN.format(criticality=_unknown_as(pack)) if member is Criticality.UNKNOWN else ""
            return DeviceType(name, member, pack.response.cited(), note)
    row = pack.device_types.get(folded)
    if row is None:
        note = UNMAPPED.format(name=name, criticality=_unknown_as(pack))
        return DeviceType(name, Criticality.UNKNOWN, pack.response.cited(), note)
    note = MAPPED.format(name=row.name, criticality=row.ranks_as, reason=row.reason, by=row.signed_by, on=row.signed_on)
    citation = Citation(Authority.FIRM, f"Firm's device type “{row.name}”, signed by {row.signed_by}, {row.signed_on}")
    return DeviceType(name, Criticality(row.ranks_as), citation, note)


def _unknown_as(pack: Pack) -> str:
    return pack.response.unknown_as.value
