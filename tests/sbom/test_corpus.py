"""Every real SBOM kept beside the project is read, or refused in one line."""

from __future__ import annotations

import tarfile
from collections import Counter
from pathlib import Path

import pytest

from postmarket.errors import PostmarketError
from postmarket.sbom.interface import Bom
from postmarket.sbom.profiles import load_profile
from postmarket.sbom.quality import check
from postmarket.sbom.reading import read

REFUSED = {"wild/scanoss-sbom-cdx.json": "it is a JSON list"}
"""Not an SBOM format in spite of its name: a scanner's own list of dependencies."""


@pytest.fixture(scope="module")
def answers(shared_data: Path) -> dict[str, Bom | str]:
    """Each file's Bom, or the line it was refused with."""
    found: dict[str, Bom | str] = {}
    with tarfile.open(shared_data / "sboms" / "real-sboms.tar.xz") as archive:
        for member in archive:
            handle = archive.extractfile(member)
            if handle is None:
                continue
            try:
                found[member.name] = read(handle.read(), name=member.name)
            except PostmarketError as error:
                found[member.name] = str(error)
    return found


@pytest.mark.corpus
def test_every_file_is_read_or_refused_in_one_line(answers: dict[str, Bom | str]) -> None:
    """No file raises anything else, and those refused are known, each with its reason."""
    refused = {name: answer for name, answer in answers.items() if isinstance(answer, str)}
    by_format = Counter(f"{one.format} {one.spec_version}" for one in answers.values() if isinstance(one, Bom))

    assert len(answers) == 278, by_format
    assert refused.keys() == REFUSED.keys(), by_format
    assert all(REFUSED[name] in line and line.isprintable() for name, line in refused.items())
    assert {form.rpartition(" ")[0] for form in by_format} == {
        "CycloneDX JSON",
        "CycloneDX XML",
        "SPDX JSON",
        "SPDX tag-value",
        "SPDX 3 JSON-LD",
    }


@pytest.mark.corpus
def test_real_sboms_carry_what_is_read_from_them(answers: dict[str, Bom | str]) -> None:
    """Across the corpus most components have a version and a purl; every local name is used once."""
    boms = [one for one in answers.values() if isinstance(one, Bom)]
    components = [one for bom in boms for one in bom.components]

    assert sum(bool(one.version) for one in components) > 0.95 * len(components)
    assert sum(bool(one.purl) for one in components) > 0.8 * len(components)
    for bom in boms:
        refs = [one.ref for one in bom.components]
        assert len(set(refs)) == len(refs)
        assert 0 <= check(bom, load_profile("seed")).score <= 100
