"""Signing: the meaning somebody gives, with a fresh proof of who they are, to exactly what they were shown."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from postmarket.records.alerts import Alert, AlertKind
from postmarket.records.errors import SigningRefused
from postmarket.records.interface import Actor, ActorKind, Subject, Value, instant
from postmarket.records.meanings import Authentication, Factor, Meaning, Target
from postmarket.records.models import Signature, SignedTarget
from postmarket.records.trail import act

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

__all__ = ["Authentication", "Factor", "Meaning", "Target", "note_failure", "sign"]

FRESH = timedelta(minutes=2)
CLOCKS_APART = timedelta(seconds=5)
"""How far an identity provider's clock may be ahead of ours."""
NEEDED_COMPONENTS = 2
MOST_TARGETS = 5_000
SIGNED = "signature.signed"
FAILED = "signature.failed"


def sign(
    *,
    signer: Actor,
    meaning: Meaning,
    manifest: Sequence[Target],
    authentication: Authentication,
    at: datetime,
    why: str = "",
    policy: str = "",
) -> Signature:
    """
    Sign every target of the manifest in one ceremony.

    The printed name is the signer's as it is now (21 CFR 11.50(a)(1)). Joins the act it stands in. Raises
    SigningRefused for a machine, an empty or repeating manifest, an authentication older than two minutes, from the
    future, or of fewer than two components (11.200(a)); the refusal is recorded whatever becomes of the act, and told.
    """
    refused = _refusal(signer, manifest, authentication, at)
    if refused is not None:
        note_failure(signer=signer, manifest=manifest, at=at, why=refused.reason())
        raise refused
    signature = Signature(
        id=uuid.uuid4().hex,
        signer_id=signer.id,
        printed_name=signer.name,
        meaning=meaning.value,
        at=at,
        site_zone=settings.SITE_TIME_ZONE,
        factors=" ".join(sorted(authentication.factors)),
        authenticated_at=authentication.at,
    )
    with act(actor=signer, at=at, why=why, policy=policy) as doing:
        signature.save(force_insert=True)
        SignedTarget.objects.bulk_create(
            SignedTarget(
                signature=signature,
                position=position,
                subject_kind=target.subject.kind,
                subject_id=target.subject.id,
                sha256=target.sha256,
            )
            for position, target in enumerate(manifest)
        )
        doing.note(SIGNED, subject=signature, detail=_said(signature, manifest))
    return signature


def note_failure(*, signer: Actor, manifest: Sequence[Target], at: datetime, why: str) -> None:
    """
    Record that a signing failed, and tell (11.300(d)): for the ceremony, when a password or code was wrong.

    The record outlives the act it stands in, if that is undone.
    """
    wanted: list[Value] = [_target(target) for target in manifest[:MOST_TARGETS]]
    with act(actor=signer, at=at, why=why) as doing:
        doing.note_lasting(FAILED, subject=Subject("person", signer.id), detail={"manifest": wanted})
        doing.tell(Alert(AlertKind.SIGNING_FAILED, at, signer, f"A signing by {signer.name} failed: {why}"))


def _refusal(
    signer: Actor, manifest: Sequence[Target], authentication: Authentication, at: datetime
) -> SigningRefused | None:
    """Why this cannot be signed, or None."""
    again = "Authenticate again and sign at once."
    if signer.kind is not ActorKind.HUMAN:
        return SigningRefused("Only a person can sign", where=signer.id)
    if not manifest:
        return SigningRefused("There is nothing to sign", next_step="Choose what to sign.")
    if len(manifest) > MOST_TARGETS:
        return SigningRefused(
            "This is too much for one ceremony", why=f"{len(manifest):,} targets, and {MOST_TARGETS:,} is the most"
        )
    if len({target.subject for target in manifest}) < len(manifest):
        return SigningRefused("The same thing is to be signed twice in one ceremony", next_step="List it once.")
    if at - authentication.at > FRESH:
        return SigningRefused("The authentication is older than two minutes", why="21 CFR 11.200", next_step=again)
    if authentication.at - at > CLOCKS_APART:
        return SigningRefused(
            "The authentication comes from the future",
            why=f"{instant(authentication.at)} at {instant(at)}",
            next_step="Set the clocks, then authenticate again.",
        )
    if authentication.components < NEEDED_COMPONENTS:
        return SigningRefused(
            "One identification component is too little to sign",
            why="21 CFR 11.200(a)(1) demands two",
            next_step="Add a code or use a passkey.",
        )
    return None


def _said(signature: Signature, manifest: Sequence[Target]) -> dict[str, Value]:
    """What the entry says; `records verify` holds the tables against it."""
    return {
        "printed_name": signature.printed_name,
        "meaning": signature.meaning,
        "factors": signature.factors,
        "authenticated_at": instant(signature.authenticated_at),
        "manifest": [_target(target) for target in manifest],
    }


def _target(target: Target) -> dict[str, Value]:
    return {"kind": target.subject.kind, "id": target.subject.id, "sha256": target.sha256}
