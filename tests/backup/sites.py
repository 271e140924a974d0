"""Sites to back up: each a home and a database of its own, worked on by processes of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.cli.serving import PATIENCE_SECONDS, environment, inside, ran

PASSPHRASE = "correct horse battery staple"  # noqa: S105 - of tests
FILL = """
from datetime import UTC, datetime
from postmarket import records
from postmarket.accounts.services.first_run import make_first_administrator, open_first_run
from postmarket.records import Actor, ActorKind, Subject, evidence
from postmarket.records.anchoring import anchor_now

now = datetime.now(UTC)
ada = {"email": "ada@example.com", "name": "Ada Nkemelu", "password": "a sentence nobody guesses"}
make_first_administrator(secret=open_first_run(now=now), **ada, now=now)
robot = Actor("robot", "Robot", ActorKind.MACHINE)
with records.act(actor=robot, at=now, why="w") as doing:
    evidence.keep(doing, b"an SBOM as it came", media_type="application/json", source="test")
anchor_now(now=now)
"""
WRITE = """
import sys
from datetime import UTC, datetime
from postmarket import records
from postmarket.records import Actor, ActorKind, Subject, evidence

robot = Actor("robot", "Robot", ActorKind.MACHINE)
number = 0
while True:
    number += 1
    now = datetime.now(UTC)
    with records.act(actor=robot, at=now, why="w") as doing:
        evidence.keep(doing, b"file %d" % number, media_type="text/plain", source="test")
        doing.note("robot.moved", subject=Subject("robot", "robot"))
    print(number, flush=True)
"""
VERIFY = """
from datetime import UTC, datetime
from postmarket.records.verifying import Verification
verification = Verification(now=datetime.now(UTC))
for problem in verification.problems():
    print(problem.line())
print(verification.seen.entries)
"""


@dataclass(frozen=True)
class Site:
    """A home and the address of its database; an empty one is the file in the home."""

    home: Path
    address: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """In which its commands run."""
        found = environment(self.home, self.address)
        if not self.address:
            del found["DATABASE_URL"]
        return found

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """One command."""
        return ran(self.environment, *arguments)

    def inside(self, code: str) -> str:
        """What Python code prints there."""
        return inside(self.environment, code)

    def fill(self) -> None:
        """Tables, a person, evidence, an anchor."""
        self.inside("from postmarket.config.site import start_site\nstart_site(store=True)\n" + FILL)

    def backed_up(self, file: Path, *more: str) -> Path:
        """A backup of it at `file`, with its keys."""
        secret = file.with_suffix(".passphrase")
        secret.write_text(f"{PASSPHRASE}\n")
        ended = self.run("backup", file, *(more or ("--passphrase-file", str(secret))))
        assert (ended.returncode, ended.stderr) == (0, "")
        return file

    def restored(self, file: Path, *more: str) -> subprocess.CompletedProcess[str]:
        """What `postmarket restore` of that file does here."""
        return self.run("restore", file, *(more or ("--passphrase-file", str(file.with_suffix(".passphrase")))))


@contextmanager
def written_to(site: Site) -> Iterator[IO[str]]:
    """The site while a process of its own writes records and evidence, one act after the other; it says each."""
    set_up = "from postmarket.config.site import start_site; start_site(migrate=False)\n"
    process = subprocess.Popen(
        [sys.executable, "-c", set_up + WRITE], env=site.environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield process.stdout
    finally:
        process.kill()
        process.wait(PATIENCE_SECONDS)
        process.stdout.close()
