"""Anchoring: signing the head of now and putting it wherever the settings say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from postmarket.records import heads
from postmarket.records.alerts import Alert, AlertKind
from postmarket.records.anchors.folder import Folder
from postmarket.records.anchors.interface import Delivery, Destination
from postmarket.records.anchors.mail import Mail
from postmarket.records.anchors.webhook import Webhook
from postmarket.records.errors import AnchorTrouble, ChainBroken
from postmarket.records.interface import Actor, ActorKind, Subject, Value
from postmarket.records.keys import signing_key
from postmarket.records.models import Head
from postmarket.records.trail import act

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from postmarket.records.heads import SignedHead

MADE = "anchor.made"
ANCHORER = Actor("records", "Records", ActorKind.MACHINE)


@dataclass(frozen=True, slots=True)
class Anchored:
    """An anchor, and how it went at each destination."""

    anchor: SignedHead
    deliveries: tuple[Delivery, ...]

    @property
    def kept(self) -> bool:
        """Whether it is at one destination at least."""
        return any(not one.trouble for one in self.deliveries)

    @property
    def troubles(self) -> tuple[Delivery, ...]:
        """The destinations it did not reach."""
        return tuple(one for one in self.deliveries if one.trouble)


def destinations() -> list[Destination]:
    """Where anchors go, as the settings say: a folder always, mail and a webhook when they are named."""
    found: list[Destination] = [anchor_folder()]
    if settings.ANCHOR_MAIL:
        found.append(Mail(tuple(settings.ANCHOR_MAIL)))
    if settings.ANCHOR_WEBHOOK:
        found.append(Webhook(settings.ANCHOR_WEBHOOK))
    return found


def anchor_folder() -> Folder:
    """The folder of anchors."""
    return Folder(Path(settings.ANCHOR_FOLDER))


def anchor_now(*, now: datetime, to: Sequence[Destination] | None = None) -> Anchored:
    """
    Sign where the chain ends, deliver that everywhere, and record how it went; the daily task calls this.

    Stands in no act: what is anchored has been committed. A destination that fails stops no other; each failure is
    recorded and told. Raises ChainBroken without a head, KeyTrouble without a key.
    """
    places = destinations() if to is None else to
    head = Head.objects.filter(pk=Head.ONLY).first()
    if head is None:
        raise ChainBroken("There is no head to anchor", next_step="Run: postmarket records verify")
    key = signing_key(Path(settings.POSTMARKET_HOME))
    anchor = heads.sign(key, chain=head.chain, number=head.number, hash_=bytes(head.hash), at=now)
    done = Anchored(anchor, tuple(_deliver(anchor, place) for place in places))
    delivered: list[Value] = [{"to": one.destination, "trouble": one.trouble} for one in done.deliveries]
    with act(actor=ANCHORER, at=now, why="Anchors show what was cut off or rewritten.") as doing:
        doing.note(
            MADE,
            subject=Subject("chain", anchor.chain),
            detail={"number": anchor.number, "hash": anchor.hash.hex(), "key": anchor.key, "deliveries": delivered},
        )
        for one in done.troubles:
            text = f"The anchor of the records did not reach the {one.destination}: {one.trouble}"
            doing.tell(Alert(AlertKind.ANCHORING_FAILED, now, ANCHORER, text))
    return done


def _deliver(anchor: SignedHead, place: Destination) -> Delivery:
    try:
        place.deliver(anchor)
    except AnchorTrouble as error:
        return Delivery(place.name, error.reason())
    return Delivery(place.name, "")
