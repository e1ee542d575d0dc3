"""A process that dies at any write of an upload, of its check, or of the message with the file."""

from datetime import timedelta
from functools import partial
from typing import Final

import pytest

from functions.timers.operations import sweep
from infra.local.sandbox.seed import CITIZEN
from lib.adapters.embedded.scripted_scanner import EICAR
from tests.faults.mortal_stack import DeathError, MortalStack
from tests.functions.attachments.file_calls import (
    PDF,
    announced,
    blobs,
    complete,
    create,
    download,
    put,
    send,
    state,
)

WRITES: Final = 14
"""Of the upload: the claim, the document, the part, its status, the item. Of the check: its result.
Of the message: the claim, the file, the message, the item. The rest: its fan-out."""
WRITES_OF_REFUSAL: Final = 7
KEY: Final = {"idempotency-key": "a-key"}


async def upload(mortal: MortalStack, content: bytes) -> str:
    """Upload a file, with each request again after a death; let the check end."""
    reply = await mortal.insist(partial(create, mortal, announced(content), headers=KEY))
    id_ = str(reply.body["id"])
    assert (await mortal.insist(partial(put, mortal, id_, 1, content))).status == 200
    assert (await mortal.insist(partial(complete, mortal, id_))).status == 202
    await mortal.live()
    return id_


@pytest.mark.parametrize("writes", range(1, WRITES + 2))
async def test_a_death_at_any_write_loses_no_file(mortal: MortalStack, writes: int) -> None:
    """The message comes once, with its file; nothing else is left."""
    mortal.life.left = writes
    id_ = await upload(mortal, PDF)
    sending = partial(send, mortal, id_, headers={"idempotency-key": "another-key"})
    sent = await mortal.insist(sending)
    assert sent.status == 201
    await mortal.live()
    assert mortal.deaths == (writes <= WRITES)
    mortal.life.revive()

    assert (await download(mortal, sent.body["id"], id_)).body == PDF
    assert (await state(mortal, id_))["status"] == "ATTACHED"
    inbox = await mortal.call("list_inbox", citizen=CITIZEN)
    assert [one["id"] for one in inbox.body["items"]] == [sent.body["id"]]
    for _ in range(9):
        mortal.clock.advance(timedelta(days=1))
        await sweep.tick(mortal.app)
    assert len(blobs(mortal)) == 1
    assert (await download(mortal, sent.body["id"], id_)).status == 200


@pytest.mark.parametrize("writes", range(1, WRITES_OF_REFUSAL + 2))
async def test_a_death_at_any_write_leaves_no_refused_file(
    mortal: MortalStack, writes: int
) -> None:
    """An infected file is refused, and its bytes go."""
    infected = PDF.replace(b"%%EOF", b"%" + EICAR + b"\n%%EOF")
    mortal.life.left = writes
    id_ = await upload(mortal, infected)
    assert mortal.deaths == (writes <= WRITES_OF_REFUSAL)
    mortal.life.revive()

    assert (await state(mortal, id_))["status"] == "REFUSED"
    assert blobs(mortal) == []


@pytest.mark.parametrize("writes", range(1, 4))
async def test_a_death_at_any_write_of_a_deletion_ends_in_a_deletion(
    mortal: MortalStack, writes: int
) -> None:
    """An unfinished upload loses its bytes, and then its document."""
    reply = await create(mortal, announced(PDF))
    await put(mortal, reply.body["id"], 1, PDF)
    mortal.clock.advance(timedelta(days=8))
    mortal.life.left = writes
    deaths = 0
    for _ in range(4):
        try:
            await mortal.app.documents.sweep_attachments()
        except DeathError:
            mortal.life.revive()
            deaths += 1
        mortal.clock.advance(timedelta(days=1))

    assert deaths == 1
    assert blobs(mortal) == []
    path = {"id": reply.body["id"]}
    assert (await mortal.call("read_attachment", path=path)).status == 404
