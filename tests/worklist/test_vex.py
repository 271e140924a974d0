"""Suppliers' VEX on rows: applied with a name, skipped with a reason, ambiguous when it is; never a guess."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from postmarket.documents.vex.interface import Justification, Product, Statement, Status, VexFormat
from postmarket.policy.interface import ClinicalRole
from postmarket.sbom.interface import Component
from postmarket.sources.interface import Certainty, Source
from postmarket.worklist.interface import DeviceVersion, Lane, RoleRule, Row, VexLine, VexOutcome, Worklist
from tests.builders import Tell, component, cpe, nvd_range, record
from tests.worklist.conftest import OPENSSL, ZLIB, Scan, bom, device

CVE = "CVE-2026-1001"
ZLIB_PURL = "pkg:generic/zlib@1.2.11"
PACKAGED = component("zlib", "1.2.11", purl=ZLIB_PURL)

Clear = Callable[..., Worklist]


def says(
    product: Product,
    status: Status = Status.NOT_AFFECTED,
    *,
    vulnerability: str = CVE,
    at: str = "2026-11-01T00:00:00Z",
    **more: object,
) -> Statement:
    """A line of Norrlake's VEX."""
    reason = Justification.VULNERABLE_CODE_NOT_PRESENT if status is Status.NOT_AFFECTED else Justification.NOT_GIVEN
    given: dict[str, object] = {
        "source": "folder/norrlake.json",
        "format": VexFormat.OPENVEX,
        "document": "d",
        "author": "Norrlake",
        "timestamp": at,
        "vulnerability": vulnerability,
        "aliases": (),
        "product": product,
        "status": status,
        "justification": reason,
        "place": "statements[0]",
    }
    return Statement(**given | more)  # type: ignore[arg-type]


def by_cpe(version: str = "1.2.11", **more: object) -> Product:
    """Zlib as a supplier names it by CPE."""
    return Product("zlib", cpes=(cpe("a:zlib:zlib", version),), **more)  # type: ignore[arg-type]


@pytest.fixture
def clear(tell: Tell, scan: Scan) -> Clear:
    """Scan a device that holds a vulnerable zlib, with statements applied."""
    tell(record(CVE, nvd_range("a:zlib:zlib", "1.2.12")))

    def clear(*statements: Statement, on: DeviceVersion | None = None) -> Worklist:
        return scan(on or device(ZLIB), vex=statements)

    return clear


def only(worklist: Worklist) -> tuple[Row, VexLine]:
    """The one row and the one line there is."""
    (row,), (line,) = worklist.rows, worklist.vex
    return row, line


def test_a_cleared_row_moves_to_its_own_lane_with_the_supplier_s_name(clear: Clear) -> None:
    """Nothing is deleted: the row is there, in the lane where a person confirms it, with the statement."""
    statement = says(by_cpe())

    row, line = only(clear(statement))

    assert (row.lane, row.vex) == (Lane.SUPPLIER_NOT_AFFECTED, (statement,))
    assert line.outcome is VexOutcome.APPLIED
    assert line.statement is statement
    assert (
        line.why
        == f"norrlake.json statements[0]: {CVE} {cpe('a:zlib:zlib', '1.2.11')}: not_affected, says Norrlake (1 row)"
    )


