"""Anchors by mail: a mailbox that another department keeps."""

from __future__ import annotations

from dataclasses import dataclass
from smtplib import SMTPException
from typing import TYPE_CHECKING

from django.core.mail import EmailMessage

from postmarket.records.anchors.interface import file_name, written
from postmarket.records.errors import AnchorTrouble
from postmarket.records.interface import instant

if TYPE_CHECKING:
    from postmarket.records.heads import SignedHead

BODY = """\
This is the daily anchor of the records of postmarket.

entries   {number}
hash      {hash}
at        {at}
key       {key}

Keep this message where nobody who runs postmarket can change it. To hold the records against it, save the
attachment and run
    postmarket records verify --anchor {file}
"""


@dataclass(frozen=True, slots=True)
class Mail:
    """Mail to these addresses, sent as Django's mail settings say."""

    to: tuple[str, ...]

    @property
    def name(self) -> str:
        """What it is called in records."""
        return f"mail to {', '.join(self.to)}"

    def deliver(self, anchor: SignedHead) -> None:
        """Send the anchor as an attachment, its words in the text."""
        name = file_name(anchor)
        message = EmailMessage(
            subject=f"postmarket: anchor of {anchor.number} records, {anchor.at:%Y-%m-%d}",
            body=BODY.format(
                number=anchor.number, hash=anchor.hash.hex(), at=instant(anchor.at), key=anchor.key, file=name
            ),
            to=list(self.to),
            attachments=[(name, written(anchor), "application/json")],
        )
        try:
            message.send()
        except (SMTPException, OSError) as error:
            raise AnchorTrouble(
                "The anchor cannot be mailed",
                where=self.name,
                why=str(error),
                next_step="Check the mail server's settings; the next anchor covers all that this one would have.",
            ) from error
