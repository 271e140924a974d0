"""
`affected[].versions[]` of a CVE record as spans with a status.

An entry is a single version, or a range from `version` to `lessThan` or `lessThanOrEqual`, cut by `changes`. Many
say it in prose instead ("5.7.21 and prior"), which the reader of range text takes. What is not understood keeps its
words and says why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import msgspec

from postmarket.sources.prose import read_ranges
from postmarket.sources.spans import Edge, Span, edge, exact
from postmarket.versions.errors import UnknownVersion, VersionsError
from postmarket.versions.interface import Scheme
from postmarket.versions.keys import key

_SCHEMES = {
    "semver": Scheme.SEMVER,
    "sem": Scheme.SEMVER,
    "maven": Scheme.MAVEN,
    "python": Scheme.PYPI,
    "pypi": Scheme.PYPI,
    "rpm": Scheme.RPM,
    "deb": Scheme.DEB,
    "dpkg": Scheme.DEB,
    "apk": Scheme.APK,
    "npm": Scheme.NPM,
    "go": Scheme.GO,
    "nuget": Scheme.NUGET,
    "gem": Scheme.GEM,
    "date": Scheme.DATE,
    "git": Scheme.GIT,
    "original_commit_for_fix": Scheme.GIT,
}
_OPEN = frozenset(
    (
        *(
            "",
            "0",
            "*",
            "-",
            "?",
            "n/a",
            "na",
            "all",
            "all versions",
            "any",
            "unspecified",
            "unknown",
            "none",
            "various",
        ),
        *("earlier", "previous versions", "next of"),
    )
)
"""Words that stand for "from the first version" where a version should be."""
_NO_VERSION = _OPEN - {"*", "all", "all versions", "any"}
_COMPARATORS = "<>= "
_HASH = re.compile(r"(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,64}")
UNORDERED = "unordered"
"""The status of what says nothing we could compare: a range of commits."""


class Change(msgspec.Struct, gc=False):
    """From version `at` on, the status is `status`."""

    at: str
    status: str


class Version(msgspec.Struct, rename="camel"):
    """A version, or a range of them, and its status: affected, unaffected or unknown."""

    version: str = ""
    status: str = "unknown"
    version_type: str = "custom"
    less_than: str | None = None
    less_than_or_equal: str | None = None
    changes: list[Change] = []

    @property
    def is_single(self) -> bool:
        """Whether it is one version and not a range."""
        return self.less_than is None and self.less_than_or_equal is None

    @property
    def words(self) -> str:
        """The entry as it stands, in short."""
        if self.less_than is not None:
            return f"{self.version}, < {self.less_than}"[:200]
        if self.less_than_or_equal is not None:
            return f"{self.version}, <= {self.less_than_or_equal}"[:200]
        return self.version[:200] or "-"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A span (None when nothing was understood), its status, its words, and why it is only possible (or empty)."""

    status: str
    span: Span | None
    text: str
    why: str = ""
    single: bool = False


def claims(versions: list[Version], *, names: tuple[str, ...]) -> tuple[Scheme, list[Claimed]]:
    """
    What `versions` claim, in one scheme: the declared one when it can key every end, else the generic.

    Commits stand outside: an exact one is a claim in the scheme GIT, a range of them is none.
    `names` are the vendor's and product's, which prose may repeat.
    """
    commits = [version for version in versions if _is_commit(version)]
    others = [version for version in versions if not _is_commit(version)]
    scheme = _scheme(others)
    found: list[Claimed] = []
    for version in others:
        found += _claims(version, scheme, names)
    if not others:
        for version in commits:
            found += _commit(version)
    return scheme, found


def _is_commit(version: Version) -> bool:
    """Whether it speaks of commits, short or whole; `git` is also declared for releases (Linux), which are none."""
    ends = [
        end for end in (version.version, version.less_than, version.less_than_or_equal) if end not in (None, "*", "0")
    ]
    if any(_HASH.fullmatch(end) for end in ends if end):
        return True
    declared = _SCHEMES.get(version.version_type.lower()) is Scheme.GIT
    return declared and not any("." in end for end in ends if end)


def _commit(version: Version) -> list[Claimed]:
    if version.is_single and key(Scheme.GIT, version.version) is not None:
        return [Claimed(version.status, exact(Scheme.GIT, version.version), version.words, single=True)]
    return [Claimed(UNORDERED, None, version.words, "git commits have no order that a comparison could know")]


