"""Documents out of files, folders and archives that nobody vouches for."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postmarket.untrusted.documents import Document, Limits, documents
from postmarket.untrusted.errors import UntrustedInput
from tests.builders import zip_of

TEXT = b'{"hello": "world"}'
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".xz": lzma.compress,
    ".bz2": bz2.compress,
    ".zst": zstandard.ZstdCompressor().compress,
}
TIGHT = Limits(document_bytes=1_000, archive_bytes=5_000, archive_members=5)


def tar_of(members: dict[str, bytes]) -> bytes:
    """A tar archive with these files."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def read(path: Path, content: bytes | None = None, **options: object) -> list[Document | UntrustedInput]:
    """All that `documents` yields for `path`, written first when `content` is given."""
    if content is not None:
        path.write_bytes(content)
    return list(documents(path, **options))  # type: ignore[arg-type]  # each test names the options it is about


def contents(found: list[Document | UntrustedInput]) -> list[bytes]:
    """The documents' contents; fails when anything was refused."""
    assert not [item for item in found if isinstance(item, UntrustedInput)]
    return [item.content for item in found if isinstance(item, Document)]


def refusal(found: list[Document | UntrustedInput]) -> str:
    """The one refusal's line."""
    (error,) = [item for item in found if isinstance(item, UntrustedInput)]
    assert "\n" not in error.line()
    return error.line()


def test_a_plain_file_is_one_document(tmp_path: Path) -> None:
    """Its name is the path, and it is read to its end."""
    (document,) = read(tmp_path / "a.json", TEXT)

    assert document == Document(str(tmp_path / "a.json"), TEXT, len(TEXT), len(TEXT))


@pytest.mark.parametrize("suffix", COMPRESS)
def test_a_compressed_file_is_one_document(tmp_path: Path, suffix: str) -> None:
    """Gzip, xz, bzip2 and zstd, by content, whatever the file is called."""
    packed = COMPRESS[suffix](TEXT)

    assert contents(read(tmp_path / f"a.json{suffix}", packed)) == [TEXT]
    assert contents(read(tmp_path / "download", packed)) == [TEXT]


@pytest.mark.parametrize("suffix", COMPRESS)
def test_streams_written_one_after_the_other_are_one_document(tmp_path: Path, suffix: str) -> None:
    """As `cat a.gz b.gz` leaves them."""
    packed = COMPRESS[suffix](b"first,") + COMPRESS[suffix](b"second")

    assert contents(read(tmp_path / f"a{suffix}", packed)) == [b"first,second"]


