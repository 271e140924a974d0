"""
One CSAF document with its hash and signature (CSAF 2.0 §7.1.18–19).

A hash that differs means the document is not used. The OpenPGP signature is kept beside it, not checked here.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING

from postmarket.sources.sync.download import Ask
from postmarket.sources.sync.errors import HashDiffers, NotThere
from postmarket.sources.sync.links import file_name, folder_name, shown
from postmarket.sources.sync.run import MIB

if TYPE_CHECKING:
    from pathlib import Path

    from postmarket.sources.sync.csaf_listing import Listed
    from postmarket.sources.sync.interface import Fetched
    from postmarket.sources.sync.pace import Pace
    from postmarket.sources.sync.run import Run

_DOCUMENT_BYTES = 256 * MIB
_BESIDE_BYTES = 1 * MIB
_HASH = {".sha512": re.compile(r"[0-9a-fA-F]{128}"), ".sha256": re.compile(r"[0-9a-fA-F]{64}")}
_SIGNATURE = ".asc"
_GIVE_UP_AFTER = 3


class Offers:
    """
    Which files stand beside the documents of one directory: a directory does not list them, so they are tried, and a
    kind that was never there in three tries is not asked for any more in this run.
    """

    def __init__(self) -> None:
        self._missed: Counter[str] = Counter()

    def worth_trying(self, suffix: str) -> bool:
        """Whether a file with this suffix may be there."""
        return self._missed[suffix] < _GIVE_UP_AFTER

    def there(self, suffix: str) -> None:
        """It was: it is worth trying from now on."""
        self._missed[suffix] = -1_000_000_000

    def missing(self, suffix: str) -> None:
        """It was not."""
        self._missed[suffix] += 1


def fetch_document(run: Run, entry: Listed, offers: Offers, pace: Pace) -> Fetched:
    """The document of `entry`, checked as far as the provider makes it possible; raises CannotFetch."""
    target = run.folder / folder_name(entry.url) / file_name(entry.url)
    check = _Check(run, entry, target, offers, pace)
    ask = Ask(entry.url, target, _DOCUMENT_BYTES, (b"{",), check=check, pace=pace)
    return run.fetch(ask, updated=entry.updated, notes=check.notes)


class _Check:
    """Compares a file with its published hash, and fetches its signature; `notes` say what was done."""

    def __init__(self, run: Run, entry: Listed, target: Path, offers: Offers, pace: Pace) -> None:
        self._run = run
        self._entry = entry
        self._target = target
        self._offers = offers
        self._pace = pace
        self.notes: list[str] = []

    def __call__(self, path: Path) -> None:
        self.notes.clear()
        self._compare(path)
        self._keep_signature()

    def _compare(self, path: Path) -> None:
        for suffix, address in self._addresses():
            text = self._beside(suffix, address)
            if text is None:
                continue
            found = _HASH[suffix].match(text.lstrip("\ufeff \t\r\n"))
            if found is None and self._entry.guess:
                # A server that answers every address with a page.
                self._offers.missing(suffix)
                continue
            expected = found.group().lower() if found else "no hash"
            actual = hashlib.new(suffix[1:], path.read_bytes()).hexdigest()
            if actual != expected:
                raise HashDiffers(
                    "the document is not the one whose hash is published",
                    where=shown(self._entry.url),
                    why=f"{suffix[1:]} {actual[:16]}…, {expected[:16]}… expected by {shown(address)}",
                    next_step="It was not used. Run the sync again; if it stays so, ask the provider.",
                )
            self._store(suffix, text)
            self._offers.there(suffix)
            self.notes.append(f"{suffix[1:]} verified")
            return
        self.notes.append("the provider offers no hash")

    def _addresses(self) -> list[tuple[str, str]]:
        if self._entry.guess:
            return [(suffix, self._entry.url + suffix) for suffix in _HASH if self._offers.worth_trying(suffix)]
        return [(suffix, url) for suffix in _HASH for url in self._entry.hashes if url.lower().endswith(suffix)]

    def _keep_signature(self) -> None:
        address = self._entry.signature
        if self._entry.guess and self._offers.worth_trying(_SIGNATURE):
            address = self._entry.url + _SIGNATURE
        text = self._beside(_SIGNATURE, address) if address else None
        if text is None:
            return
        if "-----BEGIN PGP SIGNATURE-----" not in text:
            self._offers.missing(_SIGNATURE)
            return
        self._store(_SIGNATURE, text)
        self._offers.there(_SIGNATURE)
        self.notes.append("signature kept, not checked")

    def _beside(self, suffix: str, address: str) -> str | None:
        """The text at `address`, None when nothing is there."""
        try:
            return self._run.client.get(address, limit=_BESIDE_BYTES, pace=self._pace).decode("utf-8", "replace")
        except NotThere:
            if self._entry.guess:
                self._offers.missing(suffix)
            return None

    def _store(self, suffix: str, text: str) -> None:
        self._target.with_name(self._target.name + suffix).write_text(text, encoding="utf-8")
