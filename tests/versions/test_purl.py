"""Package URLs and the product names they share with OSV."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmarket.versions.errors import InvalidPurl
from postmarket.versions.purl import Purl, parse, product_name_of_osv, product_names, source_package, version_of


def test_a_purl_is_decoded_and_normalised() -> None:
    """What it does not have is empty."""
    purl = parse("pkg:PyPI/Django_Ninja@1.0%2Bdfsg?b=2&a=1#src/x")

    assert purl == Purl("pypi", "", "django-ninja", "1.0+dfsg", (("a", "1"), ("b", "2")), "src/x")
    assert purl.qualifier("b") == "2"
    assert purl.qualifier("c") == ""
    assert purl.text() == "pkg:pypi/django-ninja@1.0%2Bdfsg?a=1&b=2#src/x"


@pytest.mark.parametrize(
    "text",
    [
        *("", "openssl", "pkg:", "pkg:pypi", "pkg:/x", "pkg:pypi/a?b", "pkg://[", "pkg:npm/a%00b", "pkg:npm/a\x1b[2J"),
        *("pkg:julia/Dates", "pkg:chrome-extension/dogs", "pkg:pypi/" + "a" * 5000),
    ],
    ids=lambda text: repr(text[:20]),
)
def test_what_is_no_purl_is_refused_in_one_line(text: str) -> None:
    """With what, why and the next step, and no control character of the text in it."""
    with pytest.raises(InvalidPurl, match=r"is no package URL.*Write it as pkg:") as caught:
        parse(text)

    assert caught.value.line().isprintable()


@given(st.text(max_size=60) | st.text(max_size=60).map(lambda text: f"pkg:{text}"))
def test_any_text_is_a_purl_or_refused(text: str) -> None:
    """No other error; and what is read can be written and read again."""
    try:
        purl = parse(text)
    except InvalidPurl:
        return

    assert product_names(purl)
    assert purl.text().startswith("pkg:")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("pkg:deb/debian/openssl@3?distro=debian-12", ("deb/debian:12/openssl", "deb/debian/openssl")),
        ("pkg:deb/debian/openssl?distro=debian-11.6", ("deb/debian:11/openssl", "deb/debian/openssl")),
        ("pkg:deb/debian/openssl?distro=bookworm", ("deb/debian:12/openssl", "deb/debian/openssl")),
        ("pkg:deb/debian/openssl?distro=sid", ("deb/debian/openssl",)),
        ("pkg:deb/debian/openssl?arch=amd64", ("deb/debian/openssl",)),
        ("pkg:deb/ubuntu/bash?distro=ubuntu-20.04", ("deb/ubuntu:20.04/bash", "deb/ubuntu/bash")),
        ("pkg:deb/ubuntu/bash?distro=jammy", ("deb/ubuntu:22.04/bash", "deb/ubuntu/bash")),
        ("pkg:apk/alpine/zlib?distro=alpine-3.18.4", ("apk/alpine:v3.18/zlib", "apk/alpine/zlib")),
        ("pkg:apk/alpine/zlib?distro=3.16.2", ("apk/alpine:v3.16/zlib", "apk/alpine/zlib")),
        ("pkg:alpine/zlib?distro=3.16.2", ("apk/zlib",)),
        ("pkg:apk/wolfi/zlib?distro=wolfi-20230201", ("apk/wolfi/zlib",)),
        ("pkg:rpm/rhel/openssl?distro=rhel-7.7", ("rpm/redhat:7/openssl", "rpm/redhat/openssl")),
        ("pkg:rpm/rocky/openssl?distro=rocky-9.3", ("rpm/rocky:9/openssl", "rpm/rocky/openssl")),
        ("pkg:rpm/opensuse/curl?distro=opensuse-leap-15.5", ("rpm/opensuse:leap 15.5/curl", "rpm/opensuse/curl")),
        ("pkg:rpm/fedora/curl?distro=fedora-38", ("rpm/fedora:38/curl", "rpm/fedora/curl")),
        ("pkg:pypi/Foo.Bar_baz@1", ("pypi/foo-bar-baz",)),
        ("pkg:npm/%40Angular/Core@1", ("npm/@angular/core",)),
        ("pkg:maven/org.apache.logging.log4j/log4j-core@2", ("maven/org.apache.logging.log4j/log4j-core",)),
        ("pkg:golang/github.com/Masterminds/goutils@v1", ("golang/github.com/masterminds/goutils",)),
        ("pkg:nuget/Newtonsoft.Json@1", ("nuget/newtonsoft.json",)),
        ("pkg:github/Actions/checkout@v4", ("github/actions/checkout",)),
        ("pkg:gem/RedCloth@4", ("gem/RedCloth",)),
        ("pkg:generic/zlib@1.2.11", ("generic/zlib",)),
    ],
)
def test_product_names_most_specific_first(text: str, names: tuple[str, ...]) -> None:
    """The release of a distribution first, when the purl names one."""
    assert product_names(parse(text)) == names


@pytest.mark.parametrize(
    ("ecosystem", "package", "text"),
    [
        ("Debian:12", "openssl", "pkg:deb/debian/openssl?distro=debian-12.5"),
        ("Ubuntu:22.04:LTS", "bash", "pkg:deb/ubuntu/bash?distro=ubuntu-22.04"),
        ("Ubuntu:23.10", "bash", "pkg:deb/ubuntu/bash?distro=ubuntu-23.10"),
        ("Alpine:v3.18", "zlib", "pkg:apk/alpine/zlib?distro=alpine-3.18.4"),
        ("Red Hat:enterprise_linux:9::baseos", "openssl", "pkg:rpm/redhat/openssl?distro=rhel-9.2"),
        ("Rocky Linux:9", "openssl", "pkg:rpm/rocky/openssl?distro=rocky-9.3"),
        ("AlmaLinux:8", "openssl", "pkg:rpm/almalinux/openssl?distro=almalinux-8.9"),
        ("openSUSE:Leap 15.5", "curl", "pkg:rpm/opensuse/curl?distro=opensuse-leap-15.5"),
        ("openSUSE:Tumbleweed", "curl", "pkg:rpm/opensuse/curl?distro=opensuse-tumbleweed-20240101"),
        ("SUSE:Linux Enterprise Server 15 SP5", "curl", "pkg:rpm/suse/curl?distro=sles-15.5"),
        ("Mageia:9", "curl", "pkg:rpm/mageia/curl?distro=mageia-9"),
        ("Wolfi", "zlib", "pkg:apk/wolfi/zlib?distro=wolfi-20230201"),
        ("Chainguard", "zlib", "pkg:apk/chainguard/zlib"),
        ("PyPI", "Foo.Bar", "pkg:pypi/foo-bar"),
        ("npm", "@angular/core", "pkg:npm/%40angular/core"),
        ("Maven", "org.x:y", "pkg:maven/org.x/y"),
        ("Go", "github.com/Masterminds/goutils", "pkg:golang/github.com/masterminds/goutils"),
        ("Go", "stdlib", "pkg:golang/stdlib"),
        ("crates.io", "Serde", "pkg:cargo/serde"),
        ("NuGet", "Newtonsoft.Json", "pkg:nuget/newtonsoft.json"),
        ("RubyGems", "RedCloth", "pkg:gem/RedCloth"),
        ("Packagist", "Symfony/Http-Kernel", "pkg:composer/symfony/http-kernel"),
        ("GitHub Actions", "Actions/checkout", "pkg:github/actions/checkout"),
        ("SwiftURL", "https://github.com/Apple/swift-nio.git", "pkg:swift/github.com/apple/swift-nio"),
        ("Hex", "phoenix", "pkg:hex/phoenix"),
        ("ConanCenter", "zlib", "pkg:conan/zlib"),
    ],
)
def test_osv_and_purl_meet_in_one_name(ecosystem: str, package: str, text: str) -> None:
    """The most specific name of the component is the one OSV's record has."""
    assert product_name_of_osv(ecosystem, package) == product_names(parse(text))[0]


