"""What records keep in the database; only this room's services write it."""

from postmarket.records.models.kept import Evidence, PrivateDatum
from postmarket.records.models.signature import Signature, SignedTarget
from postmarket.records.models.trail import Entry, Head

__all__ = ["Entry", "Evidence", "Head", "PrivateDatum", "Signature", "SignedTarget"]
