"""
Write the vendored files and their hashes.

    python -m assets          what the pins say, written afresh
    python -m assets --check  the same, compared with what is there; exit 1 and the names of those that differ
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from assets.families import KEEP
from assets.packages import Package, fetched, pins
from assets.sprite import sprite
from assets.stylesheet import trimmed

ROOT = Path(__file__).parents[1]
SERVED = ROOT / "postmarket" / "web" / "static" / "web" / "vendor"
TESTED = ROOT / "tests" / "web" / "vendor"
SUMS = "SHA256SUMS"
TABLER_LICENSE = """MIT License

Copyright (c) 2018-2026 The Tabler Authors

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""  # Tabler's npm package carries no licence file; its text is that of the SPDX identifier it declares.


def files(package: dict[str, Package]) -> dict[Path, bytes]:
    """Every vendored file by its path: what the site serves, then what only the tests use."""
    tabler = package["tabler"]
    banner = f"/*! Tabler {tabler.pin.version}, MIT, tabler.io: the parts in assets/families.py */\n"
    css = trimmed(tabler["dist/css/tabler.min.css"].decode().removeprefix('@charset "UTF-8";'), KEEP)
    font = "files/inter-latin{}-wght-normal.woff2"
    served = {
        "tabler.css": (banner + css).encode(),
        "tabler.LICENSE": TABLER_LICENSE.encode(),
        "icons.svg": sprite(package["icons"]).encode(),
        "icons.LICENSE": package["icons"]["LICENSE"],
        "htmx.js": package["htmx"]["dist/htmx.min.js"],
        "htmx.LICENSE": package["htmx"]["LICENSE"],
        "inter-latin.woff2": package["inter"][font.format("")],
        "inter-latin-ext.woff2": package["inter"][font.format("-ext")],
        "inter.LICENSE": package["inter"]["LICENSE"],
    }
    tested = {"axe.js": package["axe"]["axe.min.js"], "axe.LICENSE": package["axe"]["LICENSE"]}
    return {SERVED / name: content for name, content in served.items()} | {
        TESTED / name: content for name, content in tested.items()
    }


def sums(made: dict[Path, bytes], folder: Path) -> bytes:
    """The hash list of one folder, as `sha256sum --check` reads it."""
    own = {path.name: content for path, content in made.items() if path.parent == folder}
    return "".join(f"{hashlib.sha256(own[name]).hexdigest()}  {name}\n" for name in sorted(own)).encode()


def main(*, check: bool) -> int:
    """Write or compare; says what it did."""
    made = files({name: fetched(pin) for name, pin in pins().items()})
    made |= {folder / SUMS: sums(made, folder) for folder in (SERVED, TESTED)}
    differing = [path for path, content in made.items() if not path.exists() or path.read_bytes() != content]
    for path in differing:
        print(path.relative_to(ROOT))
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(made[path])
    print(f"{len(made)} files, {len(differing)} {'differ' if check else 'written'}")
    return int(check and bool(differing))


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
