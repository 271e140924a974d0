"""
What can be wrong with records.

RecordsError
├── RecordRefused       what should be recorded cannot be
├── ChainBroken         the chain cannot be continued: its head is not there, or is not where it was
├── KeyTrouble          the key that signs heads cannot be made, read or used
├── SigningRefused      a signature is refused: stale or too weak an authentication, nothing to sign
├── RedactionRefused    a redaction is refused: one person alone, nothing proposed, already done
└── AnchorTrouble       an anchor cannot be read, written or delivered
"""

from __future__ import annotations

from postmarket.errors import PostmarketError


class RecordsError(PostmarketError):
    """Something is wrong with records."""

    code = "records"


class RecordRefused(RecordsError):
    """What should be recorded cannot be."""

    code = "record-refused"


class ChainBroken(RecordsError):
    """The chain cannot be continued."""

    code = "chain-broken"


class KeyTrouble(RecordsError):
    """The key that signs heads cannot be made, read or used."""

    code = "records-key"


class SigningRefused(RecordsError):
    """A signature is refused."""

    code = "signing-refused"


class RedactionRefused(RecordsError):
    """A redaction is refused."""

    code = "redaction-refused"


class AnchorTrouble(RecordsError):
    """An anchor cannot be read, written or delivered."""

    code = "anchor"
