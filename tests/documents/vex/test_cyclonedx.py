"""CycloneDX VEX."""

from __future__ import annotations

import contextlib
import io
import tarfile
from pathlib import Path

import pytest

from postmarket.documents.vex import Justification, Status, VexError, read
from tests.documents.vex.making import Json, cyclonedx, statements

SERIAL = "urn:cdx:5f0f0da9-c03d-47d8-b38d-009e6df67094/1"
OTHER = "urn:cdx:e4c3eedc-4978-470c-ad02-6ffff63738ff/1"


def line(state: str = "not_affected", **changes: object) -> Json:
    """A vulnerability of zlib in this state."""
    analysis = {"state": state, "justification": "code_not_present", "detail": "Not compiled in."}
    return {"id": "CVE-2018-25032", "analysis": analysis, "affects": [{"ref": "zlib"}], **changes}


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("not_affected", Status.NOT_AFFECTED),
        ("false_positive", Status.NOT_AFFECTED),
        ("exploitable", Status.AFFECTED),
        ("resolved", Status.FIXED),
        ("resolved_with_pedigree", Status.FIXED),
        ("in_triage", Status.UNDER_INVESTIGATION),
    ],
)
def test_states(state: str, status: Status) -> None:
    """The table of reference §7.5."""
    (found,) = statements(cyclonedx(line(state)))

    assert found.status is status
    assert bool(found.justification) is (status is Status.NOT_AFFECTED)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("code_not_present", Justification.VULNERABLE_CODE_NOT_PRESENT),
        ("code_not_reachable", Justification.VULNERABLE_CODE_NOT_IN_EXECUTE_PATH),
        ("requires_configuration", Justification.VULNERABLE_CODE_CANNOT_BE_CONTROLLED_BY_ADVERSARY),
        ("protected_at_runtime", Justification.INLINE_MITIGATIONS_ALREADY_EXIST),
        ("protected_by_mitigating_control", Justification.INLINE_MITIGATIONS_ALREADY_EXIST),
        ("protected_at_perimeter", Justification.NOT_GIVEN),
        ("null", Justification.NOT_GIVEN),
        (None, Justification.NOT_GIVEN),
    ],
)
def test_justifications(label: str | None, expected: Justification) -> None:
    """The table of reference §7.5; what it does not map is kept as said and justifies nothing."""
    (found,) = statements(cyclonedx(line(analysis={"state": "not_affected", "justification": label})))

    assert found.justification is expected
    assert found.said == (label or "")


def test_a_ref_is_the_component_with_its_identifiers_in_the_subject() -> None:
    """A statement on the pump's zlib is about zlib in that pump."""
    (found,) = statements(cyclonedx(line()))

    assert (found.product.name, found.product.versions) == ("zlib", ("1.2.11",))
    assert found.product.purls == ("pkg:generic/zlib@1.2.11",)
    assert found.product.cpes == ("cpe:2.3:a:zlib:zlib:1.2.11:*:*:*:*:*:*:*",)
    assert found.product.hashes == (("SHA-256", "a" * 64),)
    assert found.product.within is not None
    assert (found.product.within.name, found.product.within.versions) == ("Pump", ("4.2",))
    assert found.product.label == "zlib 1.2.11 in Pump 4.2"


@pytest.mark.parametrize(
    ("ref", "label", "described"),
    [
        ("pump", "Pump 4.2", True),
        (f"{SERIAL}#zlib", "zlib 1.2.11 in Pump 4.2", True),
        (f"{SERIAL.upper().replace('URN:CDX', 'urn:cdx')}#zlib", "zlib 1.2.11 in Pump 4.2", True),
        (f"{OTHER}#zlib", "zlib", False),
        (f"{SERIAL[:-1]}2#zlib", "zlib", False),
        (f"{OTHER}#pkg:npm/a%40b@1", "pkg:npm/a@b@1", False),
        ("pkg:npm/left-pad@1.3.0", "pkg:npm/left-pad@1.3.0", False),
        ("nobody", "nobody", False),
    ],
)
def test_refs(ref: str, label: str, described: bool) -> None:
    """A local ref or a BOM-Link to this very version is resolved here; any other SBOM is named, never guessed."""
    (found,) = statements(cyclonedx(line(affects=[{"ref": ref}])))

    assert found.product.label == label
    assert found.product.described is described
    assert found.product.bom == (ref.split("#")[0] if ref.startswith("urn:cdx") and not described else "")


def test_a_ref_given_twice_names_nothing() -> None:
    """Either could be the wrong one."""
    twice = [{"bom-ref": "zlib", "name": "zlib", "version": "1"}, {"bom-ref": "zlib", "name": "zlib", "version": "2"}]

    (found,) = statements(cyclonedx(line(), components=twice))

    assert not found.product.described
    assert found.shortfall == "names no product that could be recognised elsewhere"


