"""What is said of a case as a whole: its title, priority, exploitation, embargo, and which versions it is about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from postmarket.accounts.authority import require
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.cases import hooks
from postmarket.cases.errors import InvalidCase
from postmarket.cases.hooks import CaseEvent, Happened
from postmarket.cases.models import Case, CaseVersion, PriorityOverride
from postmarket.cases.services.clocks import count_clocks
from postmarket.cases.services.holding import held, words
from postmarket.cases.services.opening import LONGEST_TITLE
from postmarket.cases.snapshots import case_snapshot
from postmarket.cases.words import Exploitation
from postmarket.inventory.models import DeviceVersion
from postmarket.inventory.services.reasons import reason
from postmarket.policy.interface import Priority
from postmarket.records import act


def override_priority(*, by: Person, case: Case, priority: Priority, rationale: str, now: datetime) -> PriorityOverride:
    """
    Another place in the order of work than the rule gives, with the rationale. No clock moves by it.

    Raises CaseNotFound, NotAllowed, and InvalidCase without a rationale.
    """
    said = words("rationale", rationale)
    with act(actor=by.actor, at=now, why=said) as doing:
        case = held(case, by=by, permission=Permission.CASES_STEER)
        row = PriorityOverride.objects.create(case=case, priority=priority.value, rationale=said, by=by, at=now)
        detail = {"by_rule": case.priority, "set_to": priority.value, "rationale": said}
        doing.note("case.priority-set", subject=case, detail=detail)
    return row


def say_exploitation(*, by: Person, case: Case, exploitation: Exploitation, why: str, now: datetime) -> Case:
    """
    Whether it is exploited on a device of ours, as far as we know; `why` says how we know.

    Raises CaseNotFound, NotAllowed, NoReason.
    """

    def say(case: Case) -> list[str]:
        case.exploitation, case.exploitation_said_at = exploitation.value, now
        return ["exploitation", "exploitation_said_at"]

    return _change(by, case, say, kind="case.exploitation-said", why=why, now=now, told=Happened.EXPLOITATION)


def retitle(*, by: Person, case: Case, title: str, why: str, now: datetime) -> Case:
    """The patient risk in one other sentence. Raises CaseNotFound, NotAllowed, NoReason, InvalidCase."""

    def say(case: Case) -> list[str]:
        case.title = words("title", " ".join(title.split()), most=LONGEST_TITLE)
        return ["title"]

    return _change(by, case, say, kind="case.retitled", why=why, now=now)


def set_embargo(*, by: Person, case: Case, until: datetime | None, why: str, now: datetime) -> Case:
    """
    Until when nothing of it is published (None: it may be). No clock stands still for an embargo.

    Raises CaseNotFound, NotAllowed, NoReason, InvalidCase for a time that is past.
    """

    def say(case: Case) -> list[str]:
        if until is not None and (until.tzinfo is None or until <= now):
            raise InvalidCase(
                "An embargo ends after now", where="embargo", next_step="Give a later time, with its zone."
            )
        case.embargo_until = until
        return ["embargo_until"]

    return _change(by, case, say, kind="case.embargo-set", why=why, now=now)


def bring_in_version(*, by: Person, case: Case, version: DeviceVersion, why: str, now: datetime) -> Case:
    """
    The case is about this shipped version too, or again; `why` says what shows it.

    Raises CaseNotFound, NotAllowed, NoReason, InvalidCase for a version in development.
    """

    def say(case: Case) -> list[str]:
        if not version.is_shipped:
            raise InvalidCase(
                f"{version} is in development", where="version", next_step="Mark it as shipped first, if it is."
            )
        require(by, Permission.CONTENT_READ, on=version.device.line)
        said = {"removed_at": None, "why": reason(why)}
        CaseVersion.objects.update_or_create(
            case=case, version=version, defaults=said, create_defaults={**said, "added_at": now}
        )
        return []

    return _change(by, case, say, kind="case.version-added", why=why, now=now, told=Happened.VERSIONS)


def leave_out_version(*, by: Person, case: Case, version: DeviceVersion, why: str, now: datetime) -> Case:
    """The case is not about this version, because. Raises CaseNotFound, NotAllowed, NoReason, InvalidCase."""

    def say(case: Case) -> list[str]:
        rows = CaseVersion.objects.filter(case=case, version=version, removed_at=None)
        if not rows.update(removed_at=now, why=reason(why)):
            raise InvalidCase(f"{version} is not in the case", where="version", next_step="Look at the list again.")
        return []

    return _change(by, case, say, kind="case.version-left-out", why=why, now=now, told=Happened.VERSIONS)


def _change(
    by: Person,
    case: Case,
    say: Callable[[Case], list[str]],
    *,
    kind: str,
    why: str,
    now: datetime,
    told: Happened | None = None,
) -> Case:
    with act(actor=by.actor, at=now, why=reason(why)) as doing:
        case = held(case, by=by, permission=Permission.CASES_STEER)
        before = case_snapshot(case)
        fields = say(case)
        if fields:
            case.save(update_fields=fields)
        doing.note(kind, subject=case, before=before, after=case_snapshot(case))
        count_clocks(doing, case, now=now)
        if told is not None:
            hooks.tell(CaseEvent(told, case, now))
    return case
