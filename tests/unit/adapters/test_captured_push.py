"""The local stack's file of captured pushes: whole lines, and a limit of its size."""

import os
from pathlib import Path

import orjson
import pytest

from lib.adapters.embedded.captured import file as captured_file
from lib.adapters.embedded.captured.mailer import CapturedMailer
from lib.adapters.embedded.captured.push import CapturedPush
from lib.domain.shared.identifiers import MessageId
from lib.ports.mailer import Mail
from lib.ports.push import PushNotification
from lib.ports.send_errors import NotSentError
from tests.doubles.clock import StillClock

PUSH = PushNotification(
    "id-1", ("pseudonym",), "Comune di Esempio", "Tassa sui rifiuti", MessageId("message-1")
)


def sizes_in(folder: Path) -> dict[str, int]:
    """Return the size of each file in bytes."""
    return {path.name: path.stat().st_size for path in folder.iterdir()}


async def test_a_push_is_one_line(tmp_path: Path) -> None:
    """The line has the time of the capture by the app's clock, and the payload for a browser."""
    sender = CapturedPush(tmp_path / "notifications.jsonl", StillClock())

    await sender.send(PUSH)
    await sender.send(PUSH)

    first, second = (tmp_path / "notifications.jsonl").read_bytes().splitlines()
    assert first == second
    assert orjson.loads(first) == {
        "channel": "PUSH",
        "captured_at": "2026-11-23T09:00:00.000Z",
        "id": "id-1",
        "recipients": ["pseudonym"],
        "title": "Comune di Esempio",
        "body": "Tassa sui rifiuti",
        "message_id": "message-1",
        "web_push": {
            "title": "Comune di Esempio",
            "body": "Tassa sui rifiuti",
            "message_id": "message-1",
            "tag": "message-1",
        },
    }


async def test_an_email_is_one_line_beside_the_pushes(tmp_path: Path) -> None:
    """The line has all that a reader of the e-mail sees."""
    path, clock = tmp_path / "notifications.jsonl", StillClock()
    mail = Mail(
        "id-2",
        "a@example.org",
        "it",
        "Oggetto",
        "a\nb",
        "<p>a</p>",
        MessageId("message-1"),
        "https://",
    )

    await CapturedPush(path, clock).send(PUSH)
    await CapturedMailer(path, clock).send(mail)

    _, line = path.read_bytes().splitlines()
    assert orjson.loads(line) == {
        "channel": "EMAIL",
        "captured_at": "2026-11-23T09:00:00.000Z",
        "id": "id-2",
        "to": "a@example.org",
        "language": "it",
        "subject": "Oggetto",
        "text": "a\nb",
        "html": "<p>a</p>",
        "message_id": "message-1",
        "unsubscribe": "https://",
    }
    assert "Oggetto" not in repr(mail)
    assert "example.org" not in repr(mail)


async def test_the_file_does_not_grow_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long file becomes the old file, and the old file before it is removed."""
    monkeypatch.setattr(captured_file, "MAX_BYTES", 1000)
    sender = CapturedPush(tmp_path / "notifications.jsonl", StillClock())

    for _ in range(50):
        await sender.send(PUSH)

    sizes = sizes_in(tmp_path)
    assert sizes.keys() <= {"notifications.jsonl", "notifications.old.jsonl"}
    assert all(size < 1500 for size in sizes.values())


async def test_a_file_that_cannot_be_written_is_a_push_not_sent(tmp_path: Path) -> None:
    """The push certainly did not go out, so that another attempt may send it."""
    with pytest.raises(NotSentError, match=r"notifications\.jsonl"):
        await CapturedPush(tmp_path / "gone" / "notifications.jsonl", StillClock()).send(PUSH)


def held_in(path: Path) -> list[object]:
    """Return the contents of the file's lines."""
    return [orjson.loads(line)["id"] for line in path.read_bytes().splitlines()]


async def test_a_line_the_disk_has_no_room_for_is_a_push_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The adapter takes the cut line back, and the next line is whole."""
    path = tmp_path / "notifications.jsonl"
    sender = CapturedPush(path, StillClock())
    await sender.send(PUSH)
    write = os.write
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", lambda descriptor, line: write(descriptor, line[:40]))
        with pytest.raises(NotSentError, match="No space left"):
            await sender.send(PUSH)

    assert held_in(path) == ["id-1"]
    await sender.send(PUSH)
    assert held_in(path) == ["id-1", "id-1"]


async def test_a_process_that_died_within_a_line_spoils_no_other(tmp_path: Path) -> None:
    """The next capture begins a new line."""
    path = tmp_path / "notifications.jsonl"
    path.write_bytes(b'{"channel": "PU')

    await CapturedPush(path, StillClock()).send(PUSH)

    cut, whole = path.read_bytes().splitlines()
    assert cut == b'{"channel": "PU'
    assert orjson.loads(whole)["id"] == "id-1"
