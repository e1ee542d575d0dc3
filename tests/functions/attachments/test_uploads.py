"""A file is taken in parts and checked; what is wrong is refused, and leaves nothing."""

import base64
from collections.abc import AsyncIterable
from datetime import timedelta
from pathlib import Path

import pytest

from functions.timers.operations import sweep
from lib.adapters.embedded.scripted_scanner import EICAR, ScriptedScanner
from lib.domain.attachments.attachment import MOST_BYTES, PART_BYTES
from lib.ports.errors import UnavailableError
from lib.ports.queueing.names import ATTACHMENT_UPLOADED
from tests.builders.files import a_large_pdf, a_p7m, a_png
from tests.functions.attachments.file_calls import (
    PDF,
    announced,
    blobs,
    complete,
    create,
    put,
    ready,
    send,
    state,
    upload,
)
from tests.stack import Stack, refusal

INFECTED = PDF.replace(b"%%EOF", b"%" + EICAR + b"\n%%EOF")
DAY = timedelta(days=1)


async def test_a_file_is_announced_uploaded_and_checked(stack: Stack) -> None:
    """The answers name the hash, the media type and the end of an unused file."""
    reply = await create(stack, announced(PDF))
    id_ = reply.body["id"]
    assert (reply.status, reply.headers["Location"]) == (201, f"/api/v1/attachments/{id_}")
    assert reply.body == {
        **announced(PDF),
        "id": id_,
        "content_type": "application/pdf",
        "status": "UPLOADING",
        "parts": 1,
        "created_at": "2026-11-23T09:00:00.000Z",
        "expires_at": "2026-11-30T09:00:00.000Z",
    }

    assert (await put(stack, id_, 1, PDF)).status == 200
    assert (await complete(stack, id_)).body["status"] == "CHECKING"
    await stack.drain()

    assert (await state(stack, id_))["status"] == "READY"


async def test_its_bytes_are_encrypted(stack: Stack) -> None:
    """A blob alone says nothing; two files of the same bytes have different blobs."""
    await ready(stack, PDF)
    await ready(stack, PDF)

    first, second = blobs(stack)
    assert b"%PDF" not in first + second
    assert first.partition(b"\n")[2] != second.partition(b"\n")[2]


@pytest.mark.parametrize(
    ("content", "announces", "reason"),
    [
        (PDF, {"sha256": "0" * 64}, "WRONG_HASH"),
        (INFECTED, {}, "INFECTED"),
        (a_p7m(INFECTED), {"name": "atto.pdf.p7m"}, "INFECTED"),
        (a_png(), {}, "WRONG_FORM"),
        (PDF[:-40], {}, "WRONG_FORM"),
        (b"Caro cittadino", {"name": "atto.p7m"}, "WRONG_FORM"),
    ],
)
async def test_a_wrong_file_is_refused_and_leaves_nothing(
    stack: Stack, content: bytes, announces: dict[str, str], reason: str
) -> None:
    """Its sender reads why for a week; its bytes go at once."""
    id_ = await ready(stack, content, **announces)

    found = await state(stack, id_)
    assert (found["status"], found["refusal"]) == ("REFUSED", reason)
    assert found["refusal_detail"]
    assert blobs(stack) == []
    assert refusal(await send(stack, id_))[:2] == (409, "File in another status")

    stack.clock.advance(8 * DAY)
    await sweep.tick(stack.app)
    assert (await stack.call("read_attachment", path={"id": id_})).status == 404


async def test_malware_in_base64_is_found(stack: Stack) -> None:
    """Scanners do not decode what they scan."""
    id_ = await ready(stack, base64.encodebytes(a_p7m(INFECTED)), name="atto.p7m")

    assert (await state(stack, id_))["refusal"] == "INFECTED"


@pytest.mark.parametrize(
    "wrong",
    [
        {"size": MOST_BYTES + 1},
        {"size": 0},
        {"name": "programma.exe"},
        {"name": "senza estensione"},
        {"name": "../../etc/atto.pdf"},
        {"name": "atto\n.pdf"},
        {"name": "fdp\u202e.pdf"},
        {"sha256": "abc"},
        {"more": 1},
    ],
)
async def test_a_wrong_announcement_is_refused(stack: Stack, wrong: dict[str, object]) -> None:
    """Before a byte of it comes."""
    assert (await create(stack, {**announced(PDF), **wrong})).status == 400