@pytest.mark.parametrize(
    ("status", "lane"),
    [
        (Status.NOT_AFFECTED, Lane.SUPPLIER_NOT_AFFECTED),
        (Status.FIXED, Lane.SUPPLIER_NOT_AFFECTED),
        (Status.AFFECTED, Lane.WORKLIST),
        (Status.UNDER_INVESTIGATION, Lane.WORKLIST),
    ],
)
def test_only_not_affected_and_fixed_clear(clear: Clear, status: Status, lane: Lane) -> None:
    """Every status is kept on the row; two of the four move it."""
    row, line = only(clear(says(by_cpe(), status)))

    assert (row.lane, len(row.vex), line.outcome) == (lane, 1, VexOutcome.APPLIED)


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        (says(by_cpe(), vulnerability="CVE-2020-9"), "no row of this scan is about it"),
        (says(Product("curl", cpes=(cpe("a:haxx:curl", "1.2.11"),))), "the product is none of this scan's"),
        (says(by_cpe("1.2.9")), "the product is none of this scan's"),
        (
            says(by_cpe(), justification=Justification.NOT_GIVEN),
            "gives neither a justification nor an impact statement",
        ),
        (says(Product("zlib-in-our-words")), "names no product that could be recognised elsewhere"),
        (says(by_cpe(), vulnerability=""), "names no vulnerability"),
    ],
)
def test_what_is_not_meant_or_not_reasoned_is_skipped_and_says_why(
    clear: Clear, statement: Statement, why: str
) -> None:
    """A line for every statement, and the row stays where it was."""
    row, line = only(clear(statement))

    assert (row.lane, row.vex, line.outcome) == (Lane.WORKLIST, (), VexOutcome.SKIPPED)
    assert line.why.endswith(why)


@pytest.mark.parametrize(
    ("product", "why"),
    [
        (by_cpe("*"), "it names no version"),
        (by_cpe("-"), "it names no version"),
        (by_cpe(ranges=("< 1.3",)), "a person has to read whether 1.2.11 is in < 1.3"),
        (Product("z", name="zlib"), "it names no version"),
        (
            by_cpe(within=Product("other", name="Somebody's gateway")),
            "it speaks of the component inside Somebody's gateway, and this may be another product",
        ),
    ],
)
def test_what_could_be_meant_is_ambiguous_and_decides_nothing(clear: Clear, product: Product, why: str) -> None:
    """No guess: a person reads it."""
    row, line = only(clear(says(product)))

    assert (row.lane, row.vex, line.outcome) == (Lane.WORKLIST, (), VexOutcome.AMBIGUOUS)
    assert line.why.endswith(why)


@pytest.mark.parametrize(
    ("product", "listed", "outcome"),
    [
        (Product("z", purls=(ZLIB_PURL,)), PACKAGED, VexOutcome.APPLIED),
        (Product("z", purls=("pkg:generic/zlib@1.2.10",)), PACKAGED, VexOutcome.SKIPPED),
        (Product("z", purls=("pkg:generic/zlib",)), PACKAGED, VexOutcome.AMBIGUOUS),
        (Product("z", purls=("pkg:generic/zlib",), versions=("1.2.11", "1.2.10")), PACKAGED, VexOutcome.APPLIED),
        (Product("z", purls=("pkg:generic/zlib",), versions=("1.2.10",)), PACKAGED, VexOutcome.SKIPPED),
        # What the document gives as versions is what it means, not the version inside the identifier.
        (Product("z", purls=("pkg:generic/zlib@1.2.10",), versions=("1.2.11",)), PACKAGED, VexOutcome.APPLIED),
        (Product("z", purls=("pkg:generic/zlib-ng@1.2.11",)), PACKAGED, VexOutcome.SKIPPED),
        (Product("z", purls=("no purl",)), PACKAGED, VexOutcome.SKIPPED),
        (Product("z", cpes=("no cpe",)), ZLIB, VexOutcome.SKIPPED),
        (by_cpe(), ZLIB, VexOutcome.APPLIED),
        (by_cpe(versions=("1.2.11",)), ZLIB, VexOutcome.APPLIED),
        # A purl names it, whatever the CPE beside it says.
        (by_cpe("9", purls=(ZLIB_PURL,)), PACKAGED, VexOutcome.APPLIED),
        (Product("z", name="ZLib", versions=("1.2.11",)), ZLIB, VexOutcome.APPLIED),
        (Product("z", name="zlib", versions=("1.2.10",)), ZLIB, VexOutcome.SKIPPED),
        (Product("z", name="zlib-ng", versions=("1.2.11",)), ZLIB, VexOutcome.SKIPPED),
        # Words are only asked where the document gives no identifier.
        (Product("z", name="zlib", versions=("1.2.11",), purls=("pkg:npm/zlib",)), ZLIB, VexOutcome.SKIPPED),
    ],
)
def test_which_component_a_statement_means(
    clear: Clear, product: Product, listed: Component, outcome: VexOutcome
) -> None:
    """By purl, then CPE, then words; the version has to be the one listed."""
    row, line = only(clear(says(product), on=device(listed)))

    assert line.outcome is outcome, line.why
    assert (row.lane is Lane.SUPPLIER_NOT_AFFECTED) == (outcome is VexOutcome.APPLIED)


