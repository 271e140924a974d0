"""
SBOMs read in-process: `python -m bench.inside.sboms corpus|one PATH`.

`corpus` reads every document in PATH (a folder or an archive) and sorts them into read, refused in one line, and
failed: anything raised that is not one of postmarket's own errors, or more than one line. `one` reads one file.
Inside the time: from the bytes of the file to the finished Bom.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from postmarket.errors import PostmarketError
from postmarket.sbom.reading import read
from postmarket.untrusted.documents import documents
from postmarket.untrusted.errors import UntrustedInput


def corpus(path: Path) -> dict[str, object]:
    """Every document in `path`."""
    answer: dict[str, list[str]] = {"read": [], "refused": [], "failed": []}
    slowest = 0.0
    begun = time.perf_counter()
    for document in documents(path):
        start = time.perf_counter()
        if isinstance(document, UntrustedInput):
            _refuse(answer, document)
            continue
        try:
            bom = read(document.content, name=document.name)
        except PostmarketError as error:
            _refuse(answer, error)
        except Exception as error:  # what the bar forbids: it is counted, not hidden
            answer["failed"].append(f"{document.name}: {type(error).__name__}: {error}")
        else:
            answer["read"].append(f"{document.name}: {len(bom.components)}")
        slowest = max(slowest, time.perf_counter() - start)
    return {**answer, "seconds": time.perf_counter() - begun, "slowest_seconds": slowest}


def one(path: Path) -> dict[str, object]:
    """One file."""
    begun = time.perf_counter()
    document = next(iter(documents(path)))
    if isinstance(document, UntrustedInput):
        raise document
    bom = read(document.content, name=document.name)
    return {"seconds": time.perf_counter() - begun, "components": len(bom.components)}


def _refuse(answer: dict[str, list[str]], error: PostmarketError) -> None:
    line = error.line()
    answer["refused" if "\n" not in line else "failed"].append(line)


if __name__ == "__main__":
    print(json.dumps({"corpus": corpus, "one": one}[sys.argv[1]](Path(sys.argv[2]))))
