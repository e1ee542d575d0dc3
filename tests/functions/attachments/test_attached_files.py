"""A file that is attached to a message is its citizen's, and nobody else's."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.composition.stacks import BLOBS_FOLDER
from lib.domain.attachments.attachment import PART_BYTES
from tests.builders.files import a_large_pdf, a_p7m
from tests.builders.messages import a_message
from tests.builders.profiles import OTHER_CITIZEN
from tests.builders.settings import settings_for
from tests.functions.attachments.file_calls import (
    PDF,
    announced,
    deliver,
    download,
    ready,
    send,
    state,
    upload,
)
from tests.stack import Stack, refusal


async def opened(stack: Stack, id_: str) -> dict[str, object]:
    """Return a message as its citizen reads it."""
    query = {"public_message": "true"}
    reply = await stack.call("read_message", path={"id": id_}, query=query, citizen=CITIZEN)
    assert reply.status == 200, reply
    return dict(reply.body)


async def test_a_citizen_sees_and_downloads_the_files_of_a_message(stack: Stack) -> None:
    """List and message say that there are files; the message names them."""
    signed = a_p7m()
    ids = [await ready(stack), await ready(stack, signed, name="atto.pdf.p7m")]
    id_ = await deliver(stack, *ids)

    message = await opened(stack, id_)
    assert message["has_attachments"] is True
    assert message["attachments"] == [
        {**announced(PDF), "id": ids[0], "content_type": "application/pdf"},
        {
            **announced(signed, "atto.pdf.p7m"),
            "id": ids[1],
            "content_type": "application/pkcs7-mime",
        },
    ]
    query = {"enrich_result_data": "true"}
    listed = await stack.call("list_inbox", query=query, citizen=CITIZEN)
    assert listed.body["items"][0]["has_attachments"] is True

    reply = await download(stack, id_, ids[1])
    assert (reply.status, reply.body) == (200, signed)
    assert reply.headers["content-type"] == "application/octet-stream"
    assert reply.headers["content-disposition"] == f'attachment; filename="{ids[1]}.p7m"'
    assert reply.headers["ETag"] == f'"{announced(signed)["sha256"]}"'
    assert (await state(stack, ids[0]))["status"] == "ATTACHED"


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[Stack]:
    """Give a stack whose whole answers have at most 10 MiB."""
    settings = settings_for(tmp_path, remote_attachment_megabytes=10)
    stack = await Stack(tmp_path, settings).start()
    yield stack
    await stack.app.close()


async def test_a_large_file_is_downloaded_in_ranges(small: Stack) -> None:
    """A range ends with the stored part at the latest; a client asks on from there."""
    stack, content = small, a_large_pdf(3 * PART_BYTES)
    file = await ready(stack, content)
    id_ = await deliver(stack, file)
    whole = await download(stack, id_, file)
    assert refusal(whole)[:2] == (400, "File too large for one answer")
    assert str(len(content)) in whole.body["detail"]
    assert whole.headers["Accept-Ranges"] == "bytes"

    got = bytearray()
    while len(got) < len(content):
        reply = await download(stack, id_, file, f"bytes={len(got)}-")
        end = len(got) + len(reply.body) - 1
        assert reply.status == 206
        assert reply.headers["Content-Range"] == f"bytes {len(got)}-{end}/{len(content)}"
        got += reply.body

    assert bytes(got) == content


async def test_whole_files_have_a_bound_of_memory(small: Stack) -> None:
    """Beyond it a client asks again; ranges and small files need no more than a part."""
    file = await ready(small, a_large_pdf(2 * PART_BYTES))
    id_ = await deliver(small, file)

    replies = await asyncio.gather(*(download(small, id_, file) for _ in range(3)))
    assert sorted(one.status for one in replies) == [200, 200, 503]
    assert [one.headers["Retry-After"] for one in replies if one.status == 503] == ["2"]

    assert (await download(small, id_, file)).status == 200


async def test_a_head_tells_the_size_and_reads_no_byte(stack: Stack) -> None:
    """Of a file of any size, whatever range is asked for; of one that is not there, it is 404."""
    content = a_large_pdf(3 * PART_BYTES)
    file = await ready(stack, content)
    id_ = await deliver(stack, file)
    shutil.rmtree(stack.app.settings.data_folder / BLOBS_FOLDER)

    for name, path in (
        ("download_attachment", {"id": id_, "attachment_id": file}),
        ("read_remote_attachment", {"id": id_, "attachment_url": file}),
    ):
        head = await stack.call(
            name, path=path, citizen=CITIZEN, method="HEAD", headers={"range": "bytes=0-9"}
        )
        assert (head.status, head.body) == (200, b"")
        assert head.headers["Content-Length"] == str(len(content))
        assert head.headers["ETag"] == f'"{announced(content)["sha256"]}"'
    path = {"id": id_, "attachment_id": "01J0000000000000000000000A"}
    gone = await stack.call("download_attachment", path=path, citizen=CITIZEN, method="HEAD")
    assert gone.status == 404


@pytest.mark.parametrize(
    ("asked", "status", "first", "last"),
    [
        ("bytes=0-9", 206, 0, 9),
        ("BYTES=5-", 206, 5, len(PDF) - 1),
        ("bytes=-10", 206, len(PDF) - 10, len(PDF) - 1),
        ("bytes=-999999", 206, 0, len(PDF) - 1),
        ("bytes=10-999999", 206, 10, len(PDF) - 1),
        # what cannot be read is ignored
        ("bytes=9-5", 200, 0, len(PDF) - 1),
        ("bytes=0-1,5-6", 200, 0, len(PDF) - 1),
        ("pages=1-2", 200, 0, len(PDF) - 1),
        ("bytes=-0", 200, 0, len(PDF) - 1),
    ],
)
async def test_a_range_has_the_bytes_that_were_asked_for(
    stack: Stack, asked: str, status: int, first: int, last: int
) -> None:
    """As RFC 9110 says."""
    file = await ready(stack)
    reply = await download(stack, await deliver(stack, file), file, asked)

    assert (reply.status, reply.body) == (status, PDF[first : last + 1])


async def test_a_range_behind_the_end_is_refused(stack: Stack) -> None:
    """The answer says how long the file is."""
    file = await ready(stack)
    reply = await download(stack, await deliver(stack, file), file, f"bytes={len(PDF)}-")

    assert reply.status == 416
    assert reply.headers["Content-Range"] == f"bytes */{len(PDF)}"


async def test_a_file_belongs_to_one_message(stack: Stack) -> None:
    """Of two messages at the same time one gets it; no other gets it later."""
    file = await ready(stack)

    replies = await asyncio.gather(*(send(stack, file) for _ in range(5)))

    assert sorted(one.status for one in replies) == [201, 409, 409, 409, 409]
    stack.clock.advance(timedelta(hours=1))
    assert refusal(await send(stack, file))[2] == "Another message has the file."


async def test_the_same_key_sends_the_files_once(stack: Stack) -> None:
    """The repeated request is answered as the first one; another list of files is another body."""
    files = [await ready(stack), await ready(stack)]
    headers = {"idempotency-key": "message-1"}

    first = await send(stack, files[0], headers=headers)
    again = await send(stack, files[0], headers=headers)
    other = await send(stack, files[1], headers=headers)

    assert (first.status, again.status, other.status) == (201, 201, 422)
    assert first.body["id"] == again.body["id"]
    assert (await state(stack, files[1]))["status"] == "READY"


async def test_a_file_must_be_ready_and_the_sender_s_own(stack: Stack) -> None:
    """The refusal names the file; nothing is sent."""
    waiting, unknown = await upload(stack), "01J0000000000000000000000A"

    assert (await send(stack, waiting)).status == 409
    reply = await send(stack, unknown)

    assert reply.status == 404
    assert reply.body["errors"] == [
        {"pointer": "/attachments/0", "code": "UNKNOWN_FILE", "detail": "names no file of yours"}
    ]


@pytest.mark.parametrize("ids", [[], ["x"], ["01J0000000000000000000000A"] * 2, "x"])
async def test_a_wrong_list_of_files_is_refused(stack: Stack, ids: object) -> None:
    """It has one to ten ids, each once."""
    reply = await stack.call("submit_message", a_message(attachments=ids))

    assert reply.status == 400


async def test_a_dry_run_checks_the_files_and_takes_none(stack: Stack) -> None:
    """A file that a message has is refused there too."""
    file = await ready(stack)
    body = a_message(attachments=[file])

    tried = await stack.call("dry_run_message", body)
    assert (tried.status, (await state(stack, file))["status"]) == (200, "READY")
    await deliver(stack, file)

    assert (await stack.call("dry_run_message", body)).status == 409


async def test_nobody_else_gets_the_file(stack: Stack) -> None:
    """Neither another citizen nor by another message of the same citizen."""
    file = await ready(stack)
    id_, other = await deliver(stack, file), await stack.deliver()

    assert (await download(stack, id_, file, citizen=OTHER_CITIZEN)).status == 404
    assert (await download(stack, other, file)).status == 404
    assert (await download(stack, id_, "01J0000000000000000000000A")).status == 404


async def test_a_scheduled_message_brings_its_files(stack: Stack) -> None:
    """They are its own from the submission on."""
    file = await ready(stack)
    sent = await stack.call(
        "submit_message", a_message(attachments=[file], send_at="2026-11-23T12:00:00Z")
    )
    assert sent.status == 201
    assert (await download(stack, sent.body["id"], file)).status == 404

    await stack.live_until(stack.clock.now() + timedelta(hours=4))

    assert (await download(stack, sent.body["id"], file)).body == PDF
