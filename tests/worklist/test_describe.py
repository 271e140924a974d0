"""What a vulnerability is, in one line of a source's own words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.matching.store.engine import Connection
from postmarket.sources.interface import Criterion, Record, Source, State
from postmarket.worklist.describe import MOST_SUMMARY, Description, describe, shorter
from tests.builders import Tell, kev, nvd_range, record
from tests.worklist.conftest import ZLIB, Scan, device

CVE = "CVE-2026-1001"

Described = Callable[..., Description]


def zlib() -> Criterion:
    """Zlib, as NVD gives it."""
    return nvd_range("a:zlib:zlib", "1.2.12")


@pytest.fixture
def described(store: Connection, tell: Tell, scan: Scan) -> Described:
    """Tell, scan, and describe the one row."""

    def described(*told: Record) -> Description:
        for item in told:
            tell(item)
        (what,) = describe(store, scan(device(ZLIB)).rows)
        return what

    return described


def test_a_vulnerability_is_said_in_its_source_s_words(described: Described) -> None:
    """On one line, with its weaknesses, and where to read on."""
    what = described(
        record(CVE, zlib(), description="Inflate writes\n\n past  its buffer.", cwes=("CWE-787", "CWE-122"))
    )

    assert what == Description(
        summary="Inflate writes past its buffer.",
        source="nvd",
        weaknesses=("CWE-787", "CWE-122"),
        link=f"https://nvd.nist.gov/vuln/detail/{CVE}",
    )


@pytest.mark.parametrize(
    ("told", "summary", "source"),
    [
        (("", "", "", ""), "", ""),
        (("NVD's.", "The CNA's.", "", ""), "NVD's.", "nvd"),
        (("", "The CNA's.", "OSV's.", ""), "The CNA's.", "cve"),
        (("", "", "OSV's.", "An advisory's."), "OSV's.", "osv"),
        (("", "", "", "An advisory's."), "An advisory's.", "csaf"),
    ],
)
def test_whose_words_come_first(described: Described, told: tuple[str, ...], summary: str, source: str) -> None:
    """Those that speak of this vulnerability alone before an advisory's; silence is no answer."""
    sources = (Source.NVD, Source.CVE, Source.OSV, Source.CSAF)

    what = described(
        *(record(CVE, zlib(), source=of, description=text) for of, text in zip(sources, told, strict=True))
    )

    assert (what.summary, what.source) == (summary, source)


def test_a_title_stands_in_for_a_description(described: Described, tell: Tell) -> None:
    """A source's, else CISA's."""
    tell(kev(CVE))
    assert described(record(CVE, zlib())).summary == "t"
    assert described(record(CVE, zlib(), source=Source.CVE, title="Inflate overflow")).summary == "Inflate overflow"


def test_what_is_withdrawn_speaks_last(described: Described) -> None:
    """Another source still stands by it."""
    what = described(
        record(CVE, zlib(), description="** REJECT **", state=State.REJECTED),
        record(CVE, zlib(), source=Source.CVE, description="Inflate writes past its buffer."),
    )

    assert what.summary == "Inflate writes past its buffer."


def test_what_every_kernel_description_begins_with_is_left_out(described: Described) -> None:
    """Seventy characters that say nothing."""
    what = described(
        record(
            CVE, zlib(), description="In the Linux kernel, the following vulnerability has been resolved:\n\nnet: fix"
        )
    )

    assert what.summary == "net: fix"


def test_a_new_load_s_words_replace_the_old(described: Described) -> None:
    """What a source no longer says is not shown."""
    described(record(CVE, zlib(), description="Old words."))

    assert described(record(CVE, zlib(), description="New words.")).summary == "New words."


def test_aliases_share_their_words(described: Described) -> None:
    """The CVE says nothing itself; the advisory that is the same vulnerability does."""
    what = described(
        record(CVE, zlib()),
        record("GHSA-zzzz", source=Source.OSV, aliases=(CVE,), description="From GitHub.", cwes=("CWE-190",)),
    )

    assert (what.summary, what.weaknesses) == ("From GitHub.", ("CWE-190",))


@pytest.mark.parametrize(
    ("name", "source", "references", "link"),
    [
        ("CVE-2026-1001", Source.CSAF, (), "https://nvd.nist.gov/vuln/detail/CVE-2026-1001"),
        ("GHSA-ab/c?d", Source.OSV, (), "https://osv.dev/vulnerability/GHSA-ab%2Fc%3Fd"),
        ("SSA-1", Source.CSAF, ("javascript:alert(1)", "https://example.org/SSA-1"), "https://example.org/SSA-1"),
        ("SSA-1", Source.CSAF, ("file:///etc/passwd",), ""),
    ],
)
def test_where_to_read_on(
    described: Described, name: str, source: Source, references: tuple[str, ...], link: str
) -> None:
    """NVD's page, OSV's, or what the source names on the web."""
    assert described(record(name, zlib(), source=source, references=references)).link == link


def test_a_long_description_is_cut_after_a_word(described: Described) -> None:
    """What is left out is marked."""
    what = described(record(CVE, zlib(), description="word " * 1_000))

    assert what.summary.endswith("word word…")
    assert len(what.summary) <= MOST_SUMMARY


def test_a_sentence_is_a_better_end_than_a_word() -> None:
    """No "A…" of the next one."""
    assert shorter("It writes past its buffer. A crafted file does it.", 33) == "It writes past its buffer. …"
    assert shorter("It is. A crafted file writes past its buffer.", 35) == "It is. A crafted file writes past…"


@given(
    st.text(alphabet=st.sampled_from("ab. (é"), max_size=80).map(lambda text: " ".join(text.split())),
    st.integers(2, 60),
)
def test_a_shorter_text_is_a_beginning(text: str, most: int) -> None:
    """Never longer than asked, marked when anything is missing, and else the same."""
    short = shorter(text, most)

    assert len(short) <= most
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))