def test_another_vendor_s_product_of_the_same_name_is_not_meant(clear: Clear) -> None:
    """Where both name a vendor, the vendors have to be the same; a legal form does not matter."""
    listed = component("zlib", "1.2.11", supplier="Norrlake Inc.")
    theirs = Product("z", name="zlib", vendor="Quellmar", versions=("1.2.11",))
    ours = Product("z", name="zlib", vendor="NORRLAKE", versions=("1.2.11",))

    assert only(clear(says(theirs), on=device(listed)))[1].outcome is VexOutcome.SKIPPED
    assert only(clear(says(ours), on=device(listed)))[1].outcome is VexOutcome.APPLIED


def test_a_statement_under_an_alias_applies(tell: Tell, scan: Scan) -> None:
    """The supplier speaks of the GHSA, the row stands under the CVE; and the other way round."""
    zlib = nvd_range("a:zlib:zlib", "1.2.12")
    tell(record(CVE, zlib))
    tell(record("GHSA-aaaa", zlib, source=Source.OSV, aliases=(CVE,)))

    for statement in (says(by_cpe(), vulnerability="GHSA-aaaa"), says(by_cpe(), vulnerability="X-1", aliases=(CVE,))):
        row, line = only(scan(device(ZLIB), vex=(statement,)))
        assert (row.vulnerability.name, line.outcome) == (CVE, VexOutcome.APPLIED)


def test_one_statement_clears_every_row_it_means(clear: Clear, scan: Scan) -> None:
    """Two shipped versions with the same component: both rows, one line that counts them."""
    statement = says(by_cpe())

    worklist = scan(device(ZLIB, version="1.0"), device(ZLIB, version="2.0"), vex=(statement,))

    assert {row.lane for row in worklist.rows} == {Lane.SUPPLIER_NOT_AFFECTED}
    assert worklist.vex[0].why.endswith("(2 rows)")


def test_the_newest_statement_decides(clear: Clear) -> None:
    """Whatever their order: a supplier who takes a clearance back puts the row on the worklist again."""
    older = says(by_cpe(), at="2026-01-01T00:00:00Z")
    newer = says(by_cpe(), Status.AFFECTED, at="2026-06-01T00:00:00Z")

    for statements in ((older, newer), (newer, older)):
        (row,) = clear(*statements).rows
        assert (row.lane, row.vex) == (Lane.WORKLIST, (newer, older))

    newest = says(by_cpe(), Status.FIXED, at="2026-09-01T00:00:00Z")
    (row,) = clear(older, newest, newer).rows
    assert (row.lane, row.vex) == (Lane.SUPPLIER_NOT_AFFECTED, (newest, newer, older))


@pytest.mark.parametrize("at", ["2026-06-01T00:00:00Z", ""])
def test_statements_that_contradict_each_other_clear_nothing(clear: Clear, at: str) -> None:
    """Equally new and of different minds, dated or not: the row stays, with both."""
    worklist = clear(says(by_cpe(), at=at), says(by_cpe(), Status.AFFECTED, at=at))

    (row,) = worklist.rows
    assert (row.lane, len(row.vex)) == (Lane.WORKLIST, 2)
    assert [line.outcome for line in worklist.vex] == [VexOutcome.APPLIED, VexOutcome.APPLIED]


