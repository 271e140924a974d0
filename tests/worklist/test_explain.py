"""Why a row matched and what to do next: the sources' words, and one sentence a person can act on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from postmarket.documents.vex.interface import Justification, Product, Statement, Status, VexFormat
from postmarket.matching.interface import Rung
from postmarket.matching.store.engine import Connection
from postmarket.policy.interface import ClinicalRole, Criticality
from postmarket.sources.interface import Certainty, Criterion, NameKind, Node, Operator, Record, Source
from postmarket.versions.interface import Scheme
from postmarket.versions.ranges import everything, exactly
from postmarket.worklist.explain import MOST_EVIDENCE, explain, fixed_version, next_step
from postmarket.worklist.interface import DeviceVersion, Lane, Reason, RoleRule, Row
from tests.builders import Tell, component, cpe, kev, nvd_range, rated, record
from tests.worklist.conftest import CRITICAL, ZLIB, Scan, device

CVE = "CVE-2026-1001"
HARD = "AV:P/AC:H/PR:H/UI:R/S:U/C:H/I:H/A:H"

Explained = Callable[..., tuple[Row, tuple[Reason, ...]]]


def zlib(below: str = "1.2.12", **more: object) -> Criterion:
    """Zlib, as NVD gives it."""
    return nvd_range("a:zlib:zlib", below, **more)  # type: ignore[arg-type]


def platform(name: str) -> Criterion:
    """Something that only has to be there."""
    return Criterion(NameKind.CPE, name, everything(Scheme.GENERIC), "any", vulnerable=False)


def running_on(*criteria: Criterion) -> Record:
    """The first criterion, when any of the others is there too."""
    others = tuple(range(1, len(criteria)))
    both = Node(Operator.AND, nodes=(Node(Operator.OR, (0,)), Node(Operator.OR, others)))
    return record(CVE, *criteria, conditions=(both,), ratings=(rated(CRITICAL),))


@pytest.fixture
def explained(store: Connection, tell: Tell, scan: Scan) -> Explained:
    """Tell, scan, and explain the one row."""

    def explained(
        *told: Record, on: DeviceVersion | None = None, vex: tuple[Statement, ...] = ()
    ) -> tuple[Row, tuple[Reason, ...]]:
        for item in told:
            tell(item)
        (row,) = scan(on or device(ZLIB, criticality=Criticality.LIFE_SUSTAINING), vex=vex).rows
        (reasons,) = explain(store, [row])
        return row, reasons

    return explained


def test_a_reason_is_in_the_source_s_words(explained: Explained) -> None:
    """Identifier rung, range, source, record, fixed version and the source's own advice."""
    _, (reason,) = explained(record(CVE, zlib(since="1.1", fixed="1.2.12"), advice=("Update zlib.",)))

    assert reason.sentence == "CPE a:zlib:zlib: 1.2.11 in >= 1.1, < 1.2.12 (NVD, high confidence)"
    assert (reason.evidence.rung, reason.source, reason.record) == (Rung.CPE, "nvd", CVE)
    assert (reason.range, reason.fixed, reason.advice, reason.notes) == (
        ">= 1.1, < 1.2.12",
        "1.2.12",
        ("Update zlib.",),
        (),
    )


def test_every_source_gives_its_reason_surest_first(explained: Explained) -> None:
    """A confirmed range before one nobody could read."""
    _, reasons = explained(
        record(CVE, zlib(certainty=Certainty.POSSIBLE), source=Source.CSAF),
        record(CVE, zlib()),
    )

    assert [reason.source for reason in reasons] == ["nvd", "csaf"]
    assert reasons[1].notes == ("the source gives no version range that can be compared",)


def test_a_row_shows_no_more_reasons_than_a_person_reads(explained: Explained) -> None:
    """The row keeps all of them; the explanation shows the surest."""
    row, reasons = explained(record(CVE, *(zlib(f"1.{at}") for at in range(3, 12))))

    assert len(row.match.evidence) == 9
    assert len(reasons) == MOST_EVIDENCE


def test_an_open_condition_names_what_the_device_would_need(explained: Explained) -> None:
    """In words, not as a position in a record."""
    _, (reason,) = explained(running_on(zlib(), platform("o:microsoft:windows")))

    assert reason.notes == ("condition unverified: also needs microsoft windows, which the SBOM does not state",)


def test_a_long_condition_is_cut(explained: Explained) -> None:
    """Ten platforms are two, and how many more."""
    _, (reason,) = explained(running_on(zlib(), *(platform(f"o:vendor:system_{at}") for at in range(10))))

    assert "also needs vendor system_0 or vendor system_1 (or 8 more), which" in reason.notes[0]


def test_the_fixed_version_is_the_surest_source_s(explained: Explained) -> None:
    """The first that names one; none is an empty answer, not a guess."""
    row, reasons = explained(
        record(CVE, zlib(certainty=Certainty.POSSIBLE, fixed="9.9"), source=Source.CSAF),
        record(CVE, zlib(fixed="1.2.12")),
    )

    assert fixed_version(row, reasons) == "1.2.12"
    assert fixed_version(row, ()) == ""


