"""Which scheme orders what."""

from __future__ import annotations

import pytest

from postmarket.versions.interface import Scheme
from postmarket.versions.keys import scheme_of_osv_ecosystem, scheme_of_purl_type


@pytest.mark.parametrize(
    ("purl_type", "scheme"),
    [
        ("pypi", Scheme.PYPI),
        ("npm", Scheme.NPM),
        ("maven", Scheme.MAVEN),
        ("golang", Scheme.GO),
        ("nuget", Scheme.NUGET),
        ("gem", Scheme.GEM),
        ("cargo", Scheme.SEMVER),
        ("deb", Scheme.DEB),
        ("rpm", Scheme.RPM),
        ("apk", Scheme.APK),
        ("conan", Scheme.GENERIC),
        ("composer", Scheme.GENERIC),
        ("generic", Scheme.GENERIC),
        ("never-heard-of", Scheme.GENERIC),
    ],
)
def test_scheme_of_a_purl_type(purl_type: str, scheme: Scheme) -> None:
    """An unknown type is ordered by the generic rules."""
    assert scheme_of_purl_type(purl_type) is scheme


@pytest.mark.parametrize(
    ("ecosystem", "scheme"),
    [
        ("PyPI", Scheme.PYPI),
        ("Go", Scheme.GO),
        ("crates.io", Scheme.SEMVER),
        ("RubyGems", Scheme.GEM),
        ("Debian:12", Scheme.DEB),
        ("Ubuntu:22.04:LTS", Scheme.DEB),
        ("Alpine:v3.18", Scheme.APK),
        ("Wolfi", Scheme.APK),
        ("Red Hat:enterprise_linux:9::baseos", Scheme.RPM),
        ("openSUSE:Leap 15.5", Scheme.RPM),
        ("Linux", Scheme.GENERIC),
    ],
)
def test_scheme_of_an_osv_ecosystem(ecosystem: str, scheme: Scheme) -> None:
    """The release behind the colon changes nothing."""
    assert scheme_of_osv_ecosystem(ecosystem) is scheme