def test_two_suppliers_that_agree_clear(clear: Clear) -> None:
    """Not affected and fixed, at the same time, both clear."""
    (row,) = clear(says(by_cpe()), says(by_cpe(), Status.FIXED, author="Quellmar")).rows

    assert row.lane is Lane.SUPPLIER_NOT_AFFECTED


def test_an_undated_statement_never_outdoes_a_dated_one(clear: Clear) -> None:
    """When it was said cannot be told, so it cannot be the newest."""
    (row,) = clear(says(by_cpe(), at=""), says(by_cpe(), Status.AFFECTED, at="2020-01-01T00:00:00Z")).rows

    assert row.lane is Lane.WORKLIST


def test_affected_says_the_supplier_brings_a_row_back_to_the_worklist(clear: Clear) -> None:
    """The supplier's word on its own product outweighs what the SBOM or a vague source suggests."""
    patched = component("zlib", "1.2.11", cpes=(cpe("a:zlib:zlib", "1.2.11"),), patched=(CVE,))

    (before,) = clear(on=device(patched)).rows
    (after,) = clear(says(by_cpe(), Status.AFFECTED), on=device(patched)).rows

    assert (before.lane, after.lane) == (Lane.SUGGESTED_NOT_AFFECTED, Lane.WORKLIST)


def test_a_possible_row_called_affected_is_on_the_worklist(tell: Tell, scan: Scan) -> None:
    """Until a newer statement clears it."""
    tell(record(CVE, nvd_range("a:zlib:zlib", certainty=Certainty.POSSIBLE)))
    affected, cleared = says(by_cpe(), Status.AFFECTED), says(by_cpe(), at="2026-11-02T00:00:00Z")

    assert [row.lane for row in scan(device(ZLIB), vex=(affected,)).rows] == [Lane.WORKLIST]
    assert [row.lane for row in scan(device(ZLIB), vex=(affected, cleared)).rows] == [Lane.SUPPLIER_NOT_AFFECTED]


def test_a_statement_for_one_target_does_not_clear_another(tell: Tell, scan: Scan) -> None:
    """Windows builds say nothing of Linux builds; an SBOM that does not say is for a person."""
    tell(record(CVE, nvd_range("a:zlib:zlib", "1.2.12")))
    windows = says(Product("z", cpes=(cpe("a:zlib:zlib", "1.2.11", "*:*:*:*:windows:*:*"),)))

    def outcome(rest: str) -> VexOutcome:
        listed = component("zlib", "1.2.11", cpes=(cpe("a:zlib:zlib", "1.2.11", rest),))
        return only(scan(device(listed), vex=(windows,)))[1].outcome

    assert outcome("*:*:*:*:linux:*:*") is VexOutcome.SKIPPED
    assert outcome("*:*:*:*:*:*:*") is VexOutcome.AMBIGUOUS
    assert outcome("*:*:*:*:windows:*:*") is VexOutcome.APPLIED


def test_a_malformed_cpe_hides_no_valid_one(clear: Clear) -> None:
    """One bad name beside a good one in the component."""
    listed = component("zlib", "1.2.11", cpes=("cpe:2.3:a:zlib", *ZLIB.cpes))

    assert only(clear(says(by_cpe()), on=device(listed)))[1].outcome is VexOutcome.APPLIED


def test_a_vendor_s_product_is_ambiguous_where_the_sbom_names_no_supplier(clear: Clear) -> None:
    """Quellmar's zlib may be another; the CPE's own vendor is as good as a supplier."""
    theirs = Product("z", name="zlib", vendor="Quellmar", versions=("1.2.11",))

    assert only(clear(says(theirs)))[1].outcome is VexOutcome.AMBIGUOUS
    assert only(clear(says(replace(theirs, vendor="zlib"))))[1].outcome is VexOutcome.APPLIED
    assert only(clear(says(replace(theirs, versions=("1.2.9",)))))[1].outcome is VexOutcome.SKIPPED