def test_the_fix_of_what_is_only_possible_ends_nothing(explained: Explained) -> None:
    """A sure range without a fix is not ended by the version that a doubtful one gives."""
    row, reasons = explained(
        record(CVE, zlib(certainty=Certainty.POSSIBLE, fixed="9.9"), source=Source.CSAF), record(CVE, zlib())
    )

    assert fixed_version(row, reasons) == ""
    assert "No source states a fixed version" in next_step(row, reasons)


def test_a_version_that_another_range_calls_affected_ends_nothing(explained: Explained) -> None:
    """The one that no source calls affected is named, and a note says what speaks against the other."""
    row, reasons = explained(
        record(CVE, zlib("1.2.12", fixed="1.2.12")),
        record(CVE, zlib("1.2.14", fixed="1.2.14"), source=Source.CVE),
    )

    assert fixed_version(row, reasons) == "1.2.14"
    assert next_step(row, reasons).endswith("Update zlib to 1.2.14 or later, validated.")
    assert reasons[0].notes == ("1.2.12 is given as fixed and is still in < 1.2.14 (CVE CVE-2026-1001)",)
    assert reasons[1].notes == ()


def test_sources_that_leave_no_fixed_version_disagree(explained: Explained) -> None:
    """One says fixed in 1.2.12, another that everything below 1.3 is affected and nothing fixes it."""
    row, reasons = explained(record(CVE, zlib("1.2.12", fixed="1.2.12")), record(CVE, zlib("1.3"), source=Source.CVE))

    assert fixed_version(row, reasons) == ""
    assert "The sources disagree on the fixed version: read the notes" in next_step(row, reasons)


def test_another_product_s_range_does_not_dispute_a_fix(explained: Explained) -> None:
    """Versions are of one product: what another's range holds says nothing."""
    both = component("zlib", "1.2.11", cpes=(*ZLIB.cpes, cpe("a:other:zlib", "1.2.11")))
    row, reasons = explained(
        record(CVE, zlib(fixed="1.2.12"), nvd_range("a:other:zlib", "2.0", fixed="2.0")), on=device(both)
    )

    assert fixed_version(row, reasons) == "1.2.12"


def _cleared() -> Statement:
    return Statement(
        source="v.json",
        format=VexFormat.OPENVEX,
        document="d",
        author="S",
        timestamp="2026-11-01T00:00:00Z",
        vulnerability=CVE,
        aliases=(),
        product=Product("z", cpes=(cpe("a:zlib:zlib", "1.2.11"),)),
        status=Status.NOT_AFFECTED,
        justification=Justification.COMPONENT_NOT_PRESENT,
    )


SCORED = (rated(CRITICAL),)
NEXT_STEPS = [
    (
        (record(CVE, zlib(fixed="1.2.12"), ratings=SCORED),),
        "Assess patient harm with both leads. Update zlib to 1.2.12 or later, validated.",
    ),
    (
        (record(CVE, zlib(), ratings=SCORED),),
        "Assess patient harm with both leads. No source states a fixed version: look for a",
    ),
    (
        (record(CVE, zlib(fixed="1.2.12"), ratings=(rated(HARD),)),),
        "Assess patient harm. Update zlib to 1.2.12 or later, validated.",
    ),
    (
        (record(CVE, zlib(fixed="1.2.12")),),
        "No score: have a person band it; the Critical dates run provisionally until then. Update zlib to 1.2.12",
    ),
    (
        (running_on(zlib(), platform("o:microsoft:windows")),),
        "Settle what is open, then assess patient harm.",
    ),
    (
        (running_on(zlib(fixed="1.2.12"), platform("o:microsoft:windows")),),
        "Settle what is open, then assess patient harm. If it is affected: update zlib to 1.2.12 or later, validated.",
    ),
    ((record(CVE, zlib(certainty=Certainty.POSSIBLE)),), "Read the source and say whether this component is meant."),
    (
        (record(CVE, zlib(certainty=Certainty.POSSIBLE, fixed="1.3")),),
        "Read the source and say whether this component is meant. If it is affected: update zlib to 1.3 or later,",
    ),
]


@pytest.mark.parametrize(("told", "step"), NEXT_STEPS)
def test_the_next_step_of_a_row(explained: Explained, told: tuple[Record, ...], step: str) -> None:
    """By lane first, then by what stands in the way of a decision."""
    assert next_step(*explained(*told)).startswith(step)


def test_the_next_step_of_a_row_the_supplier_cleared(explained: Explained) -> None:
    """A person confirms it."""
    row, reasons = explained(record(CVE, zlib()), vex=(_cleared(),))

    assert row.lane is Lane.SUPPLIER_NOT_AFFECTED
    assert next_step(row, reasons).startswith("Review the supplier's statement and confirm it")


