"""Which scheme orders the versions of a purl type, and of an OSV ecosystem."""

from __future__ import annotations

from postmarket.versions.interface import Scheme

_PURL_TYPES = {
    "alpine": Scheme.APK,
    "alpm": Scheme.RPM,  # pacman's alpm_pkg_vercmp is rpmvercmp with an epoch
    "apk": Scheme.APK,
    "cargo": Scheme.SEMVER,
    "composer": Scheme.GENERIC,  # `1.0-p1` is a patch and comes after, as in no semver
    "conan": Scheme.GENERIC,
    "cpan": Scheme.GENERIC,
    "cran": Scheme.GENERIC,
    "deb": Scheme.DEB,
    "gem": Scheme.GEM,
    "githubactions": Scheme.SEMVER,
    "golang": Scheme.GO,
    "hackage": Scheme.GENERIC,
    "hex": Scheme.SEMVER,
    "maven": Scheme.MAVEN,
    "npm": Scheme.NPM,
    "nuget": Scheme.NUGET,
    "opkg": Scheme.DEB,  # opkg compares as dpkg does
    "pub": Scheme.SEMVER,
    "pypi": Scheme.PYPI,
    "rpm": Scheme.RPM,
    "swift": Scheme.SEMVER,
}

_OSV_ECOSYSTEMS = {
    "almalinux": Scheme.RPM,
    "alpaquita": Scheme.APK,
    "alpine": Scheme.APK,
    "azure linux": Scheme.RPM,
    "bellsoft hardened containers": Scheme.APK,
    "bioconductor": Scheme.GENERIC,
    "chainguard": Scheme.APK,
    "crates.io": Scheme.SEMVER,
    "debian": Scheme.DEB,
    "echo": Scheme.DEB,
    "github actions": Scheme.SEMVER,
    "go": Scheme.GO,
    "hex": Scheme.SEMVER,
    "mageia": Scheme.RPM,
    "maven": Scheme.MAVEN,
    "minimos": Scheme.APK,
    "npm": Scheme.NPM,
    "nuget": Scheme.NUGET,
    "openeuler": Scheme.RPM,
    "opensuse": Scheme.RPM,
    "packagist": Scheme.GENERIC,
    "photon os": Scheme.RPM,
    "pub": Scheme.SEMVER,
    "pypi": Scheme.PYPI,
    "red hat": Scheme.RPM,
    "rocky linux": Scheme.RPM,
    "rubygems": Scheme.GEM,
    "suse": Scheme.RPM,
    "swifturl": Scheme.SEMVER,
    "ubuntu": Scheme.DEB,
    "wolfi": Scheme.APK,
}


def scheme_of_purl_type(purl_type: str) -> Scheme:
    """The scheme of a purl type; GENERIC for one that is not known."""
    return _PURL_TYPES.get(purl_type.lower(), Scheme.GENERIC)


def scheme_of_osv_ecosystem(ecosystem: str) -> Scheme:
    """The scheme of an OSV ecosystem, its release (`Debian:12`) left aside; GENERIC for one that is not known."""
    return _OSV_ECOSYSTEMS.get(ecosystem.partition(":")[0].lower(), Scheme.GENERIC)
