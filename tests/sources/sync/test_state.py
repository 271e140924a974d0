"""The journal: what it remembers across kills, damage and other processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from postmarket.sources.interface import Source
from postmarket.sources.sync import StateError, SyncState
from postmarket.sources.sync.state import NoWindow, NvdWindow, Seen, Taken, Watermark

STATE = "sync-state.jsonl"


def seen(url: str, **more: object) -> Seen:
    """A file of `url`."""
    return Seen(url=url, source=Source.KEV, path="kev/x", sha256="00", size=1, fetched_at="", **more)  # type: ignore[arg-type]


def test_everything_recorded_is_known_to_the_next_process(tmp_path: Path) -> None:
    """Files, watermarks and the open window come back; the last word on each wins."""
    with SyncState(tmp_path) as state:
        state.record(seen("a", etag="1"), Watermark("nvd", "2026"), NvdWindow("s", "e", 2000, 5000))
        state.record(seen("a", etag="2"))

    with SyncState(tmp_path) as again:
        assert again.seen("a") == seen("a", etag="2")
        assert again.mark("nvd") == "2026"
        assert again.mark("other") == ""
        assert again.nvd_window == NvdWindow("s", "e", 2000, 5000)


def test_taken_files_are_not_pending_and_pages_are_forgotten(tmp_path: Path) -> None:
    """A page is asked for once; a feed's validators are kept."""
    with SyncState(tmp_path) as state:
        state.record(seen("feed"), seen("page", once=True), seen("new"), Taken("feed"), Taken("page"), Taken("never"))
        state.record(NvdWindow("s", "e"), NoWindow())

    with SyncState(tmp_path) as again:
        assert [entry.url for entry in again.pending(Source.KEV)] == ["new"]
        assert again.seen("page") is None
        assert again.seen("feed") is not None
        assert again.nvd_window is None


@pytest.mark.parametrize("cut", range(1, 40, 7))
def test_a_half_last_line_is_dropped(tmp_path: Path, cut: int) -> None:
    """A kill while writing loses that line only, and what follows is not glued to it."""
    with SyncState(tmp_path) as state:
        state.record(Watermark("a", "1"))
        state.record(Watermark("b", "2"))
    whole = (tmp_path / STATE).read_bytes()
    (tmp_path / STATE).write_bytes(whole[:-cut])

    with SyncState(tmp_path) as again:
        again.record(Watermark("c", "3"))
    with SyncState(tmp_path) as last:
        assert (last.mark("a"), last.mark("c")) == ("1", "3")
        assert last.mark("b") == ""


@pytest.mark.parametrize("line", [b"{}", b"nonsense", b'{"type":"from-the-future"}', b"\xff\xfe", b"[1,2]", b"null"])
def test_damage_is_one_line_that_says_where(tmp_path: Path, line: bytes) -> None:
    """A damaged journal is refused by file and line; nothing is guessed."""
    (tmp_path / STATE).write_bytes(b'{"type":"mark","name":"a","value":"1"}\n' + line + b"\n")

    with pytest.raises(StateError, match="line 2") as caught:
        SyncState(tmp_path)

    assert caught.value.next_step
    assert "\n" not in str(caught.value)
    (tmp_path / STATE).unlink()
    SyncState(tmp_path).close()


def test_two_syncs_do_not_share_a_folder(tmp_path: Path) -> None:
    """The second is refused in one line, and may start when the first is done."""
    with SyncState(tmp_path), pytest.raises(StateError, match="another sync is running"):
        SyncState(tmp_path)

    SyncState(tmp_path).close()


def test_old_lines_are_cleared_away(tmp_path: Path) -> None:
    """The journal stays about as long as what it knows."""
    with SyncState(tmp_path) as state:
        for number in range(2000):
            state.record(Watermark("a", str(number)))
        state.record(seen("feed"))

    with SyncState(tmp_path) as again:
        assert again.mark("a") == "1999"
    assert len((tmp_path / STATE).read_bytes().splitlines()) == 2
    with SyncState(tmp_path) as last:
        assert [entry.url for entry in last.pending(Source.KEV)] == ["feed"]


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    """The place is named."""
    (tmp_path / "file").write_text("")

    with pytest.raises(StateError, match="cannot be opened"):
        SyncState(tmp_path / "file" / "folder")
