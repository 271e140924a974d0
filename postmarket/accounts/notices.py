"""What people are told by mail, and the trail with it."""

from __future__ import annotations

import logging
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail

from postmarket.accounts.addresses import canonical_email
from postmarket.accounts.authority import people_with
from postmarket.accounts.errors import InvalidPerson
from postmarket.accounts.models import Person
from postmarket.accounts.permissions import Permission
from postmarket.records import Actor, ActorKind, act, instant
from postmarket.records.alerts import Alert, AlertKind

SITE = Actor(id="sign-in", name="Sign-in", kind=ActorKind.MACHINE)
log = logging.getLogger("postmarket.accounts")


def mail_to(addresses: list[str], *, subject: str, text: str) -> bool:
    """Send one plain message to each; whether it went. A mail server that is down stops nobody's work."""
    went = True
    for address in addresses:
        try:
            send_mail(f"[postmarket] {subject}", text, None, [address])
        except (SMTPException, OSError) as error:
            log.warning("a notice could not be mailed: %s", type(error).__name__)
            went = False
    return went


def mail_leaves() -> bool:
    """Whether mail reaches people: a site without a mail server keeps it as files, where nobody reads it."""
    return not str(settings.EMAIL_BACKEND).endswith("filebased.EmailBackend")


def mail_link(*, person: Person, link: str, why: str) -> bool:
    """
    Send somebody the link that sets their password; whether it went.

    Where this works nobody else sees the link: an administrator cannot come in as the person they invited.
    """
    return mail_leaves() and mail_to(
        [person.email],
        subject="Set your password",
        text=f"{why}\n\nSet your password within 7 days, once, here:\n\n{link}\n\n"
        "Give this link to nobody: what is done with it is done in your name.\n",
    )


def tell_of_lock(*, typed: str, until: datetime, now: datetime) -> None:
    """An account was locked after failed sign-ins: the trail notes it, its person and the administrators are told."""
    try:
        person = Person.objects.filter(email=canonical_email(typed), is_active=True).first()
    except InvalidPerson:
        person = None
    if person is None:
        return
    with act(actor=SITE, at=now, why="Too many failed sign-ins.") as doing:
        doing.note("person.locked-out", subject=person, detail={"until": instant(until)})
    when = f"{until:%Y-%m-%d %H:%M} UTC"
    mail_to(
        [person.email],
        subject="Sign-in to your account is paused",
        text=f"Somebody gave a wrong password or code for your account too often. Sign-in is paused until {when}.\n"
        "If it was not you, tell an administrator.\n",
    )
    _tell_administrators(
        person,
        subject="An account was locked",
        text=f"Sign-in of {person.name} ({person.email}) is paused until {when}.",
    )


def hear_alert(alert: Alert) -> None:
    """
    What records want told: failed signings go to the person and the administrators; an anchor that did not arrive and
    records that are not whole go to the administrators and to those who answer for the records.
    """
    if alert.kind is AlertKind.SIGNING_FAILED:
        person = next((one for one in Person.objects.filter(pk=_number(alert.actor.id))), None)
        if person is not None:
            tell_of_failed_signing(person=person, why=alert.text, now=alert.at)
        return
    keepers = [*people_with(Permission.PEOPLE_MANAGE, on=None), *people_with(Permission.RECORDS_REDACT, on=None)]
    subject = "The records are not whole" if alert.kind is AlertKind.VERIFY_FAILED else "An anchor did not arrive"
    text = f"On {alert.at:%Y-%m-%d %H:%M} UTC: {alert.text}\n"
    mail_to(list(dict.fromkeys(one.email for one in keepers)), subject=subject, text=text)


def _number(actor_id: str) -> int:
    number = actor_id.removeprefix("person-")
    return int(number) if number.isdecimal() else 0


def tell_of_failed_signing(*, person: Person, why: str, now: datetime) -> None:
    """Somebody failed to sign (21 CFR 11.300(d)): the person and the administrators are told at once."""
    text = f"On {now:%Y-%m-%d %H:%M} UTC: {why}\n"
    mail_to([person.email], subject="A signature in your name failed", text=f"{text}If it was not you, say so now.\n")
    _tell_administrators(person, subject="A signature failed", text=text)


def _tell_administrators(about: Person, *, subject: str, text: str) -> None:
    others = [one.email for one in people_with(Permission.PEOPLE_MANAGE, on=None) if one.pk != about.pk]
    mail_to(others, subject=subject, text=text)
