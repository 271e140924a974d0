"""What cases do by themselves."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from postmarket.tasks import Every, Run, Tick, periodic, task


class Letter(msgspec.Struct, frozen=True):
    """One mail to one address."""

    to: str
    subject: str
    text: str


@task("cases.letter")
def letter(payload: Letter, run: Run) -> None:
    """Send it; a mail server that is down is tried again, and in the end the letter is parked where people see it."""
    from postmarket.accounts.notices import mail_to
    from postmarket.cases.errors import NotSent

    if not mail_to([payload.to], subject=payload.subject, text=payload.text):
        raise NotSent("A letter could not be sent", next_step="Look at the mail server, then run the task again.")


@periodic("cases.upkeep", Every(timedelta(minutes=5)), priority=2)
def upkeep(tick: Tick, run: Run) -> None:
    """Open cases follow monitoring and the policy; then people are told which clocks end."""
    from postmarket.cases.services.upkeep import follow_monitoring
    from postmarket.cases.services.warning import warn

    follow_monitoring(now=run.now())
    with run.finishing():
        warn(now=run.now())
