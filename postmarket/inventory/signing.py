"""Determinations as something to be signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.accounts.signing.interface import Shown
from postmarket.inventory.models import Determination, Device
from postmarket.inventory.rules.cyber_device import QUESTIONS, Outcome, Tests, applies, objections, outcome
from postmarket.inventory.snapshots import determination_snapshot
from postmarket.inventory.words import SubmissionType
from postmarket.records import Act, Snapshot, Value
from postmarket.records.meanings import Meaning
from postmarket.records.models import Signature


class Determinations:
    """A draft is shown with all it rests on; signed, it is in force and supersedes the one before."""

    kind = "determination"
    permission = Permission.DEVICES_DETERMINE

    def shown(self, ids: Sequence[str]) -> Mapping[str, Shown]:
        """The drafts among `ids` whose device still came to market as they say."""
        keys = [int(one) for one in ids if one.isdecimal()]
        drafts = Determination.objects.filter(pk__in=keys, signature=None).select_related("drafted_by")
        with transaction.atomic():  # the locks hold as long as the caller's transaction, if there is one
            devices = Device.objects.select_for_update(of=("self",)).select_related("line").order_by("pk")
            by_key = {one.pk: one for one in devices.filter(determinations__in=keys)}
            found = [(one, by_key[one.device_id]) for one in drafts]
        return {str(one.pk): shown(one, device) for one, device in found if one.basis == device.basis}

    def signed(
        self, shown: Sequence[Shown], *, meaning: Meaning, signature: Signature, by: Person, doing: Act, now: datetime
    ) -> None:
        """Put them in force; each supersedes the one before, and both stay."""
        for one in shown:
            draft = Determination.objects.select_for_update(of=("self",)).get(pk=int(one.subject.id))
            for earlier in Determination.objects.filter(
                device_id=draft.device_id, signature__isnull=False, superseded_at=None
            ):
                was = determination_snapshot(earlier)
                earlier.superseded_at = now
                earlier.save(update_fields=["superseded_at"])
                after = determination_snapshot(earlier)
                doing.note("determination.superseded", subject=earlier, before=was, after=after)
            before = determination_snapshot(draft)
            draft.signature, draft.signed_at = signature, now
            draft.save(update_fields=["signature", "signed_at"])
            doing.note("determination.signed", subject=draft, before=before, after=determination_snapshot(draft))


def shown(determination: Determination, device: Device) -> Shown:
    """What is put before the signer."""
    tests = determination.tests
    return Shown(
        subject=determination.subject,
        sentence=f"{device.name}: {SENTENCES[outcome(tests)]}",
        content=_content(determination, tests),
        line=device.line,
    )


SENTENCES = {
    Outcome.CYBER_DEVICE: "it is a cyber device in the sense of section 524B(c)",
    Outcome.NOT_A_CYBER_DEVICE: "it is not a cyber device in the sense of section 524B(c)",
    Outcome.OPEN: "a test of section 524B(c) is not answered",
}


def _content(determination: Determination, tests: Tests) -> Snapshot:
    basis = determination.basis
    submitted = basis["submission_date"]
    bound = applies(
        tests, SubmissionType(basis["submission_type"]), None if submitted is None else date.fromisoformat(submitted)
    )
    answered: list[Value] = [
        {"objection": one.text, "answer": determination.answers[one.key]} for one in objections(tests)
    ]
    return {
        "tests": {one.text: getattr(tests, one.name).value for one in QUESTIONS},
        "features": list(determination.features),
        "exemption": tests.exemption,
        "submission": dict(basis),
        "outcome": outcome(tests).value,
        "section_524b_applies": {"answer": bound.answer.value, "why": bound.why, "rule": bound.citation.text},
        "rationale": determination.rationale,
        "objections": answered,
        "drafted_by": determination.drafted_by.name,
    }