def _scheme(versions: list[Version]) -> Scheme:
    """The one scheme declared, when it can key every end."""
    declared = {_SCHEMES.get(version.version_type.lower(), Scheme.GENERIC) for version in versions}
    declared.discard(Scheme.GIT)
    if len(declared) > 1:
        # Single versions declare no type and follow that of the ranges beside them.
        declared = {
            _SCHEMES.get(version.version_type.lower(), Scheme.GENERIC) for version in versions if not version.is_single
        } - {Scheme.GIT}
    if len(declared) != 1:
        return Scheme.GENERIC
    (scheme,) = declared
    return scheme if all(_keyed(end, scheme) for version in versions for end in _ends(version)) else Scheme.GENERIC


def _ends(version: Version) -> list[str]:
    ends = [version.version, version.less_than, version.less_than_or_equal, *(change.at for change in version.changes)]
    return [end for end in ends if end is not None and end.strip().lower() not in _OPEN]


def _keyed(end: str, scheme: Scheme) -> bool:
    try:
        edge(scheme, end, after=False)
    except VersionsError:
        return False
    return True


def _claims(version: Version, scheme: Scheme, names: tuple[str, ...]) -> list[Claimed]:
    if version.is_single:
        return _single(version, scheme, names)
    lower, low_why = _lower(version.version, scheme)
    upper, up_why = _upper(version, scheme)
    why = "; ".join(filter(None, (low_why, up_why)))
    if lower and upper and lower.words == upper.words and not upper.after:
        lower = None  # Chrome and Ivanti write "prior to X" as from X to before X
    if lower and upper and lower.key >= upper.key:
        return [Claimed(version.status, None, version.words, "its lower end is not below its upper end")]
    found = Span(scheme, lower, upper)
    if not version.changes:
        return [Claimed(version.status, found, found.words if not why else version.words, why)]
    return _changed(version, found, why)


def _single(version: Version, scheme: Scheme, names: tuple[str, ...]) -> list[Claimed]:
    text = version.version.strip().replace("\\", "")
    if text.lower() in _NO_VERSION:
        return [Claimed(version.status, None, text[:200] or "-", "no version is stated")]
    if scheme is not Scheme.GENERIC and key(scheme, text) is not None:
        return [Claimed(version.status, exact(scheme, text), f"= {text}", single=True)]
    reading = read_ranges(text, scheme, names=names)
    why = f"not understood: {reading.remainder}" if reading.remainder else ""
    if not reading.spans:
        return [Claimed(version.status, None, version.words, why)]
    single = len(reading.spans) == 1 and reading.spans[0].words.startswith("= ")
    return [Claimed(version.status, span, span.words if not why else text, why, single) for span in reading.spans]


def _lower(text: str, scheme: Scheme) -> tuple[Edge | None, str]:
    """The lower end, open where the words say so, or with why it could not be read."""
    bare = text.strip()
    if bare.lower() in _OPEN:
        return None, ""
    after = bare.startswith(">") and not bare.startswith(">=")
    try:
        return edge(scheme, bare.strip(_COMPARATORS).replace("\\", ""), after=after), ""
    except UnknownVersion:
        return None, f"{text[:80]!r} is no version"


def _upper(version: Version, scheme: Scheme) -> tuple[Edge | None, str]:
    """The upper end. `*` is open; a wildcard is its last version whichever way it is compared."""
    text = version.less_than if version.less_than is not None else version.less_than_or_equal
    bare = (text or "").strip()
    if bare == "*":
        return None, ""
    wild = bare.endswith(("*", ".x", ".X"))
    after = version.less_than is None or wild or bare.startswith("<=")
    try:
        return edge(scheme, bare.strip(_COMPARATORS).replace("\\", ""), after=after), ""
    except UnknownVersion:
        return None, f"{bare[:80]!r} is no version"


def _changed(version: Version, found: Span, why: str) -> list[Claimed]:
    """The range cut where its status changes, in the order of versions."""
    cuts: list[tuple[Edge, str]] = []
    for change in version.changes:
        try:
            cuts.append((edge(found.scheme, change.at, after=False), change.status))
        except UnknownVersion:
            why = f"the change at {change.at[:80]!r} is no version"
    pieces: list[Claimed] = []
    lower, status = found.lower, version.status
    for cut, following in sorted(cuts, key=lambda item: item[0].key):
        if lower is None or lower.key < cut.key:
            if found.upper is not None and cut.key >= found.upper.key:
                break
            piece = Span(found.scheme, lower, cut)
            pieces.append(Claimed(status, piece, piece.words, why))
            lower = cut
        status = following
    last = Span(found.scheme, lower, found.upper)
    return [*pieces, Claimed(status, last, last.words, why)]
