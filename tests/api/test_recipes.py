"""The recipes of docs/ci.md work as pasted: each one's script is run, by a shell, against a live server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from pytest_django.live_server_helper import LiveServer

from postmarket import tasks
from postmarket.api.clock import now
from postmarket.inventory.models import DeviceProposal, Sbom
from tests.api.asking import token
from tests.inventory.given import OPENSSL, ZLIB, cyclonedx, device

PAGE = (Path(__file__).parents[2] / "docs" / "ci.md").read_text("utf-8")
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here (Debian: apt-get install curl)"),
]


def block(language: str, after: str) -> str:
    """The fenced block of a language under a heading."""
    part = PAGE.split(f"\n## {after}\n")[1]
    found = re.search(rf"```{language}\n(.*?)```", part, re.DOTALL)
    assert found is not None
    return found[1]


def shell() -> str:
    """The shell's."""
    return block("sh", "A shell with curl")


def github() -> str:
    """The step's of GitHub Actions."""
    job: Any = yaml.safe_load(block("yaml", "GitHub Actions"))["jobs"]["sbom"]
    script: str = job["steps"][-1]["run"]
    assert "${{" not in script
    return script


def gitlab() -> str:
    """The job's of GitLab CI."""
    (script,) = yaml.safe_load(block("yaml", "GitLab CI"))["sbom"]["script"]
    return str(script)


def jenkins() -> str:
    """The stage's of Jenkins, as Groovy gives it to sh."""
    found = re.search(r"sh '''\n(.*?)'''", block("groovy", "Jenkins"), re.DOTALL)
    assert found is not None
    return found[1]


def run(script: str, folder: Path, *, server: str, key: str) -> subprocess.CompletedProcess[str]:
    """Run a script as CI does, while a worker does what is due."""
    (folder / "firmware.bin").write_bytes(b"\x7fELF")
    said = {
        "PATH": os.environ["PATH"],
        "POSTMARKET_URL": server,
        "POSTMARKET_TOKEN": key,
        "DEVICE": "Corvid ventilator",
        "VERSION": "3.3",
        "BUILD": "1842",
    }
    with subprocess.Popen(
        ["/bin/sh", "-c", script], cwd=folder, env=said, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        while process.poll() is None:
            tasks.run_due(now=now())
            time.sleep(0.05)
        out, errors = process.communicate()
    return subprocess.CompletedProcess(script, process.returncode, out, errors)


@pytest.mark.parametrize("recipe", [shell, github, gitlab, jenkins])
def test_a_recipe_sends_the_sbom_of_the_build(
    recipe: Callable[[], str], live_server: LiveServer, tmp_path: Path
) -> None:
    """Taken in, and for the right version and build."""
    device()
    (tmp_path / "sbom.cdx.json").write_bytes(cyclonedx(OPENSSL, ZLIB))
    done = run(recipe(), tmp_path, server=live_server.url, key=token())

    assert done.returncode == 0, done.stderr + done.stdout
    sbom = Sbom.objects.get()
    assert str(sbom.version) == "Corvid ventilator 3.3"
    assert sbom.build is not None
    assert (sbom.build.label, sbom.file_name) == ("1842", "sbom.cdx.json")
    assert len(sbom.build.sha256) == 64


def test_the_shells_recipe_waits_and_fails_with_the_reason(live_server: LiveServer, tmp_path: Path) -> None:
    """A broken SBOM breaks the build, where somebody sees it."""
    device()
    (tmp_path / "sbom.cdx.json").write_bytes(b'{"bomFormat": "CycloneDX"}')
    done = run(shell(), tmp_path, server=live_server.url, key=token())

    assert done.returncode == 1
    assert '"state": "refused"' in done.stdout
    assert "sbom.cdx.json: " in done.stdout


def test_a_wrong_token_fails_the_build_and_says_what_to_do(live_server: LiveServer, tmp_path: Path) -> None:
    """curl shows the problem and ends with an error."""
    (tmp_path / "sbom.cdx.json").write_bytes(cyclonedx(OPENSSL))
    done = run(github(), tmp_path, server=live_server.url, key="pm_wrong")

    assert done.returncode != 0
    assert "next_step" in done.stdout


def test_an_unknown_device_does_not_break_the_build(live_server: LiveServer, tmp_path: Path) -> None:
    """A person decides later; the pipeline goes on."""
    (tmp_path / "sbom.cdx.json").write_bytes(cyclonedx(OPENSSL))
    done = run(shell(), tmp_path, server=live_server.url, key=token())

    assert done.returncode == 0, done.stderr + done.stdout
    assert DeviceProposal.objects.count() == 1
