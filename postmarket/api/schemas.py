"""What the API says, field by field; its description is made of these."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field


class UploadParameters(Schema):
    """Where an SBOM belongs. Each may stand in the address, or be a field of the form."""

    device: Annotated[str, Field(description="The device's name, or its id.")] = ""
    version: Annotated[
        str, Field(description="The version's label, or its id. One the device does not have is made, in development.")
    ] = ""
    build: Annotated[str, Field(description="The label of the build it was made from.")] = ""
    sha256: Annotated[str, Field(description="The SHA-256 of what that build ships, 64 hexadecimal digits.")] = ""
    built_at: Annotated[datetime | None, Field(description="When it was built, with a zone; now unless said.")] = None
    file_name: Annotated[str, Field(description="What the file is called, where the body is the file itself.")] = ""


class Accepted(Schema):
    """An SBOM that was taken in."""

    sbom: Annotated[int, Field(description="Its id.")]
    is_new: Annotated[bool, Field(description="False when these bytes are the version's newest SBOM already.")]
    state: Annotated[str, Field(description="received, read, held, set aside or refused.")]
    words: Annotated[str, Field(description="What became of it, for people.")]
    device: str
    version: str
    status_url: Annotated[str, Field(description="Ask here what was read in it.")]


class Proposed(Schema):
    """An SBOM of a device nobody knows: it is kept, and a person decides."""

    proposal: Annotated[int, Field(description="Its id.")]
    state: Annotated[str, Field(description="open, confirmed or rejected.")]
    words: Annotated[str, Field(description="What happens next, for people.")]
    device: str
    version: str
    status_url: str
    sbom_url: Annotated[str, Field(description="Where its SBOM is, once confirmed.")] = ""


class Quality(Schema):
    """What one quality profile found."""

    profile: str
    score: Annotated[float, Field(description="0 to 100, the mean of the error-level rules.")]
    errors: int
    warnings: int
    unpinned: Annotated[int, Field(description="Components whose version names no single release.")]


class SbomStatus(Schema):
    """An SBOM and what was read in it."""

    sbom: int
    device: str
    version: str
    build: str
    state: Annotated[str, Field(description="received, read, held, set aside or refused.")]
    refused_why: Annotated[str, Field(description="Why it could not be read, and what to do; empty when it could.")]
    held_why: Annotated[str, Field(description="Why a person has to say first whether it is used; empty for most.")]
    is_current: Annotated[bool, Field(description="Whether it says what the version is made of now.")]
    sha256: Annotated[str, Field(description="Of the bytes as they came.")]
    file_name: str
    received_at: datetime
    read_at: datetime | None
    format: str
    components: int
    quality: list[Quality]


class Problem(Schema):
    """What went wrong (RFC 9457), media type application/problem+json; fields that say nothing are left out."""

    type: str
    status: int
    code: Annotated[str, Field(description="Stays the same; branch on it.")]
    title: Annotated[str, Field(description="What.")]
    detail: str = ""
    where: str = ""
    why: str = ""
    next_step: Annotated[str, Field(description="What mends it.")] = ""