async def test_parts_come_in_any_order_and_again(stack: Stack) -> None:
    """A part that came before is taken with the same bytes, and refused with others."""
    content = a_large_pdf(PART_BYTES + 2000)
    id_ = (await create(stack, announced(content))).body["id"]
    first, second = content[:PART_BYTES], content[PART_BYTES:]

    assert (await put(stack, id_, 2, second)).status == 200
    missing = await complete(stack, id_)
    assert refusal(missing)[2] == "Parts are missing: 1."
    assert (await put(stack, id_, 2, second)).status == 200
    assert (await put(stack, id_, 2, b"x" * 2000)).status == 409
    assert (await put(stack, id_, 1, first[:-1])).status == 400
    assert (await put(stack, id_, 3, b"x")).status == 400
    assert (await put(stack, id_, 1, first)).status == 200
    assert (await complete(stack, id_)).status == 202
    assert (await complete(stack, id_)).status == 202
    assert (await put(stack, id_, 1, first)).status == 409
    await stack.drain()

    assert (await state(stack, id_))["status"] == "READY"


async def test_the_same_key_makes_one_file(stack: Stack) -> None:
    """Another body with it is refused."""
    headers = {"idempotency-key": "file-1"}
    first = await create(stack, announced(PDF), headers=headers)
    again = await create(stack, announced(PDF), headers=headers)
    other = await create(stack, announced(PDF, size=9), headers=headers)

    assert again.body == first.body
    assert again.headers["Idempotent-Replay"] == "true"
    assert other.status == 422


class Scanner(ScriptedScanner):
    """A scanner that may be away."""

    is_away = True

    async def scan(self, blocks: AsyncIterable[bytes]) -> str | None:
        """Scan, unless it is away."""
        if self.is_away:
            raise UnavailableError("clamd: ConnectionRefusedError")
        return await super().scan(blocks)


async def test_a_scanner_that_is_away_lets_no_file_through(tmp_path: Path) -> None:
    """The file waits; it is checked when the scanner is back."""
    scanner = Scanner()
    stack = await Stack(tmp_path, scanner=scanner).start()
    id_ = await ready(stack)
    assert (await state(stack, id_))["status"] == "CHECKING"
    assert (await send(stack, id_)).status == 409

    scanner.is_away = False
    stack.clock.advance(timedelta(hours=1))
    await stack.tick()

    assert (await state(stack, id_))["status"] == "READY"
    await stack.app.close()


async def test_a_lost_item_is_queued_again(stack: Stack) -> None:
    """The sweep finds a file that waits for its check."""
    id_ = await upload(stack)
    for item in await stack.queue.receive(
        ATTACHMENT_UPLOADED, limit=1, visibility_timeout=timedelta(seconds=1)
    ):
        await stack.queue.delete(ATTACHMENT_UPLOADED, item)

    stack.clock.advance(timedelta(hours=2))
    await stack.tick()

    assert (await state(stack, id_))["status"] == "READY"


async def test_an_unfinished_upload_is_deleted(stack: Stack) -> None:
    """After a week it is retired, a day later its bytes go."""
    id_ = (await create(stack, announced(PDF))).body["id"]
    await put(stack, id_, 1, PDF)

    stack.clock.advance(7 * DAY)
    await sweep.tick(stack.app)
    assert (await state(stack, id_))["status"] == "RETIRED"
    assert len(blobs(stack)) == 1
    stack.clock.advance(DAY)
    await sweep.tick(stack.app)

    assert blobs(stack) == []
    assert (await stack.call("read_attachment", path={"id": id_})).status == 404


async def test_its_sender_removes_it(stack: Stack) -> None:
    """No message can have it from then on; its bytes go a day later."""
    id_ = await ready(stack)
    for _ in range(2):
        assert (await stack.call("discard_attachment", path={"id": id_})).status == 204
    assert (await send(stack, id_)).status == 409

    stack.clock.advance(DAY)
    await sweep.tick(stack.app)

    assert blobs(stack) == []


async def test_without_a_scanner_no_file_is_taken(tmp_path: Path) -> None:
    """The refusal names the setting."""
    stack = await Stack(tmp_path, scanner=None).start()
    reply = await create(stack, announced(PDF))
    await stack.app.close()

    assert refusal(reply)[:2] == (409, "No scanner is set up")
