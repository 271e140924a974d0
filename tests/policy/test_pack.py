"""Loading policy packs and the firm's own file."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.policy import tables
from postmarket.policy.errors import PolicyError
from postmarket.policy.interface import Authority, ClinicalRole, ClockUnit
from postmarket.policy.pack import Pack, load_pack
from postmarket.policy.toml_files import parse
from postmarket.scoring.interface import ExploitabilityThresholds
from tests.builders import NOW

HEAD = 'name = "acme"\nversion = "3"\neffective = 2026-10-01\n'
SIGNED = 'signed_by = "A. Lead"\nsigned_on = 2026-09-30\nreason = "clinical review 12"\n'
DEVICE = '[[device_type]]\nname = "hub"\nranks_as = "diagnostic"\n'
SUBJECTS = [
    "timeline",
    "response",
    "priority",
    "cites",
    "matrix",
    "mitigation",
    "mitigation_checks",
    "documentation",
    "remediation",
    "cvd",
    "sbom",
]
ARTICLES = ["timeline", "response", "mitigation", "documentation", "remediation", "cvd", "sbom"]


def overlay(folder: Path, text: str) -> Path:
    """A firm's file of `text`."""
    file = folder / "acme.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_version_and_the_hash_name_the_policy(pack: Pack) -> None:
    """A record can say exactly which policy it was made under."""
    assert pack.version == "seed-default 1, primary-source 1"
    assert re.fullmatch("[0-9a-f]{64}", pack.digest)
    assert load_pack().digest == pack.digest
    assert load_pack(["seed-default"]).digest != pack.digest


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_table_says_whose_it_is_and_since_when(pack: Pack, subject: str) -> None:
    """Authority, citation, effective date, version, and only flags that exist."""
    table = getattr(pack, subject)

    assert isinstance(table, tables.Head)
    assert (table.authority is Authority.ARTICLE) == (subject in ARTICLES)
    assert table.citation
    assert table.effective >= date(2023, 3, 29)
    assert table.version == "1"
    assert set(table.flags) <= set(pack.flags)


def test_an_unknown_pack_names_the_known() -> None:
    """The next step lists the packs, and a path is no pack."""
    with pytest.raises(PolicyError, match=r"no policy pack “\.\./x”.*primary-source, seed-default"):
        load_pack(["../x"])


def test_a_missing_table_says_which_pack_has_it() -> None:
    """The law alone has no timeline; asking for it is one clear line."""
    with pytest.raises(PolicyError, match="has no table “timeline”"):
        _ = load_pack(["primary-source"]).timeline


def test_the_default_threshold(pack: Pack) -> None:
    """EPSS of 0.10 argues for medium exploitability (regulatory reference §6.5)."""
    assert pack.thresholds == ExploitabilityThresholds(epss_medium=0.10, epss_high=None)


def test_a_firms_file_changes_version_and_hash(pack: Pack, tmp_path: Path) -> None:
    """An overlay is part of the policy's name; two loads of the same bytes are the same policy."""
    file = overlay(tmp_path, HEAD + DEVICE + SIGNED)

    mine = load_pack(overlays=[file], now=NOW)

    assert mine.version == "seed-default 1, primary-source 1, acme 3"
    assert mine != pack
    assert mine == load_pack(overlays=[file], now=NOW)
    assert hash(mine) == hash(load_pack(overlays=[file], now=NOW))


def test_a_firm_sets_thresholds_and_raises_weights(tmp_path: Path) -> None:
    """Signed rows take effect."""
    text = HEAD + '[[threshold]]\nname = "epss_medium"\nvalue = 0.05\n' + SIGNED
    text += '[[threshold]]\nname = "epss_high"\nvalue = 0.5\n' + SIGNED
    text += '[[clinical_role]]\nrole = "workflow"\nweight = 3\n' + SIGNED

    mine = load_pack(overlays=[overlay(tmp_path, text)], now=NOW)

    assert mine.thresholds == ExploitabilityThresholds(epss_medium=0.05, epss_high=0.5)
    assert mine.priority.role_weight[ClinicalRole.WORKFLOW] == 3
    assert load_pack().priority.role_weight[ClinicalRole.WORKFLOW] == 2