def test_a_product_is_known_by_its_hash(clear: Clear) -> None:
    """The same bytes are the same component, whatever it is called; other bytes may be anything."""
    listed = component("zlib", "1.2.11", cpes=ZLIB.cpes, hashes={"SHA-256": "ab" * 32})

    def outcome(kind: str, value: str) -> VexOutcome:
        return only(clear(says(Product("z", hashes=((kind, value),))), on=device(listed)))[1].outcome

    assert outcome("SHA-256", "ab" * 32) is VexOutcome.APPLIED
    assert outcome("SHA-256", "cd" * 32) is VexOutcome.SKIPPED
    assert outcome("SHA-1", "ab" * 20) is VexOutcome.SKIPPED


def test_a_product_is_known_by_a_bom_link(clear: Clear) -> None:
    """The SBOM's serial number and the component's ref in it."""
    serial = "3e671687-395b-41f5-a30f-a58921a69b79"
    listed = device(bom=bom(ZLIB, serial=f"urn:uuid:{serial.upper()}"))

    def outcome(bom_link: str, ref: str) -> VexOutcome:
        return only(clear(says(Product(ref, bom=bom_link, described=False)), on=listed))[1].outcome

    assert outcome(f"urn:cdx:{serial}/1", "zlib") is VexOutcome.APPLIED
    assert outcome(f"urn:cdx:{serial}/1", "curl") is VexOutcome.SKIPPED
    assert outcome(f"urn:cdx:{'0' * 36}/1", "zlib") is VexOutcome.SKIPPED


def test_within_the_device_itself(clear: Clear) -> None:
    """`zlib in Ventilator 1.0` holds on that device version, and is only ambiguous on another."""
    inside = by_cpe(within=Product("v", name="Ventilator", versions=("1.0",)))

    assert only(clear(says(inside)))[1].outcome is VexOutcome.APPLIED
    assert only(clear(says(inside), on=device(ZLIB, version="2.0")))[1].outcome is VexOutcome.AMBIGUOUS
    assert only(clear(says(inside), on=device(ZLIB, name="Pump")))[1].outcome is VexOutcome.AMBIGUOUS


def test_within_the_subject_of_the_sbom(clear: Clear) -> None:
    """The supplier may call the device as the SBOM's subject does, not as the portfolio."""
    subject = device(ZLIB, name="Corvid V5", bom=bom(ZLIB, subject=component("corvid-firmware", "1.0")))
    inside = by_cpe(within=Product("v", name="corvid-firmware"))

    assert only(clear(says(inside), on=subject))[1].outcome is VexOutcome.APPLIED


def test_within_a_component_it_is_nested_in(clear: Clear) -> None:
    """A board's supplier speaks of the zlib in its own package, however deep, and of no other copy."""
    board = component("norrlake-bsp", "2.4", purl="pkg:generic/norrlake-bsp@2.4")
    middle = component("userland", "1", parent="norrlake-bsp")
    nested = component("zlib", "1.2.11", ref="nested", cpes=ZLIB.cpes, parent="userland")
    inside = says(by_cpe(within=Product("b", purls=("pkg:generic/norrlake-bsp@2.4",))))
    other = says(by_cpe(within=Product("b", purls=("pkg:generic/norrlake-bsp@2.3",))))

    assert only(clear(inside, on=device(board, middle, nested)))[1].outcome is VexOutcome.APPLIED
    assert only(clear(other, on=device(board, middle, nested)))[1].outcome is VexOutcome.AMBIGUOUS
    assert only(clear(inside, on=device(board, middle, ZLIB)))[1].outcome is VexOutcome.AMBIGUOUS


def test_components_nested_in_a_circle_end(clear: Clear) -> None:
    """A hostile SBOM whose parents go round is walked once."""
    first = component("a", "1", parent="b")
    second = component("b", "1", parent="a")
    nested = component("zlib", "1.2.11", cpes=ZLIB.cpes, parent="a")
    inside = says(by_cpe(within=Product("x", name="somewhere else")))

    assert only(clear(inside, on=device(first, second, nested)))[1].outcome is VexOutcome.AMBIGUOUS