def test_nested_components_are_found() -> None:
    """At any depth, services and the subject's own parts too."""
    nested = [{"name": "outer", "components": [{"bom-ref": "zlib", "group": "net", "name": "inner"}]}]

    (found,) = statements(cyclonedx(line(), components=nested))

    assert found.product.name == "net/inner"


@pytest.mark.parametrize(
    ("state", "version_status", "status"),
    [
        ("not_affected", None, Status.NOT_AFFECTED),
        ("not_affected", "unaffected", Status.NOT_AFFECTED),
        ("not_affected", "affected", Status.AFFECTED),
        ("not_affected", "unknown", Status.UNDER_INVESTIGATION),
        ("resolved", "unaffected", Status.FIXED),
        ("resolved", "affected", Status.AFFECTED),
        ("exploitable", "affected", Status.AFFECTED),
        ("exploitable", "unaffected", Status.NOT_AFFECTED),
        ("in_triage", "affected", Status.UNDER_INVESTIGATION),
    ],
)
def test_a_versions_own_status_wins(state: str, version_status: str | None, status: Status) -> None:
    """And then the reasons of the analysis, given for other versions, do not come with it."""
    version = {"version": "1.2.12"} | ({"status": version_status} if version_status else {})

    (found,) = statements(cyclonedx(line(state, affects=[{"ref": "zlib", "versions": [version]}])))

    assert found.status is status
    assert found.product.versions == ("1.2.12",)
    assert bool(found.justification) is (state == "not_affected" and status is Status.NOT_AFFECTED)


def test_versions_and_ranges_are_kept_apart() -> None:
    """One statement for each status among them."""
    versions = [
        {"version": "2.5", "status": "unaffected"},
        {"range": "vers:generic/>=2.7|<=2.8", "status": "unaffected"},
        {"version": "2.6", "status": "affected"},
    ]

    found = statements(cyclonedx(line(affects=[{"ref": "pump", "versions": versions}])))

    assert [(one.status.value, one.product.versions, one.product.ranges) for one in found] == [
        ("not_affected", ("2.5",), ("vers:generic/>=2.7|<=2.8",)),
        ("affected", ("2.6",), ()),
    ]


def test_what_to_do_comes_from_response_recommendation_and_workaround() -> None:
    """Together they are the action statement."""
    vulnerability = line("exploitable", recommendation="Update to 4.3.", workaround="Unplug.")
    vulnerability["analysis"]["response"] = ["will_not_fix", "update"]

    (found,) = statements(cyclonedx(vulnerability))

    assert found.action == "will_not_fix; update; Update to 4.3.; Unplug."
    assert (found.impact, found.notes) == ("", "Not compiled in.")


def test_a_vulnerability_without_state_is_no_statement() -> None:
    """An SBOM may list vulnerabilities that nobody has analysed."""
    found = statements(cyclonedx({"id": "CVE-2000-0001"}, line(), {"id": "CVE-2000-0002", "analysis": {}}))

    assert [one.place for one in found] == ["vulnerabilities[1].affects[0]"]


def test_without_affects_no_product_is_guessed() -> None:
    """Neither the subject nor everything in the SBOM."""
    (found,) = statements(cyclonedx(line(affects=[])))

    assert found.shortfall == "names no product that could be recognised elsewhere"


@pytest.mark.parametrize(
    ("vulnerability", "says"),
    [
        (line("fine"), r"vulnerabilities\[0\]\.analysis\.state: 'fine' is no analysis state"),
        (
            line(affects=[{"ref": "zlib", "versions": [{"version": "1", "status": "no"}]}]),
            r"vulnerabilities\[0\]\.affects\[0\]\.versions\[0\]\.status: 'no' is no status",
        ),
    ],
)
def test_unknown_states_are_refused(vulnerability: Json, says: str) -> None:
    """With their place."""
    with pytest.raises(VexError, match=says):
        statements(cyclonedx(vulnerability))


@pytest.mark.corpus
def test_the_published_examples(shared_data: Path) -> None:
    """CycloneDX's own examples, CISA's use cases among them, are read, and only they."""
    found: dict[str, int] = {}
    with tarfile.open(shared_data / "sboms" / "real-sboms.tar.xz") as archive:
        for member in archive:
            name = Path(member.name).name
            if not name.startswith("VEX__") or not name.endswith(".json"):
                continue
            content = archive.extractfile(member) or io.BytesIO()
            with contextlib.suppress(VexError):  # the SBOMs that the examples are about
                found[name] = len(read(content.read(), name=name))

    assert found["VEX__CISA-Use-Cases__Case-2__vex.json"] == 19
    assert found["VEX__CISA-Use-Cases__Case-8__vex.json"] == 11
    assert all(name.split("__")[-1].startswith("vex") for name in found)
