"""
Is the SBOM current? Three questions, each answered yes, no or unknown, with its reason.

"SBOM currency is the foundation of every other postmarket obligation" (the article).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from postmarket.inventory.policy import Limit
from postmarket.inventory.words import Answer
from postmarket.sources.names import fold_name

SHOWN_DIGITS = 12


@dataclass(frozen=True, slots=True)
class BuildFacts:
    """A build of a version: when it was made, the SHA-256 of what ships ("" unknown), whether it has an SBOM."""

    label: str
    built_at: datetime
    sha256: str = ""
    has_sbom: bool = False


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """What is known of a version: every name the device goes by, its label, its builds."""

    names: tuple[str, ...]
    version: str
    builds: tuple[BuildFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class SbomFacts:
    """What an SBOM says it is about; empty and None where it does not say."""

    subject_name: str = ""
    subject_version: str = ""
    subject_sha256: str = ""
    made_on: date | None = None
    build: str = ""
    """The label of the build it was uploaded for."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer and its reason in one sentence."""

    answer: Answer
    why: str


@dataclass(frozen=True, slots=True)
class Currency:
    """
    Does it belong to what ships? Is it older than policy allows? Is there a newer build without one?

    Good is yes, no, no.
    """

    belongs: Verdict
    too_old: Verdict
    newer_build_without: Verdict

    @property
    def is_current(self) -> Answer:
        """Yes when all three are good, no when one is bad, else unknown."""
        good = (self.belongs.answer, Answer.YES), (self.too_old.answer, Answer.NO)
        both = (*good, (self.newer_build_without.answer, Answer.NO))
        if any(found not in (wanted, Answer.UNKNOWN) for found, wanted in both):
            return Answer.NO
        return Answer.YES if all(found is wanted for found, wanted in both) else Answer.UNKNOWN


def currency(version: VersionFacts, sbom: SbomFacts | None, *, today: date, allowed: Limit) -> Currency:
    """The three answers; `today` is a day in the site's zone. `sbom` is the version's current one, None without."""
    return Currency(
        belongs=_belongs(version, sbom),
        too_old=_too_old(sbom, today=today, allowed=allowed),
        newer_build_without=_newer_build(version.builds, sbom),
    )


def about_another(version: VersionFacts, sbom: SbomFacts) -> str:
    """
    What an SBOM says it is about ("juice-shop 11.1.2") where that is another product or version than this one.

    Empty where it fits, where it states the newest build's hash, and where it says nothing.
    """
    if _belongs(version, sbom).answer is Answer.YES:
        return ""
    other_version = bool(sbom.subject_version) and _plain(sbom.subject_version) != _plain(version.version)
    other_name = bool(sbom.subject_name) and not _named(sbom.subject_name, version.names)
    if not other_version and not other_name:
        return ""
    return f"{sbom.subject_name or 'version'} {sbom.subject_version}".strip()


def held_back(version: VersionFacts, sbom: SbomFacts, current: SbomFacts, *, others: Collection[str]) -> str:
    """
    Why an SBOM may not take the place of the `current` one until a person says so; "" when it may.

    One wrong file would hide what threatens a shipped device. Only what is likely a slip is held: the label of another
    version of the device (`others`), a product that neither the device nor the current SBOM goes by, a version that is
    not this one where the current SBOM says the right one. A hash of the newest build settles it.
    """
    about = about_another(version, sbom)
    if not about or _same_words(sbom, current):
        return ""
    said, is_this = _plain(sbom.subject_version), _plain(version.version)
    if said != is_this and said in {_plain(label) for label in others}:
        return f"It says it is about {about}, and {sbom.subject_version} is another version of this device."
    same_name = not sbom.subject_name or fold_name(sbom.subject_name) == fold_name(current.subject_name)
    if not same_name and not _named(sbom.subject_name, version.names):
        now = f"{current.subject_name} {current.subject_version}".strip()
        before = f"the one in use is about {now}" if now else "the one in use does not say what it is about"
        return f"It says it is about {about}; {before}."
    if said and said != is_this == _plain(current.subject_version):
        return f"It says it is about {about}; the one in use is about {version.version}."
    return ""