def test_another_release_or_support_contract_is_another_name() -> None:
    """A fix for Ubuntu Pro, or for an extended support stream, says nothing about the plain release."""
    assert product_name_of_osv("Ubuntu:Pro:18.04:LTS", "bash") == "deb/ubuntu:pro:18.04/bash"
    assert product_name_of_osv("Red Hat:rhel_eus:9.2::appstream", "curl") == "rpm/redhat:rhel_eus:9.2/curl"
    assert product_name_of_osv("Debian", "bash") == "deb/debian/bash"


@pytest.mark.parametrize(
    ("text", "name", "version"),
    [
        ("pkg:deb/debian/libc6@2.36-9?upstream=glibc&distro=debian-12", "glibc", "2.36-9"),
        ("pkg:deb/debian/bsdutils@1:2.36.1-8?upstream=util-linux%402.36.1-8", "util-linux", "2.36.1-8"),
        ("pkg:rpm/rhel/openssl-libs@1.1.1k-7.el8?upstream=openssl-1.1.1k-7.el8.src.rpm", "openssl", "1.1.1k-7.el8"),
        ("pkg:apk/alpine/libcrypto3@3.1.4-r0?upstream=openssl", "openssl", "3.1.4-r0"),
    ],
)
def test_the_source_package_of_a_binary_one(text: str, name: str, version: str) -> None:
    """With its own version where it has one, and the distribution kept."""
    found = source_package(parse(text))

    assert found is not None
    assert (found.name, found.version) == (name, version)
    assert found.qualifier("upstream") == ""
    assert found.qualifier("distro") == parse(text).qualifier("distro")