@pytest.mark.parametrize("suffix", COMPRESS)
def test_a_truncated_file_is_refused_by_name(tmp_path: Path, suffix: str) -> None:
    """Half a download is no document, however much of it unpacks."""
    packed = COMPRESS[suffix](os.urandom(3_000))

    line = refusal(read(tmp_path / f"a.json{suffix}", packed[: len(packed) // 2]))

    assert "a.json" in line
    assert "is truncated" in line


@pytest.mark.parametrize("suffix", COMPRESS)
def test_what_follows_a_stream_and_is_none_is_refused(tmp_path: Path, suffix: str) -> None:
    """Something was appended that nobody would see otherwise."""
    assert "something else follows" in refusal(read(tmp_path / f"a{suffix}", COMPRESS[suffix](TEXT) + b"<html>"))


@pytest.mark.parametrize("suffix", ["", *COMPRESS])
def test_a_tar_yields_its_files_in_order(tmp_path: Path, suffix: str) -> None:
    """Each member is named after its archive."""
    packed = COMPRESS.get(suffix, bytes)(tar_of({"b.json": b"1", "sub/a.json": b"2"}))

    found = read(tmp_path / f"x.tar{suffix}", packed)

    assert contents(found) == [b"1", b"2"]
    assert [item.name for item in found if isinstance(item, Document)] == [
        f"{tmp_path / f'x.tar{suffix}'}!b.json",
        f"{tmp_path / f'x.tar{suffix}'}!sub/a.json",
    ]


def test_a_zip_yields_its_files_in_order(tmp_path: Path) -> None:
    """Position and total never run backwards, for a progress bar."""
    found = read(tmp_path / "x.zip", zip_of({"b.json": b"1", "a/b.json": b"2" * 500}))

    assert contents(found) == [b"1", b"2" * 500]
    positions = [item.position for item in found if isinstance(item, Document)]
    assert positions == sorted(positions)
    assert all(item.position <= item.total for item in found if isinstance(item, Document))


@pytest.mark.parametrize("pack", [tar_of, zip_of])
def test_suffixes_choose_the_members(tmp_path: Path, pack: Callable[[dict[str, bytes]], bytes]) -> None:
    """A readme inside the archive is not looked at."""
    packed = pack({"a.json": b"1", "README.md": b"2", "B.JSON": b"3"})

    assert contents(read(tmp_path / "x", packed, suffixes=(".json",))) == [b"1", b"3"]


def test_a_file_named_directly_is_read_whatever_it_is_called(tmp_path: Path) -> None:
    """A person who names it means it."""
    assert contents(read(tmp_path / "feed.txt", TEXT, suffixes=(".json",))) == [TEXT]


def test_a_folder_is_read_in_sorted_order_with_everything_in_it(tmp_path: Path) -> None:
    """Suffixes look at the inner name: a.json.gz is a JSON file."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "c.json").write_bytes(b"3")
    (tmp_path / "b.json.gz").write_bytes(gzip.compress(b"2"))
    (tmp_path / "a.zip").write_bytes(zip_of({"a.json": b"1"}))
    (tmp_path / "notes.md").write_bytes(b"4")

    found = read(tmp_path, suffixes=(".json",))

    assert contents(found) == [b"1", b"2", b"3"]
    assert [item.position for item in found if isinstance(item, Document)] == sorted(
        item.position for item in found if isinstance(item, Document)
    )


def test_links_are_never_followed_out_of_a_folder(tmp_path: Path) -> None:
    """A link to the outside is refused by name; one to the inside is read once, where it points."""
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret.json").write_bytes(b"secret")
    (inside / "a.json").write_bytes(b"1")
    (inside / "again.json").symlink_to(inside / "a.json")
    (inside / "file.json").symlink_to(outside / "secret.json")
    (inside / "folder.json").symlink_to(outside)

    found = read(inside, suffixes=(".json",))

    assert [item.content for item in found if isinstance(item, Document)] == [b"1"]
    assert [Path(item.where).name for item in found if isinstance(item, UntrustedInput)] == ["file.json", "folder.json"]


def test_hostile_member_names_are_only_names(tmp_path: Path) -> None:
    """Nothing is written anywhere, whatever path a member asks for."""
    names = ["../../evil.json", "/etc/evil.json", "a\x1b[2J.json", "x" * 200 + ".json"]
    before = sorted(tmp_path.parent.rglob("*evil*"))

    found = read(tmp_path / "x.tar", tar_of(dict.fromkeys(names, b"1")))

    assert contents(found) == [b"1"] * 4
    assert sorted(tmp_path.parent.rglob("*evil*")) == before


def test_an_archive_inside_an_archive_is_refused_and_the_rest_read(tmp_path: Path) -> None:
    """It is named with the next step, not passed over in silence."""
    found = read(tmp_path / "x.zip", zip_of({"cves.zip": zip_of({"a.json": b"1"}), "b.json": b"2"}))

    assert "archive inside an archive" in refusal(found)
    assert [item.content for item in found if isinstance(item, Document)] == [b"2"]


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.7])
def test_a_truncated_tar_gives_what_came_before_and_one_refusal(tmp_path: Path, cut: float) -> None:
    """The refusal names the member that is cut, or the archive between two."""
    whole = tar_of({f"{number}.json": b"x" * 3_000 for number in range(9)})

    found = read(tmp_path / "x.tar", whole[: int(len(whole) * cut)])

    assert all(item.content == b"x" * 3_000 for item in found[:-1] if isinstance(item, Document))
    assert str(tmp_path / "x.tar") in refusal(found)


def test_a_tar_that_ends_without_its_mark_is_refused(tmp_path: Path) -> None:
    """Cut exactly between two members it would look whole."""
    whole = tar_of({"a.json": b"x" * 512, "b.json": b"y" * 512})

    found = read(tmp_path / "x.tar", whole[:1024])

    assert isinstance(found[0], Document)
    assert "is truncated" in refusal(found)


def test_a_damaged_zip_member_is_refused_and_the_others_go_on(tmp_path: Path) -> None:
    """Its checksum says so."""
    packed = bytearray(zip_of({"a.json": os.urandom(500), "b.json": b"2"}))
    packed[100] ^= 0xFF

    found = read(tmp_path / "x.zip", bytes(packed))

    assert "x.zip!a.json" in refusal(found)
    assert [item.content for item in found if isinstance(item, Document)] == [b"2"]


def test_an_encrypted_zip_member_is_refused(tmp_path: Path) -> None:
    """There is no password to ask for."""
    packed = bytearray(zip_of({"a.json": TEXT}))
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1

    assert "is encrypted" in refusal(read(tmp_path / "x.zip", bytes(packed)))


@pytest.mark.parametrize("suffix", COMPRESS)
def test_a_bomb_is_refused_while_it_unpacks(tmp_path: Path, suffix: str) -> None:
    """64 MiB of zeros in a few KiB, under an allowance of 768 MiB for a document."""
    assert "decompression bomb" in refusal(read(tmp_path / f"a{suffix}", COMPRESS[suffix](bytes(64 * 2**20))))


def test_a_zip_bomb_is_refused_member_by_member_and_as_a_whole(tmp_path: Path) -> None:
    """Members of 12 MiB are each too small for the ratio to be judged; their sum is not."""
    packed = zip_of({f"{number}.json": bytes(12 * 2**20) for number in range(4)})

    found = read(tmp_path / "x.zip", packed)

    assert "unpacks to more than is allowed" in refusal(found)
    assert len(found) < 5


@pytest.mark.parametrize("pack", [tar_of, zip_of])
def test_a_member_beyond_the_limit_is_refused_and_the_others_go_on(
    tmp_path: Path, pack: Callable[[dict[str, bytes]], bytes]
) -> None:
    """The limit is that of one document."""
    found = read(tmp_path / "x", pack({"big.json": b"x" * 2_000, "b.json": b"2"}), limits=TIGHT)

    assert "big.json" in refusal(found)
    assert "1,000 bytes" in refusal(found)
    assert [item.content for item in found if isinstance(item, Document)] == [b"2"]


def test_a_document_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    """Plain or packed."""
    assert "1,000 bytes" in refusal(read(tmp_path / "a.json", b"x" * 2_000, limits=TIGHT))
    assert "1,000 bytes" in refusal(read(tmp_path / "b.gz", gzip.compress(os.urandom(2_000)), limits=TIGHT))


@pytest.mark.parametrize("pack", [tar_of, zip_of])
def test_too_many_members_are_refused(tmp_path: Path, pack: Callable[[dict[str, bytes]], bytes]) -> None:
    """What came before the limit is read where the archive can be streamed."""
    assert "more than 5 files" in refusal(
        read(tmp_path / "x", pack({f"{number}.json": b"1" for number in range(7)}), limits=TIGHT)
    )


def test_a_tar_header_cannot_hide_gigabytes(tmp_path: Path) -> None:
    """A PAX header of 64 MiB is not read into memory."""
    info = tarfile.TarInfo("a.json")
    info.type = tarfile.XHDTYPE
    info.size = 64 * 2**20
    content = info.tobuf(tarfile.PAX_FORMAT) + os.urandom(1024) * (64 * 2**10)

    assert "larger than" in refusal(read(tmp_path / "x.tar", content))


def test_a_link_inside_a_tar_is_refused(tmp_path: Path) -> None:
    """It is no document, and what it points to is not looked up."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("a.json")
        info.type = tarfile.SYMTYPE
        info.linkname = "/etc/passwd"
        archive.addfile(info)

    assert "is a link" in refusal(read(tmp_path / "x.tar", out.getvalue()))


@pytest.mark.parametrize("name", ["feed.json.gz", "feed.zip", "feed.tar.xz"])
def test_an_error_page_saved_as_an_archive_is_refused(tmp_path: Path, name: str) -> None:
    """Its suffix promises what its first bytes do not keep."""
    assert "is not the" in refusal(read(tmp_path / name, b"<html>404</html>"))


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """Missing, or a pipe that would block for ever."""
    os.mkfifo(tmp_path / "pipe")

    assert "cannot be opened" in refusal(read(tmp_path / "missing"))
    assert "neither a file nor a folder" in refusal(read(tmp_path / "pipe"))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_mutation_of_an_archive_gets_an_exception_through(tmp_path: Path, data: st.DataObject) -> None:
    """Flipped bytes and cut ends give documents and refusals, nothing else."""
    members = {"a.json": TEXT * 20, "b.json": b"2" * 700, "c/d.json": b""}
    sample = data.draw(
        st.sampled_from([tar_of(members), zip_of(members), *(pack(tar_of(members)) for pack in COMPRESS.values())])
    )
    content = bytearray(sample)
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))

    found = read(tmp_path / "x", bytes(content[:cut]))

    assert all(isinstance(item, Document | UntrustedInput) for item in found)
