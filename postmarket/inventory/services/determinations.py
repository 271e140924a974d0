"""Whether a device is a cyber device: drafted here, in force once somebody signs it (FD&C Act §524B(c))."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from postmarket.accounts.authority import require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.inventory.errors import NotSignable
from postmarket.inventory.models import Determination, Device
from postmarket.inventory.rules.cyber_device import Outcome, Tests, objections, outcome
from postmarket.inventory.rules.fields import words
from postmarket.inventory.services.reasons import reason
from postmarket.inventory.snapshots import determination_snapshot
from postmarket.inventory.words import Feature
from postmarket.records import act


def draft_determination(
    *, by: Person, device: Device, tests: Tests, rationale: str, answers: Mapping[str, str], why: str, now: datetime
) -> Determination:
    """
    Write the device's one draft, or write it anew; nothing is in force before it is signed (`accounts` ceremony).

    `answers` says what each objection comes to, by `Objection.key`; one to an objection that is not raised is dropped.
    Raises NotAllowed, NoReason, and NotSignable for a test without an answer, an objection without one, no rationale.
    """
    require(by, Permission.DEVICES_DETERMINE, on=device.line)
    said, answered = _complete(tests, rationale, answers)
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        device = Device.objects.select_for_update(of=("self",)).select_related("line").get(pk=device.pk)
        draft = Determination.objects.filter(device=device, signature=None).first()
        before = None if draft is None else determination_snapshot(draft)
        draft = draft or Determination(device=device)
        draft.software, draft.internet = tests.software.value, tests.internet.value
        draft.vulnerable, draft.exemption = tests.vulnerable.value, tests.exemption.strip()
        draft.features = [one.value for one in Feature if one in tests.features]
        draft.rationale, draft.answers, draft.basis = said, answered, device.basis
        draft.drafted_by, draft.drafted_at = by, now
        draft.save()
        doing.note("determination.drafted", subject=draft, before=before, after=determination_snapshot(draft))
    return draft


def _complete(tests: Tests, rationale: str, answers: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The rationale and the answers as they are kept. Raises NotSignable for what is left open."""
    if outcome(tests) is Outcome.OPEN:
        raise NotSignable(
            "A statutory test is not answered",
            where="tests",
            next_step="Answer each with yes or no, or find out first.",
        )
    said = words("rationale", rationale, wrong=NotSignable)
    if not said:
        raise NotSignable(
            "A determination rests on a rationale", where="rationale", next_step="Say what the answers rest on."
        )
    raised = objections(tests)
    answered = {one.key: words("answer", answers.get(one.key, ""), wrong=NotSignable) for one in raised}
    for one in raised:
        if not answered[one.key]:
            raise NotSignable(
                one.text, where="rationale", why=one.citation.text, next_step="Change the answers, or say why it is so."
            )
    return said, answered
