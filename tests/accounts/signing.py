"""Something that can be signed, as another room would register it: device lines, by their name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from postmarket.accounts.models import DeviceLine, Person
from postmarket.accounts.permissions import Permission
from postmarket.accounts.signing.interface import Shown, signables
from postmarket.records import Act, Subject
from postmarket.records.meanings import Meaning
from postmarket.records.models import Signature

KIND = "pump-decision"


class PumpDecisions:
    """Signs that a device line's name is right; a line named "Broken" takes its signature badly."""

    kind = KIND
    permission = Permission.FINDINGS_DECIDE

    def shown(self, ids: Sequence[str]) -> Mapping[str, Shown]:
        """Each line as it is named now."""
        found = DeviceLine.objects.select_for_update().filter(key__in=ids)
        return {
            line.key: Shown(
                Subject(KIND, line.key),
                f"{line.name} is not affected by CVE-2024-5535",
                {"component": "openssl 3.0.13", "status": "not-affected", "name": line.name, "note": None},
                line,
            )
            for line in found
        }

    def signed(
        self, shown: Sequence[Shown], *, meaning: Meaning, signature: Signature, by: Person, doing: Act, now: datetime
    ) -> None:
        """Take effect: the record says so."""
        for one in shown:
            if one.line is not None and one.line.name == "Broken":
                raise RuntimeError("cannot take effect")
            doing.note("pump.decided", subject=one.subject, detail={"signature": signature.id})


@contextmanager
def signable() -> Iterator[None]:
    """Have the kind registered meanwhile."""
    signables.register(PumpDecisions())
    try:
        yield
    finally:
        signables.unregister(KIND)
