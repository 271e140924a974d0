"""
Package URLs (https://github.com/package-url/purl-spec) and the product names they and OSV's packages share.

A product name is `type/namespace/name`, normalised so that the two sides of a match are equal strings.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

import msgspec

from postmarket.versions.distributions import distribution_of_osv, namespace_of, release_of
from postmarket.versions.errors import InvalidPurl

MAX_PURL = 4096
"""Characters; a longer text is refused unread."""

_DISTRIBUTION_TYPES = frozenset(("deb", "rpm", "apk"))
_LOWER_TYPES = frozenset(("pypi", "npm", "golang", "nuget", "cargo", "composer", "hex", "pub", "github", "swift"))
_SAME_TYPE = {"alpine": "apk", "githubactions": "github"}
_OSV_TYPES = {
    "bioconductor": "bioconductor",
    "conancenter": "conan",
    "cran": "cran",
    "crates.io": "cargo",
    "github actions": "github",
    "go": "golang",
    "hackage": "hackage",
    "hex": "hex",
    "julia": "julia",
    "maven": "maven",
    "npm": "npm",
    "nuget": "nuget",
    "opam": "opam",
    "packagist": "composer",
    "pub": "pub",
    "pypi": "pypi",
    "rubygems": "gem",
    "swifturl": "swift",
}
_EXTENSION_ID = re.compile(r"[a-p]{32}")
_EXTENSION_VERSION = re.compile(r"[0-9]+(?:\.[0-9]+){0,3}")
_PEP503 = re.compile(r"[-_.]+")
_SOURCE_RPM = re.compile(r"(?P<name>.+)-(?P<version>[^-]+-[^-]+)\.(?:src|nosrc)\.rpm")


class Purl(msgspec.Struct, frozen=True, gc=False):
    """A package URL, decoded and normalised by its type's rules; what it does not have is empty."""

    type: str
    namespace: str
    name: str
    version: str = ""
    qualifiers: tuple[tuple[str, str], ...] = ()
    subpath: str = ""

    def qualifier(self, key: str) -> str:
        """The value of a qualifier, or empty."""
        return next((value for name, value in self.qualifiers if name == key), "")

    def text(self) -> str:
        """
        The purl in its canonical form (purl specification, "How to build purl string from its components").

        Raises InvalidPurl when type or name is missing.
        """
        if not self.type or not self.name:
            raise _invalid(f"{self.type}/{self.name}", "a purl has at least a type and a name")
        out = f"pkg:{self.type}/"
        if self.namespace:
            out += "".join(f"{_encoded(segment)}/" for segment in self.namespace.split("/"))
        out += _encoded(self.name)
        if self.version:
            out += f"@{_encoded(self.version)}"
        if self.qualifiers:
            out += "?" + "&".join(f"{key}={_encoded(value)}" for key, value in sorted(self.qualifiers))
        if self.subpath:
            out += "#" + "/".join(_encoded(segment) for segment in self.subpath.split("/"))
        return out


_PLAIN = re.compile(
    r"pkg:(?P<type>generic|maven|nuget|gem|cargo|golang|github|deb|apk|rpm)/"
    r"(?P<namespace>(?:[a-z0-9][a-z0-9._-]{0,99}/){0,4})(?P<name>[a-z0-9][a-z0-9._-]{0,99})"
    r"@(?P<version>[0-9][A-Za-z0-9.-]{0,99})"
)
"""Package URLs in which nothing is to be decoded or normalised: most of an SBOM's, read without the library's 40 µs."""


@lru_cache(maxsize=2**16)
def parse(text: str) -> Purl:
    """Read a package URL. Raises InvalidPurl for anything else, and for more than 4,096 characters."""
    plain = _PLAIN.fullmatch(text)
    if plain:
        return Purl(plain["type"], (plain["namespace"] or "").rstrip("/"), plain["name"], plain["version"], (), "")
    from packageurl import PackageURL

    if len(text) > MAX_PURL:
        raise _invalid(text, f"it has {len(text)} characters, more than {MAX_PURL}")
    try:
        found = PackageURL.from_string(text.strip())
    except ValueError as error:
        raise _invalid(text, str(error)) from error
    purl = Purl(
        found.type,
        found.namespace or "",
        found.name,
        found.version or "",
        tuple(found.qualifiers.items()),
        found.subpath or "",
    )
    why = _fault(purl)
    if why:
        raise _invalid(text, why)
    return purl