WEIGHT = '[[clinical_role]]\nrole = "alarm"\nweight = 3\n' + SIGNED
CLOCK = '[[clock]]\nid = "CVD-ACK"\nlimit = 2\ncitation = "CVD policy 4.1, section 3"\n' + SIGNED
EPSS = '[[threshold]]\nname = "{}"\nvalue = {}\n' + SIGNED


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        (HEAD + DEVICE, "device_type[0]", "missing required field `signed_by`"),
        (HEAD + DEVICE + 'signed_by = "A"\nsigned_on = 2026-09-30\n', "device_type[0]", "`reason`"),
        (HEAD + DEVICE + SIGNED.replace("A. Lead", " "), "device_type[0].signed_by", "blank"),
        (HEAD + DEVICE + SIGNED.replace("2026-09-30", '"soon"'), "device_type[0].signed_on", "RFC3339"),
        (
            HEAD + DEVICE + SIGNED.replace("2026-09", "2027-09"),
            "device_type[0].signed_on",
            "2027-09-30 is in the future",
        ),
        (
            HEAD + EPSS.replace("2026-09-30", "2026-11-26").format("epss_medium", 0.2),
            "threshold[0].signed_on",
            "future",
        ),
        (HEAD + DEVICE.replace("hub", "Diagnostic") + SIGNED, "device_type[0].name", "not the firm's to define"),
        (HEAD + DEVICE.replace("hub", " -_ ") + SIGNED, "device_type[0].name", "not the firm's to define"),
        (HEAD + (DEVICE + SIGNED) * 2, "device_type[1].name", "given twice"),
        (HEAD + DEVICE.replace("diagnostic", "harmless") + SIGNED, "device_type[0].ranks_as", "harmless"),
        (HEAD + WEIGHT, "clinical_role[0].weight", "would lower the weight of “alarm” from 4"),
        (HEAD + WEIGHT.replace("alarm", "unknown"), "clinical_role[0].role", "unknown"),
        (HEAD + WEIGHT.replace("= 3", "= 5"), "clinical_role[0].weight", "<= 4"),
        (HEAD + EPSS.format("epss_medium", "nan"), "threshold[0].value", "> 0.0"),
        (HEAD + EPSS.format("epss_medium", "1.5"), "threshold[0].value", "<= 1.0"),
        (HEAD + EPSS.format("epss_high", "0.01"), "threshold", "below epss_medium"),
        (HEAD + CLOCK * 2, "clock[1].id", "given twice"),
        (HEAD + CLOCK.replace("CVD-ACK", "CVD"), "clock[0].id", "no clock “CVD”"),
        (HEAD + CLOCK.replace("CVD-ACK", "FDA-806"), "clock[0].id", "not the firm's to set: regulation"),
        (HEAD + CLOCK.replace("CVD-ACK", "SEED-H"), "clock[0].id", "not the firm's to set: article"),
        (HEAD + CLOCK.replace("= 2\n", "= 0\n"), "clock[0].limit", ">= 1"),
        (HEAD + 'colour = "red"\n', "top of the file", "unknown field `colour`"),
        (HEAD + 'name = "b"\n', "acme.toml", "Cannot overwrite"),
        (HEAD.replace("10-01", "02-31"), "acme.toml", "Invalid date"),
        ("a = ", "acme.toml", "Invalid value"),
        ("a = " + "[" * 5000, "acme.toml", "nested too deeply"),
        ("a = " + "9" * 5000, "acme.toml", "digits"),
        ("# " + "x" * 2**20, "acme.toml", "at most 1 MiB"),
    ],
)
def test_a_broken_file_is_refused_in_one_line(tmp_path: Path, text: str, place: str, why: str) -> None:
    """File, place, why and the next step, on one line."""
    file = overlay(tmp_path, text)

    with pytest.raises(PolicyError) as caught:
        load_pack(overlays=[file], now=NOW)

    line = str(caught.value)
    assert line.startswith(str(file))
    assert place in line
    assert why in line
    assert caught.value.next_step
    assert "\n" not in line