def test_no_source_package_where_none_is_named() -> None:
    """Nor for what is no distribution's package."""
    assert source_package(parse("pkg:deb/debian/bash@5")) is None
    assert source_package(parse("pkg:pypi/x@1?upstream=y")) is None


def test_an_rpms_epoch_is_part_of_its_version() -> None:
    """The purl carries it as a qualifier, the scheme before a colon."""
    assert version_of(parse("pkg:rpm/rhel/bind@9.11-1?epoch=32")) == "32:9.11-1"
    assert version_of(parse("pkg:rpm/rhel/bind@32:9.11-1?epoch=32")) == "32:9.11-1"
    assert version_of(parse("pkg:deb/debian/bind@9.11-1?epoch=32")) == "9.11-1"


@pytest.mark.corpus
def test_the_purl_specifications_own_tests(shared_data: Path) -> None:
    """Parsing, round trips and building, refusals included: all of them."""
    cases: list[dict[str, Any]] = []
    with tarfile.open(shared_data / "conformance" / "purl-tests.tar.xz") as archive:
        for member in archive.getmembers():
            content = archive.extractfile(member)
            if content:
                cases += json.load(io.TextIOWrapper(content, "utf-8"))["tests"]

    differences = [(case["input"], answer(case)) for case in cases if answer(case) != expected(case)]

    assert len(cases) >= 200
    assert differences == []


def expected(case: dict[str, Any]) -> object:
    """What the specification wants: a text, the parts, or None for a refusal."""
    return None if case["expected_failure"] else case["expected_output"]


def answer(case: dict[str, Any]) -> object:
    """What we make of it, in the same shape."""
    given = case["input"]
    try:
        if case["test_type"] == "build":
            parts = {key: value or "" for key, value in given.items() if key != "qualifiers"}
            return Purl(**parts, qualifiers=tuple((given["qualifiers"] or {}).items())).text()
        purl = parse(given)
    except InvalidPurl:
        return None
    if case["test_type"] == "validate":
        return purl.text()
    fields = ("namespace", "name", "version", "subpath")
    found = {field: getattr(purl, field) or None for field in fields}
    return {"type": purl.type, **found, "qualifiers": dict(purl.qualifiers) or None}


@given(
    st.from_regex(
        r"pkg:(generic|maven|pypi|nuget|gem|cargo|golang|github|deb|apk|rpm)/([a-z0-9._-]{1,4}/){0,2}[a-z0-9._-]{1,6}"
        r"@[0-9A-Za-z.-]{1,6}",
        fullmatch=True,
    )
)
def test_a_plain_purl_reads_as_the_library_reads_it(text: str) -> None:
    """Most purls need no decoding and are read without the library: the answer is the same."""
    from packageurl import PackageURL

    try:
        theirs = PackageURL.from_string(text)
    except ValueError:
        with pytest.raises(InvalidPurl):
            parse(text)
        return
    ours = parse(text)

    assert (ours.type, ours.namespace, ours.name, ours.version) == (
        theirs.type,
        theirs.namespace or "",
        theirs.name,
        theirs.version or "",
    )