def _same_words(one: SbomFacts, other: SbomFacts) -> bool:
    """Whether both say one product and version: what was taken for this version's once is not asked about again."""
    words = [(fold_name(each.subject_name), _plain(each.subject_version)) for each in (one, other)]
    return words[0] == words[1]


def _belongs(version: VersionFacts, sbom: SbomFacts | None) -> Verdict:
    if sbom is None:
        return Verdict(Answer.NO, "This version has no SBOM.")
    newest = _newest(version.builds)
    if newest is not None and newest.sha256 and sbom.subject_sha256:
        short = sbom.subject_sha256[:SHOWN_DIGITS]
        if newest.sha256 == sbom.subject_sha256:
            return Verdict(Answer.YES, f"It states the SHA-256 of the newest build, {newest.label} ({short}…).")
        older = next((one for one in version.builds if one.sha256 == sbom.subject_sha256), None)
        of = f"of the older build {older.label}" if older else "of no build recorded here"
        return Verdict(Answer.NO, f"It states a SHA-256 ({short}…) {of}; the newest is {newest.label}.")
    if not sbom.subject_version:
        return Verdict(Answer.UNKNOWN, "The SBOM does not say which version it is about.")
    if _plain(sbom.subject_version) != _plain(version.version):
        return Verdict(Answer.NO, f"The SBOM is about version {sbom.subject_version}, this is {version.version}.")
    if not sbom.subject_name:
        return Verdict(Answer.UNKNOWN, f"The SBOM is about a version {sbom.subject_version}, of what it does not say.")
    if not _named(sbom.subject_name, version.names):
        why = f"The SBOM is about “{sbom.subject_name}” {sbom.subject_version}; the version fits, the name does not."
        return Verdict(Answer.UNKNOWN, why)
    return Verdict(Answer.YES, f"The SBOM is about {sbom.subject_name} {sbom.subject_version}.")


def _too_old(sbom: SbomFacts | None, *, today: date, allowed: Limit) -> Verdict:
    if sbom is None:
        return Verdict(Answer.UNKNOWN, "This version has no SBOM.")
    if sbom.made_on is None:
        return Verdict(Answer.UNKNOWN, "The SBOM does not say when it was made.")
    if sbom.made_on > today + timedelta(days=1):  # a day: zones differ
        return Verdict(Answer.UNKNOWN, f"The SBOM says it was made on {sbom.made_on}, which is in the future.")
    age = max((today - sbom.made_on).days, 0)
    said = f"It was made on {sbom.made_on}, {age} days ago; {allowed.days} are allowed."
    return Verdict(Answer.YES if age > allowed.days else Answer.NO, said)


def _newer_build(builds: Sequence[BuildFacts], sbom: SbomFacts | None) -> Verdict:
    newest = _newest(builds)
    if newest is None:
        return Verdict(Answer.UNKNOWN, "No build of this version is recorded.")
    states_it = sbom is not None and bool(newest.sha256) and newest.sha256 == sbom.subject_sha256
    if newest.has_sbom or states_it:
        return Verdict(Answer.NO, f"The newest build, {newest.label}, has an SBOM.")
    return Verdict(Answer.YES, f"Build {newest.label} of {newest.built_at.date()} has no SBOM.")


def _newest(builds: Sequence[BuildFacts]) -> BuildFacts | None:
    return max(builds, key=lambda build: build.built_at, default=None)


def _plain(version: str) -> str:
    """`v5.2` is `5.2`."""
    folded = version.strip().casefold()
    return folded[1:] if folded[:1] == "v" and folded[1:2].isdigit() else folded


def _named(subject: str, names: Sequence[str]) -> bool:
    """Whether the SBOM's word for it is, or is part of, one of ours, or the other way round: whole words only."""
    ours = [set(fold_name(name).split("_")) for name in names if name]
    theirs = set(fold_name(subject).replace("-", "_").split("_"))
    return any(mine <= theirs or theirs <= mine for mine in ours)