def test_a_firm_sets_the_clocks_that_are_its_own(pack: Pack, tmp_path: Path) -> None:
    """With its own citation and in the clock's own unit; every other clock is as it was."""
    mine = load_pack(overlays=[overlay(tmp_path, HEAD + CLOCK)], now=NOW)
    clock = mine.clocks["CVD-ACK"]

    assert (clock.limit, clock.unit, clock.words) == (2, ClockUnit.WORKING_DAYS, "within 2 working days")
    assert clock.citation.text == "CVD policy 4.1, section 3"
    assert clock.citation.authority is Authority.FIRM
    assert {name for name, one in mine.clocks.items() if one != pack.clocks[name]} == {"CVD-ACK"}


def test_a_row_signed_today_in_the_first_time_zone_is_not_signed_in_the_future(tmp_path: Path) -> None:
    """At 10:00 UTC the next day has begun east of the date line; an hour before it has not, anywhere."""
    file = overlay(tmp_path, HEAD + DEVICE + SIGNED.replace("2026-09-30", "2026-11-25"))

    assert load_pack(overlays=[file], now=NOW.replace(hour=10)).device_types
    with pytest.raises(PolicyError, match=r"2026-11-25 is in the future \(now it is 2026-11-24 09:59 UTC\)"):
        load_pack(overlays=[file], now=NOW.replace(hour=9, minute=59))


def test_a_file_counts_from_the_day_it_takes_effect(pack: Pack, tmp_path: Path) -> None:
    """Before, it is pending and the policy is the one without it, by name and hash; from midnight UTC it counts."""
    file = overlay(tmp_path, (HEAD + DEVICE + SIGNED).replace("2026-10-01", "2026-12-01"))

    before = load_pack(overlays=[file], now=datetime(2026, 11, 30, 23, 59, tzinfo=UTC))
    after = load_pack(overlays=[file], now=datetime(2026, 12, 1, tzinfo=UTC))

    assert (before, before.version, before.overlays, dict(before.device_types)) == (pack, pack.version, (), {})
    assert [one.path for one in before.pending] == [str(file)]
    assert (after.version, after.pending, list(after.device_types)) == (f"{pack.version}, acme 3", (), ["hub"])


def test_a_mistake_in_a_pending_file_is_refused_today(tmp_path: Path) -> None:
    """Not on the night it takes effect."""
    file = overlay(tmp_path, (HEAD + WEIGHT).replace("2026-10-01", "2026-12-01"))

    with pytest.raises(PolicyError, match="would lower the weight"):
        load_pack(overlays=[file], now=NOW)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"name = '\xe9'"])
def test_another_encoding_is_refused(tmp_path: Path, content: bytes) -> None:
    """TOML is UTF-8."""
    file = tmp_path / "acme.toml"
    file.write_bytes(content)

    with pytest.raises(PolicyError, match="is not UTF-8"):
        load_pack(overlays=[file], now=NOW)


@pytest.mark.parametrize("name", ["missing.toml", ".", "a\0b"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    """A missing file, a folder and a hostile name are one clear line."""
    with pytest.raises(PolicyError, match="cannot be read"):
        load_pack(overlays=[tmp_path / name], now=NOW)


@given(st.one_of(st.binary(max_size=200), st.text(alphabet='[]{}=".\n0123456789abtrue-', max_size=80).map(str.encode)))
def test_no_bytes_raise_anything_else(content: bytes) -> None:
    """Whatever the file holds, it is read or it is a PolicyError."""
    try:
        found = parse(content, tables.OverlayFile, name="acme.toml")
    except PolicyError as error:
        assert error.where.startswith("acme.toml")  # noqa: PT017 # both outcomes are allowed
    else:
        assert found.name


def test_the_documented_example_loads(tmp_path: Path) -> None:
    """The firm's file shown in docs/policy.md is one that works."""
    page = (Path(__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")
    example = page.split("```toml\n")[1].split("```")[0]

    mine = load_pack(overlays=[overlay(tmp_path, example)], now=NOW)

    assert list(mine.device_types) == ["telemetry hub"]
    assert mine.thresholds.epss_medium == 0.05
    assert mine.priority.role_weight[ClinicalRole.WORKFLOW] == 3
