"""What the trail keeps of sign-in."""

from __future__ import annotations

from datetime import datetime

from postmarket.accounts.models import Person
from postmarket.records import act


def note_sign_in(*, person: Person, now: datetime) -> None:
    """Somebody signed in."""
    with act(actor=person.actor, at=now, why="Signed in.") as doing:
        doing.note("person.signed-in", subject=person)


def note_password_change(*, person: Person, password: str, now: datetime) -> None:
    """Keep a new password; every session ends with it, and the trail says when."""
    with act(actor=person.actor, at=now, why="Changed the password.") as doing:
        person.set_password(password)
        person.save(update_fields=["password"])
        doing.note("person.password-set", subject=person)


def note_factor(*, person: Person, kind: str, what: str, now: datetime) -> None:
    """A second factor was added, removed or made anew: `kind` like `person.factor-added`, `what` it is."""
    with act(actor=person.actor, at=now, why="Changed the second factors.") as doing:
        doing.note(kind, subject=person, detail={"factor": what})


def note_link(*, person: Person, provider: str, now: datetime) -> None:
    """A person came by single sign-on for the first time: from now on the provider's word opens their account."""
    with act(actor=person.actor, at=now, why="Came by single sign-on.") as doing:
        doing.note("person.linked", subject=person, detail={"provider": provider})
