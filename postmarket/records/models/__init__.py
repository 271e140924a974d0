"""What records keep in the database; only this room's services write it."""

from postmarket.records.models.trail import Entry, Head

__all__ = ["Entry", "Head"]
