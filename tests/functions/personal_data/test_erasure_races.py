"""Nothing survives an erasure, and nothing comes back after it, whatever runs beside it."""

from pathlib import Path
from typing import IO, Any

import pytest

from functions.declared import CONSUMERS
from functions.queues.messages import fan_out_message
from functions.queues.personal_data import process_user_data
from lib.adapters.embedded.sqlite.store import SQLiteStore
from lib.composition.secrets import pseudonyms_of
from lib.domain.devices.devices import Devices
from lib.ports.errors import UnavailableError
from lib.ports.queueing.names import (
    MESSAGE_SUBMITTED,
    USER_DATA_REQUESTED,
)
from lib.ports.schema.messages import MESSAGES
from lib.repositories.personal_data.erasing import citizens_messages
from lib.use_cases.messages.decide_outcome import DecideOutcome
from lib.use_cases.personal_data.collect_data import CollectData
from lib.use_cases.personal_data.erasing import erase_citizen, messages
from tests.builders.payments import payable
from tests.functions.batches.batch_calls import ask as ask_batch
from tests.functions.batches.batch_calls import checked
from tests.functions.personal_data.data_calls import ask
from tests.functions.personal_data.erasure_calls import begin, erase, next_stage, status
from tests.functions.personal_data.lives import HEADER, LETTER, VICTIM, live
from tests.functions.personal_data.scans import places_of
from tests.stack import Stack, take


async def test_a_repeated_item_brings_nothing_back(
    stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every item that was ever queued comes once more, after the erasure."""
    put, queued = stack.queue.put, list[tuple[str, str]]()

    async def kept(queue: str, text: str, **more: Any) -> None:
        queued.append((queue, text))
        await put(queue, text, **more)

    monkeypatch.setattr(stack.queue, "put", kept)
    await live(stack)
    await erase(stack)
    monkeypatch.undo()
    pushes = len(stack.push.sent)
    named = [one for one in queued if VICTIM in one[1]]
    assert {queue for queue, _ in named} >= {MESSAGE_SUBMITTED, USER_DATA_REQUESTED}

    for queue, text in queued:
        (consumer,) = (one for one in CONSUMERS if one.queue == queue)
        await consumer.consume(stack.app, text, last=False, again=True)
    for _ in range(3):
        await next_stage(stack)

    assert places_of(tmp_path, VICTIM) == set()
    assert len(stack.push.sent) == pushes


async def test_a_send_between_the_stages_is_erased(stack: Stack, tmp_path: Path) -> None:
    """Of one message, with and without its fan-out, and for a set time."""
    await begin(stack)
    await stack.deliver(fiscal_code=VICTIM, content=payable())
    await stack.submit(fiscal_code=VICTIM)
    await stack.submit(fiscal_code=VICTIM, send_at="2027-01-20T09:00:00Z")
    lost = await take(stack.queue, MESSAGE_SUBMITTED)
    for item in lost:
        await stack.queue.delete(MESSAGE_SUBMITTED, item)

    await next_stage(stack)
    for item in lost:
        await stack.queue.put(MESSAGE_SUBMITTED, item.text)
    await next_stage(stack)
    await next_stage(stack)

    assert await status(stack, VICTIM) is None
    assert places_of(tmp_path, VICTIM) == set()


async def test_a_fan_out_that_decided_before_the_erasure_leaves_nothing(
    stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It joins its payment and writes its list when the account is closed already."""
    await stack.submit(fiscal_code=VICTIM, content=payable())
    decide = DecideOutcome.__call__

    async def slowly(self: DecideOutcome, *facts: Any) -> Any:
        monkeypatch.undo()
        await begin(stack)
        return await decide(self, *facts)

    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    await stack.queue.delete(MESSAGE_SUBMITTED, item)
    monkeypatch.setattr(DecideOutcome, "__call__", slowly)
    await fan_out_message.consume(stack.app, item.text, last=False)
    assert "payments" in places_of(tmp_path, VICTIM)

    await next_stage(stack)
    await next_stage(stack)

    assert places_of(tmp_path, VICTIM) == set()


async def test_a_batch_that_is_sent_between_the_stages_leaves_nothing(
    stack: Stack, tmp_path: Path
) -> None:
    """Its rows, its messages and its results."""
    rows = [[VICTIM, "Mario"], ["VRDLCU85M41F205J", "Lucia"]]
    id_ = await checked(stack, rows, header=HEADER, content=LETTER)
    await begin(stack)
    assert (await ask_batch(stack, "send_batch", id_)).status == 202
    await stack.drain()
    assert "messages" in places_of(tmp_path, VICTIM)

    await next_stage(stack)
    await next_stage(stack)

    assert places_of(tmp_path, VICTIM) == set()


async def test_an_archive_that_is_made_beside_the_erasure_is_deleted(
    stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run had stored where, and writes the file when the request is gone."""
    await stack.deliver(fiscal_code=VICTIM)
    await ask(stack, VICTIM)
    collect = CollectData.__call__

    async def slowly(self: CollectData, citizen: str, file: IO[bytes]) -> None:
        await collect(self, citizen, file)
        monkeypatch.undo()
        await begin(stack)

    monkeypatch.setattr(CollectData, "__call__", slowly)
    (item,) = await take(stack.queue, USER_DATA_REQUESTED)
    await process_user_data.consume(stack.app, item.text, last=False)
    await next_stage(stack)
    await next_stage(stack)

    assert places_of(tmp_path, VICTIM) == set()


async def test_a_stage_goes_on_after_an_outage(
    stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its item is put back, and comes again."""
    for _ in range(3):
        await stack.deliver(fiscal_code=VICTIM)
    await begin(stack)
    delete, left = SQLiteStore.delete, [2]

    async def fails(self: SQLiteStore, container: Any, *rest: Any, **more: Any) -> None:
        if container is MESSAGES:
            left[0] -= 1
            if left[0] == 0:
                raise UnavailableError("no answer")
        await delete(self, container, *rest, **more)

    monkeypatch.setattr(SQLiteStore, "delete", fails)
    await next_stage(stack)
    assert left[0] == 0
    assert await status(stack, VICTIM) == "WIP"
    for _ in range(3):
        await next_stage(stack)

    assert await status(stack, VICTIM) is None
    assert places_of(tmp_path, VICTIM) == set()


async def test_a_stage_with_much_to_do_has_many_runs(
    stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each ends in time, with an item for the rest."""
    monkeypatch.setattr(messages, "MOST_PAGES", 1)
    monkeypatch.setattr(erase_citizen, "MOST_SETS", 1)
    monkeypatch.setattr(citizens_messages, "PAGE", 2)
    for _ in range(3):
        await stack.deliver(fiscal_code=VICTIM)
        await checked(stack, [[VICTIM, "Mario"]], header=HEADER, content=LETTER)

    await erase(stack)

    assert places_of(tmp_path, VICTIM) == set()


async def test_a_registration_that_died_after_its_claim_is_erased(
    stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No list of devices names the channel, which has the citizen's pseudonym."""
    pseudonym = pseudonyms_of(stack.app.settings).of(VICTIM)

    def dead(*_: Any) -> Devices:
        raise UnavailableError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(Devices, "including", dead)
        await stack.call(
            "register_installation",
            {"platform": "fcmv1", "pushChannel": "a-token-of-the-platform"},
            path={"installation_id": "phone"},
            citizen=VICTIM,
        )
    assert places_of(tmp_path, pseudonym) == {"push-channels"}

    await erase(stack, VICTIM)

    assert places_of(tmp_path, pseudonym) == set()
