"""Blobs on disk and the sandbox clock."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lib.adapters.embedded.clock import SandboxClock
from lib.adapters.embedded.files import FileBlobs
from lib.ports.errors import LimitError, UnavailableError


@pytest.mark.parametrize("name", ["/etc/passwd", "a/..b", "...", "x\x00y"])
async def test_no_name_reaches_outside_the_folder(tmp_path: Path, name: str) -> None:
    """Names are data, never paths."""
    blobs = FileBlobs(tmp_path / "blobs")
    await blobs.put("box", name, b"x", content_type="text/plain")

    assert next(os.walk(tmp_path))[1:] == (["blobs"], [])
    assert (await blobs.get("box", name)).content == b"x"


async def test_container_is_no_path_either(tmp_path: Path) -> None:
    """A container's name follows Blob Storage's rule."""
    with pytest.raises(LimitError):
        await FileBlobs(tmp_path).put("../box", "x", b"x", content_type="text/plain")


async def test_failed_put_leaves_the_old_blob_and_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fails half-way is unavailable; the blob before is whole."""
    blobs = FileBlobs(tmp_path)
    await blobs.put("box", "a", b"old", content_type="text/plain")

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(UnavailableError, match="No space left"):
            await blobs.put("box", "a", b"new", content_type="text/plain")

    assert (await blobs.get("box", "a")).content == b"old"
    assert sum(len(files) for _, _, files in os.walk(tmp_path)) == 1


async def test_the_draft_of_a_process_that_died_is_forgotten(tmp_path: Path) -> None:
    """It is neither a name nor kept; the draft of a put that is under way stays."""
    blobs = FileBlobs(tmp_path)
    await blobs.put("box", "folder/a", b"x", content_type="text/plain")
    (place,) = [folder for folder, _, files in os.walk(tmp_path) if files]
    drafts = [Path(place, name) for name in ("left.draft", "now.draft")]
    for draft in drafts:
        draft.write_bytes(b"RSSMRA80A01H501U")
    os.utime(drafts[0], (0, 0))

    assert await blobs.names("box", "folder", 10) == ["folder/a"]
    ((_, _, left),) = os.walk(place)
    assert [one for one in left if one.endswith(".draft")] == ["now.draft"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name the clock's file."""
    return tmp_path / "data" / "clock"


def test_sandbox_clock_starts_with_the_machine(path: Path) -> None:
    """Without an advance it tells the machine's time."""
    clock = SandboxClock(path)

    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    clock.close()


def test_advance_is_seen_at_once_by_all_and_after_a_restart(path: Path) -> None:
    """All clocks on the file move together, and stay moved."""
    one, two = SandboxClock(path), SandboxClock(path)
    one.advance(timedelta(days=3, hours=2))

    assert two.now() - datetime.now(UTC) > timedelta(days=3, hours=1)
    one.close()
    two.close()
    again = SandboxClock(path)
    assert again.now() - datetime.now(UTC) > timedelta(days=3, hours=1)
    again.close()


def test_set_moves_to_a_moment(path: Path) -> None:
    """The clock goes on from the moment it was set to."""
    clock = SandboxClock(path)
    moment = datetime(2099, 12, 31, 23, 59, tzinfo=UTC)

    assert clock.set(moment) >= moment
    assert timedelta(0) <= clock.now() - moment < timedelta(seconds=5)
    clock.close()


def test_sandbox_clock_never_goes_backwards(path: Path) -> None:
    """A step or a moment backwards is refused with the rule, as is a naive moment."""
    clock = SandboxClock(path)
    clock.advance(timedelta(days=1))

    with pytest.raises(ValueError, match="never goes backwards"):
        clock.advance(timedelta(microseconds=-1))
    with pytest.raises(ValueError, match="never goes backwards"):
        clock.set(datetime.now(UTC))
    with pytest.raises(ValueError, match="offset from UTC"):
        clock.set(datetime(2099, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="2199"):
        clock.advance(timedelta(days=4_000_000))
    assert clock.now() - datetime.now(UTC) < timedelta(days=1, seconds=5)
    clock.close()
