"""
The body of an upload, taken to a file without ever being whole in memory.

Either the file itself is the body, or a form (multipart) has it as `sbom` beside its fields. Django reads forms of POST
alone, so those of PUT are read here.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParser, MultiPartParserError

from postmarket.api.errors import NoLength, TooLarge, WrongRequest

FILE_PART = "sbom"
BLOCK_BYTES = 1 << 18
FORM_BYTES = 64 * 2**10
"""What a form may have beside its file."""
FORM = "multipart/form-data"
NAMES = {"application/json": "sbom.json", "application/xml": "sbom.xml", "text/xml": "sbom.xml"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came, for as long as `taken` is open; the form's other fields, and what it is called."""

    path: Path
    file_name: str
    fields: Mapping[str, str]


@contextmanager
def taken(request: HttpRequest, *, most: int) -> Iterator[Upload]:
    """
    The upload of a request, of at most `most` bytes.

    Raises TooLarge before anything is read, NoLength when the length is not said, WrongRequest for a broken form.
    """
    length = _length(request)
    is_form = request.content_type == FORM
    if length > most + (FORM_BYTES if is_form else 0):
        raise TooLarge(
            "The upload is too large",
            why=f"it has {length:,} bytes, and {most:,} is the most",
            next_step="Pack it with gzip, or leave out what is no component.",
        )
    if is_form:
        yield from _form(request)
        return
    with tempfile.NamedTemporaryFile(prefix="upload-") as file:
        while block := request.read(BLOCK_BYTES):
            file.write(block)
        file.flush()
        yield Upload(Path(file.name), NAMES.get(request.content_type or "", FILE_PART), {})


def _length(request: HttpRequest) -> int:
    written = request.META.get("CONTENT_LENGTH") or ""
    if not written.isdecimal():
        raise NoLength(
            "The length of the upload is not said",
            next_step="Send a Content-Length header (curl: --data-binary @file or -F, not a pipe).",
        )
    return int(written)


def _form(request: HttpRequest) -> Iterator[Upload]:
    try:
        fields, files = MultiPartParser(request.META, request, [TemporaryFileUploadHandler(request)], "utf-8").parse()
    except (MultiPartParserError, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent, SuspiciousOperation) as error:
        raise WrongRequest("The form cannot be read", why=str(error), next_step="Send multipart/form-data.") from error
    try:
        file = files.get(FILE_PART)
        if not isinstance(file, UploadedFile):
            raise WrongRequest(
                "The form has no SBOM",
                where=FILE_PART,
                next_step=f"Add the file as the part “{FILE_PART}” (curl: -F {FILE_PART}=@sbom.json).",
            )
        path = Path(file.temporary_file_path())  # type: ignore[attr-defined]
        yield Upload(path, file.name or FILE_PART, {key: str(value) for key, value in fields.items()})
    finally:
        for many in files.lists():
            for one in many[1]:
                one.close()
