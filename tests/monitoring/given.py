"""A small portfolio with one OpenSSL in it, a vulnerability of that OpenSSL, and people who decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from postmarket.accounts.models import DeviceLine, Person
from postmarket.accounts.roles import Role
from postmarket.accounts.signing.ceremony import sign
from postmarket.accounts.signing.proofs import PasswordAndCode
from postmarket.documents.vex.interface import Justification, Status
from postmarket.inventory.models import Device, DeviceVersion
from postmarket.monitoring.models import VersionDecision
from postmarket.monitoring.queries.findings import Asked, FindingRow, findings
from postmarket.monitoring.queries.grounds import Place
from postmarket.monitoring.rules.answers import Answer
from postmarket.records.meanings import Meaning
from postmarket.records.models import Signature
from postmarket.sources.interface import Record
from tests.accounts.builders import PASSWORD, code_of, person, with_generator
from tests.builders import component, cpe, nvd_range, rated, record
from tests.monitoring.builders import NOW, keep_device, keep_version

CVE = "CVE-2026-1000"
OPENSSL = component("openssl", "3.0.7", cpes=(cpe("a:openssl:openssl", "3.0.7"),))
ZLIB = component("zlib", "1.2.11", cpes=(cpe("a:zlib:zlib", "1.2.11"),))
LATER = NOW + timedelta(days=1)

NOT_PRESENT = Answer(Status.NOT_AFFECTED, Justification.COMPONENT_NOT_PRESENT, "The build leaves it out.")
MITIGATED = Answer(
    Status.NOT_AFFECTED, Justification.INLINE_MITIGATIONS_ALREADY_EXIST, "The firewall on the board blocks the port."
)
NOT_REACHED = Answer(
    Status.NOT_AFFECTED, Justification.VULNERABLE_CODE_NOT_IN_EXECUTE_PATH, "TLS is not used: no socket is opened."
)
AFFECTED = Answer(Status.AFFECTED, rationale="It parses certificates.", action="Keep the pump off the network.")


def told(*, below: str = "3.0.8", **more: Any) -> Record:
    """What NVD says of the vulnerability."""
    ratings = more.pop("ratings", (rated("AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H"),))
    return record(CVE, nvd_range("a:openssl:openssl", below), ratings=ratings, **more)


def pump(label: str, *, line: DeviceLine | None = None, shipped: bool = True, at: datetime = NOW) -> DeviceVersion:
    """A version of the pump, with OpenSSL and zlib in it."""
    device = Device.objects.filter(name="Alder pump").first() or keep_device("Alder pump", line=line)
    return keep_version(device, label, [OPENSSL, ZLIB], shipped=shipped, now=at)


class Analyst:
    """Somebody who decides and signs."""

    def __init__(self, name: str = "Ana Reed", *roles: Role, line: DeviceLine | None = None) -> None:
        self.person: Person = person(name, *(roles or (Role.PSIRT_ANALYST,)), line=line)
        self.secret = with_generator(self.person)

    def sign(self, rows: Sequence[VersionDecision], *, at: datetime = NOW) -> Signature:
        """One ceremony for all of them."""
        return sign(
            person=self.person,
            subjects=[row.subject for row in rows],
            meaning=Meaning.APPROVED,
            why="Reviewed with the cybersecurity lead.",
            proof=PasswordAndCode(PASSWORD, code_of(self.secret, at=at)),
            now=at,
        )


def row_of(version: DeviceVersion, name: str = CVE) -> FindingRow:
    """The finding of a vulnerability in a version."""
    reader = Analyst("Rea Holm").person
    (found,) = [
        row for row in findings(by=reader, asked=Asked(versions=(version.pk,))).every() if row.facts.name == name
    ]
    return found


def place_of(version: DeviceVersion) -> Place:
    """Where it stands."""
    return row_of(version).place


def decision_for(version: DeviceVersion) -> VersionDecision:
    """The newest decision for a version."""
    return VersionDecision.objects.filter(version=version).order_by("-pk")[0]
