"""What its people say of the inventory besides the portfolio file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from postmarket.accounts.roles import Role
from postmarket.accounts.scopes import Scope
from postmarket.accounts.services.tokens import check_token, issue_token
from postmarket.demo import arriving_path
from postmarket.demo.firm.firm import FIRST_SEEN, Firm
from postmarket.demo.firm.people import sign_in
from postmarket.demo.firm.signing import sign_as
from postmarket.inventory.models import ComponentIdentity, Device, DeviceVersion
from postmarket.inventory.rules.alias_entry import AliasFields
from postmarket.inventory.rules.cyber_device import Tests
from postmarket.inventory.services.aliases.entries import propose_alias
from postmarket.inventory.services.determinations import draft_determination
from postmarket.inventory.services.proposals import propose_device
from postmarket.inventory.services.support import state_support
from postmarket.inventory.services.versions import add_build
from postmarket.inventory.words import Answer, Feature
from postmarket.sbom.interface import SupportLevel

OPENSSL_1_1_1: Final = date(2023, 9, 11)
"""The day OpenSSL 1.1.1 reached its end of life, as OpenSSL says."""


@dataclass(frozen=True, slots=True)
class Determined:
    """What is said of one device: by which features it can be reached, why, and whether that was signed."""

    device: str
    features: frozenset[Feature]
    rationale: str
    signed: bool = True

    @property
    def tests(self) -> Tests:
        """All three of section 524B(c) are answered yes."""
        return Tests(software=Answer.YES, internet=Answer.YES, vulnerable=Answer.YES, features=self.features)


DETERMINED: Final = (
    Determined(
        "Ventorsa 5",
        frozenset({Feature.ETHERNET, Feature.NETWORK, Feature.USB}),
        "It has software of ours, an Ethernet port for the nurse call, and a USB port for service.",
    ),
    Determined(
        "Vigilorn 7",
        frozenset({Feature.ETHERNET, Feature.NETWORK, Feature.WIFI, Feature.BLE}),
        "It has software of ours, and reaches the central station by Ethernet and Wi-Fi, its patch by radio.",
    ),
    Determined(
        "Lumisarn 2",
        frozenset({Feature.ETHERNET, Feature.NETWORK, Feature.SERVER}),
        "It is software of ours on Windows, and takes images from the archive over the hospital's network.",
    ),
    Determined(
        "Dosimere 3",
        frozenset({Feature.WIFI, Feature.NETWORK, Feature.BLUETOOTH}),
        "It has software of ours, and takes orders from the ward over the hospital's Wi-Fi.",
        signed=False,
    ),
)
"""Of the billing gateway nothing is said yet."""


def determine(firm: Firm) -> None:
    """Regulatory affairs determines which devices are cyber devices; for the pump a draft waits to be signed."""
    at = firm.now - FIRST_SEEN + timedelta(hours=1)
    by = sign_in(firm, Role.REGULATORY_AFFAIRS, at=at)
    drafts = {
        one: draft_determination(
            by=by,
            device=Device.objects.get(name=one.device),
            tests=one.tests,
            rationale=one.rationale,
            answers={},
            why="Every device of the portfolio is determined.",
            now=at + timedelta(minutes=8 * number),
        )
        for number, one in enumerate(DETERMINED, start=1)
    }
    signed = [draft.subject for one, draft in drafts.items() if one.signed]
    sign_as(firm, by, signed, why="Checked against the device descriptions.", now=at + timedelta(minutes=45))


def state_ends_of_support(firm: Firm) -> None:
    """One component whose support is over, and one whose end comes within the year."""
    at = firm.now - FIRST_SEEN + timedelta(hours=2)
    by = sign_in(firm, Role.SUSTAINING_ENGINEERING, at=at - timedelta(minutes=10))
    state_support(
        by=by,
        about=_component("openssl", "1.1.1k"),
        every_version=False,
        level=SupportLevel.NO_LONGER_MAINTAINED,
        ends_on=OPENSSL_1_1_1,
        source="https://www.openssl.org/policies/releasestrat.html",
        why="Asked for by the support forecast.",
        now=at,
    )
    state_support(
        by=by,
        about=_component("Quellmar Codec SDK", "6.3"),
        every_version=False,
        level=SupportLevel.ACTIVELY_MAINTAINED,
        ends_on=(firm.now + timedelta(days=130)).date(),
        source="Letter of Quellmar Imaging, in the supplier file",
        why="The supplier announced the end of the series.",
        now=at + timedelta(minutes=8),
    )


def build(firm: Firm) -> None:
    """A pipeline's token: a newer build of a shipped version without an SBOM, and one for a device nobody knows."""
    at = firm.ago(hours=9)
    by = sign_in(firm, Role.SUSTAINING_ENGINEERING, at=at - timedelta(minutes=3))
    issued = issue_token(
        by=by,
        name="Build server",
        scopes={Scope.SBOMS_WRITE},
        line=None,
        holds=timedelta(days=90),
        why="Sends an SBOM with every build.",
        now=at,
    )
    bearer = check_token(issued.text, now=at + timedelta(minutes=5))
    shipped = DeviceVersion.objects.get(device__name="Ventorsa 5", label="5.3")
    add_build(
        by=bearer,
        version=shipped,
        label="5.3+214",
        built_at=at + timedelta(minutes=6),
        why="Built by the build server.",
        now=at + timedelta(minutes=7),
    )
    propose_device(
        by=bearer,
        device_name="Ventorsa Bedside Panel",
        version_label="0.9",
        content=arriving_path(),
        file_name=arriving_path().name,
        now=at + timedelta(minutes=8),
    )


def propose_names(firm: Firm) -> None:
    """The analyst proposes what a component that nothing matches is called by NVD; somebody else reviews it."""
    propose_alias(
        by=firm.people[Role.PSIRT_ANALYST],
        fields=AliasFields(names=("dropbear",), cpes=("a:dropbear_ssh_project:dropbear_ssh",)),
        why="Our SBOMs say dropbear; NVD lists it as dropbear_ssh_project dropbear_ssh.",
        now=firm.ago(hours=5),
    )


def _component(name: str, version: str) -> ComponentIdentity:
    return ComponentIdentity.objects.get(name=name, version=version)