def test_the_next_step_of_a_row_something_contradicts(explained: Explained, tell: Tell) -> None:
    """Even one that is exploited elsewhere: it is confirmed first, and the reason kept."""
    tell(kev(CVE))
    patched = component("zlib", "1.2.11", cpes=ZLIB.cpes, patched=(CVE,))

    row, reasons = explained(record(CVE, zlib()), on=device(patched))

    assert row.lane is Lane.SUGGESTED_NOT_AFFECTED
    assert next_step(row, reasons).startswith("Confirm what contradicts it, and record why")


@pytest.mark.parametrize(
    ("criticality", "step"),
    [
        (Criticality.LIFE_SUSTAINING, "Exploited elsewhere: open a case and ask the clinical safety lead"),
        (Criticality.LIFE_SUPPORTING, "Exploited elsewhere: open a case and ask the clinical safety lead"),
        (Criticality.UNKNOWN, "Exploited elsewhere: open a case and ask the clinical safety lead"),
        (Criticality.DIAGNOSTIC, "Exploited elsewhere: open a case and prepare this device type's response"),
        (Criticality.ADMINISTRATIVE, "Exploited elsewhere: open a case and prepare this device type's response"),
    ],
)
def test_the_next_step_of_an_exploited_row(
    explained: Explained, tell: Tell, criticality: Criticality, step: str
) -> None:
    """A case, whatever else is open; where life depends on it, or may, the clinical safety lead is asked."""
    tell(kev(CVE))
    quiet = RoleRule("*", ClinicalRole.ADMINISTRATIVE)

    row, reasons = explained(
        running_on(zlib(), platform("o:microsoft:windows")), on=device(ZLIB, criticality=criticality, roles=(quiet,))
    )

    assert next_step(row, reasons).startswith(step)
    assert "2026-11-27" in next_step(row, reasons)


def test_an_exploited_row_names_the_version_that_ends_it(explained: Explained, tell: Tell) -> None:
    """An answer on the ward first, then the update."""
    tell(kev(CVE))

    step = next_step(*explained(record(CVE, zlib(fixed="1.2.12"))))

    assert step.endswith("by 2026-11-27. Update zlib to 1.2.12 or later, validated.")


def test_versions_told_together_each_have_their_own_fix(store: Connection, tell: Tell, scan: Scan) -> None:
    """One branch's fix is no fix of another's; a branch without one is named."""
    tell(
        record(
            CVE,
            *(zlib(f"1.{at}.9", since=f"1.{at}", fixed=fixed) for at, fixed in ((2, "1.2.9"), (3, "1.3.9"), (4, ""))),
        )
    )
    listed = [component("zlib", f"1.{at}.1", ref=str(at), cpes=(cpe("a:zlib:zlib", f"1.{at}.1"),)) for at in (2, 3, 4)]

    rows = sorted(scan(device(*listed)).rows, key=lambda row: row.component.version)
    told = list(zip(rows, explain(store, rows), strict=True))

    assert next_step(*told[0], together=told[:1]).endswith("Update zlib to 1.2.9 or later, validated.")
    assert "Update zlib 1.2.1 to 1.2.9 or later, 1.3.1 to 1.3.9 or later, validated." in next_step(
        *told[0], together=told
    )
    assert next_step(*told[0], together=told).endswith("No source states a fixed version for 1.4.1.")


def test_every_row_has_a_reason_and_a_step(store: Connection, tell: Tell, scan: Scan) -> None:
    """Explanations come in the order of the rows, none empty, each a sentence on one line."""
    tell(*(record(f"CVE-2026-000{number}", zlib(f"1.{number}")) for number in range(3, 9)))

    rows = scan(device(ZLIB)).rows
    explanations = explain(store, rows)

    assert [reasons[0].record for reasons in explanations] == [row.vulnerability.name for row in rows]
    for row, reasons in zip(rows, explanations, strict=True):
        step = next_step(row, reasons)
        assert step.endswith(".")
        assert step.isprintable()


def test_a_distribution_s_package_is_fixed_by_the_distribution(explained: Explained) -> None:
    """Upstream's number is not the package's: Debian carries the fix under a version of its own."""
    packaged = component("zlib1g", "1:1.2.11.dfsg-2", purl="pkg:deb/debian/zlib1g@1:1.2.11.dfsg-2", cpes=ZLIB.cpes)

    step = next_step(*explained(record(CVE, zlib(fixed="1.2.12"), ratings=SCORED), on=device(packaged)))

    assert step.endswith("update zlib1g to a package with the fix of upstream 1.2.12, validated.")


def test_a_fix_that_is_a_commit_has_no_later(explained: Explained) -> None:
    """Commits have no order: what counts is that the build has it."""
    commit = "a" * 40
    stated = Criterion(NameKind.CPE, "a:zlib:zlib", exactly(Scheme.GIT, commit), commit, fixed="b" * 40)
    built = component("zlib", commit, cpes=(cpe("a:zlib:zlib", commit),))

    step = next_step(*explained(record(CVE, stated, source=Source.OSV, ratings=SCORED), on=device(built)))

    assert step.endswith(f"Update zlib to a build with commit {'b' * 40}, validated.")
