"""What the bench builds once into its cache and uses again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.measure import NotMeasured
from bench.places import Places


def environment(places: Places, name: str, requirement: str) -> Path:
    """The `bin` folder of a virtual environment of its own in the cache, with `requirement` installed in it."""

    def build(out: Path) -> None:
        quietly([sys.executable, "-m", "venv", out], f"make an environment for {requirement}")
        # The console scripts name the environment's path: it is made where it stays.
        pip = [out / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement]
        quietly(pip, f"install {requirement} (is the package index reachable?)")

    folder = places.cache / name
    return built(folder, requirement, f"installing {requirement} into .bench/{name} (once)", build, in_place=True) / (
        "bin"
    )


def recipe_file(folder: Path) -> Path:
    """Where the recipe that `folder` was built by is noted."""
    return folder.with_name(f"{folder.name}.recipe")


def built(folder: Path, recipe: str, doing: str, build: Callable[[Path], None], *, in_place: bool = False) -> Path:
    """`folder` if it was built by the same recipe, else built anew; a build that was cut off is never reused."""
    note = recipe_file(folder)
    if folder.is_dir() and note.is_file() and note.read_text(encoding="utf-8") == recipe:
        return folder
    print(f"bench: {doing} …", flush=True)
    note.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    partial = folder if in_place else folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    build(partial)
    partial.replace(folder)
    note.write_text(recipe, encoding="utf-8")
    return folder


def quietly(argv: Sequence[object], doing: str) -> None:
    """Run a preparing command; NotMeasured with its last line when it fails."""
    plain = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(  # noqa: S603 - commands the bench composes
        [str(part) for part in argv], capture_output=True, text=True, env=plain
    )
    if done.returncode:
        words = (done.stderr or done.stdout).strip().splitlines() or [f"exit code {done.returncode}"]
        raise NotMeasured(f"could not {doing}: {words[-1][:200]}")