def product_names(purl: Purl) -> tuple[str, ...]:
    """
    The names of NameKind.PURL under which sources may speak of the package, most specific first.

    A distribution's package has its release first when a `distro` qualifier names one:
    `deb/debian:12/openssl`, then `deb/debian/openssl`. Versions, other qualifiers and subpaths play no part.
    """
    purl_type = _SAME_TYPE.get(purl.type, purl.type)
    if purl_type not in _DISTRIBUTION_TYPES:
        return (_name(purl_type, f"{purl.namespace}/{purl.name}" if purl.namespace else purl.name),)
    namespace = namespace_of(purl.namespace)
    plain = "/".join(part for part in (purl_type, namespace, purl.name) if part)
    distro = purl.qualifier("distro") or purl.qualifier("distro_name")
    release = release_of(namespace, distro)
    return (f"{purl_type}/{namespace}:{release}/{purl.name}", plain) if namespace and release else (plain,)


def product_name_of_osv(ecosystem: str, package_name: str) -> str:
    """The product name of an OSV `affected[].package`, in the form of `product_names`."""
    distribution = distribution_of_osv(ecosystem)
    if distribution:
        return f"{distribution[0]}/{distribution[1]}/{package_name}"
    base = ecosystem.strip().partition(":")[0].lower()
    purl_type = _OSV_TYPES.get(base, base.replace(" ", "-"))
    if purl_type == "maven":
        package_name = package_name.replace(":", "/", 1)
    if purl_type == "swift":
        package_name = package_name.removeprefix("https://").removesuffix(".git")
    return _name(purl_type, package_name)


def source_package(purl: Purl) -> Purl | None:
    """
    The source package that a distribution's binary package was built from, by its `upstream` qualifier
    (`glibc`, `util-linux@2.36.1-8`, `openssl-1.1.1k-7.el8.src.rpm`); None when it names none.

    Debian's and Alpine's feeds speak of source packages only. A source without a version has the binary's.
    """
    upstream = purl.qualifier("upstream") or purl.qualifier("origin")
    if not upstream or purl.type not in _DISTRIBUTION_TYPES:
        return None
    source_rpm = _SOURCE_RPM.fullmatch(upstream)
    if source_rpm:
        name, version = source_rpm["name"], source_rpm["version"]
    else:
        name, _, version = upstream.partition("@")
    kept = tuple(item for item in purl.qualifiers if item[0] not in ("upstream", "origin"))
    return Purl(purl.type, purl.namespace, name, version or purl.version, kept) if name else None


def version_of(purl: Purl) -> str:
    """The version as its scheme writes it: an rpm's `epoch` qualifier goes before it (`1:2.3-4`)."""
    epoch = purl.qualifier("epoch")
    if purl.type == "rpm" and epoch.isdigit() and purl.version and ":" not in purl.version:
        return f"{epoch}:{purl.version}"
    return purl.version


def _name(purl_type: str, name: str) -> str:
    if purl_type in _LOWER_TYPES:
        name = name.lower()
    if purl_type == "pypi":
        name = _PEP503.sub("-", name)  # PEP 503
    return f"{purl_type}/{name}"


def _encoded(text: str) -> str:
    return quote(text, safe=":")


def _fault(purl: Purl) -> str:
    """What packageurl-python lets through and the purl types' definitions do not; empty when there is nothing."""
    for part in (purl.namespace, purl.name, purl.version, purl.subpath):
        if any(char < " " or char == "\x7f" for char in part):
            return "it holds control characters"
    if purl.type == "julia" and not purl.qualifier("uuid"):
        return "a julia package needs the qualifier uuid"
    if purl.type == "chrome-extension":
        if not _EXTENSION_ID.fullmatch(purl.name):
            return "an extension's name is 32 letters from a to p"
        if purl.version and not _EXTENSION_VERSION.fullmatch(purl.version):
            return "an extension's version is one to four numbers"
    return ""


def _invalid(text: str, why: str) -> InvalidPurl:
    return InvalidPurl(
        f"{text[:120]!r} is no package URL",
        why=why,
        next_step="Write it as pkg:type/namespace/name@version, see the purl specification.",
    )