def test_rows_keep_their_order_and_every_statement_its_line(tell: Tell, scan: Scan) -> None:
    """Statements come back in the order given, one line each, and only the row that is meant moves."""
    tell(
        record("CVE-2026-0001", nvd_range("a:zlib:zlib", "1.2.12")),
        record("CVE-2026-0002", nvd_range("a:openssl:openssl")),
    )
    statements = (
        says(Product("o", name="nothing", versions=("1",)), vulnerability="CVE-2026-0002"),
        says(by_cpe(), vulnerability="CVE-2026-0001"),
        says(by_cpe(), vulnerability="CVE-2026-0003"),
    )
    roles = (RoleRule("zlib", ClinicalRole.ALARM), RoleRule("openssl", ClinicalRole.ADMINISTRATIVE))
    plain = scan(device(ZLIB, OPENSSL, roles=roles))

    worklist = scan(device(ZLIB, OPENSSL, roles=roles), vex=statements)

    assert [line.statement for line in worklist.vex] == list(statements)
    assert [line.outcome for line in worklist.vex] == [VexOutcome.SKIPPED, VexOutcome.APPLIED, VexOutcome.SKIPPED]
    assert [row.vulnerability.name for row in worklist.rows] == [row.vulnerability.name for row in plain.rows]
    assert [row.lane for row in worklist.rows] == [Lane.SUPPLIER_NOT_AFFECTED, Lane.WORKLIST]


@pytest.mark.parametrize(
    "within",
    [
        Product("v", name="Ventilator", ranges=("< 2.0",)),
        Product("v", name="Ventilator", cpes=(cpe("o:corvid:ventilator", "1.0"),)),
        Product("v", name="Ventilator", purls=("pkg:generic/ventilator@1.0",)),
    ],
)
def test_a_statement_for_another_version_of_the_device_clears_nothing(clear: Clear, within: Product) -> None:
    """`zlib in Ventilator 1.0` must not clear Ventilator 2.0, however the version is written."""
    row, line = only(clear(says(by_cpe(within=within)), on=device(ZLIB, version="2.0")))

    assert line.outcome is not VexOutcome.APPLIED
    assert row.lane is Lane.WORKLIST


def test_a_range_of_the_outer_product_is_for_a_person(clear: Clear) -> None:
    """Whether this board is `< 2.0` cannot be told here."""
    board = component("norrlake-bsp", "2.4", purl="pkg:generic/norrlake-bsp@2.4")
    nested = component("zlib", "1.2.11", ref="nested", cpes=ZLIB.cpes, parent="norrlake-bsp")
    within = Product("b", purls=("pkg:generic/norrlake-bsp",), ranges=("< 2.0",))

    assert only(clear(says(by_cpe(within=within)), on=device(board, nested)))[1].outcome is VexOutcome.AMBIGUOUS


RPM = "pkg:rpm/redhat/zlib@1.2.11-7.el8?epoch=1"


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        (component("zlib", "1.2.11", purl="pkg:generic/zlib@1.2.11"), "pkg:generic/zlib@1.2.11"),
        (component("zlib", "", purl="pkg:generic/zlib@1.2.11"), "pkg:generic/zlib@1.2.11"),
        (component("zlib", "1.2.11-7.el8", purl=RPM), RPM),
        (
            component("zlib", "1:1.2.11-4", purl="pkg:deb/debian/zlib@1%3A1.2.11-4?distro=debian-12"),
            "pkg:deb/debian/zlib@1%3A1.2.11-4",
        ),
    ],
)
def test_the_same_package_written_twice_is_the_same(tell: Tell, scan: Scan, listed: Component, said: str) -> None:
    """The very purl of the component, or one that leaves out the release, is not "another product"."""
    tell(record(CVE, nvd_range("a:zlib:zlib", "1.2.12")))

    row, line = only(scan(device(listed), vex=(says(Product("z", purls=(said,))),)))

    assert line.outcome is VexOutcome.APPLIED, line.why
    assert row.lane is Lane.SUPPLIER_NOT_AFFECTED
