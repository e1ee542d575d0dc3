"""A lack of the machine is an outage: an accepted message waits, and is never given up."""

import asyncio
import errno
import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from functions.queues.messages import fan_out_message
from infra.local.sandbox.seed import CITIZEN
from lib.adapters.embedded.data_folder import BACKGROUND_FILE, STORE_FILE
from lib.adapters.embedded.sqlite import wal_keeper
from lib.domain.shared.identifiers import MessageId
from lib.ports.documents import Query
from lib.ports.queueing.items.messages import MessageSubmitted
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from lib.ports.schema.messages import MESSAGES
from lib.ports.schema.operations import DEAD_LETTERS
from tests.builders.messages import submitted
from tests.host.host_process import wait_for
from tests.stack import Stack, take


async def is_still_to_come(stack: Stack, id_: MessageId) -> bool:
    """Tell whether the message has an item that waits, and neither failed nor left a letter."""
    stack.clock.advance(timedelta(hours=1))
    items = await take(stack.queue, MESSAGE_SUBMITTED)
    letters = (await stack.store.query(DEAD_LETTERS, Query(MESSAGE_SUBMITTED, limit=10))).items
    document = (await stack.store.read(MESSAGES, CITIZEN, id_)).document
    ids = {MessageSubmitted.model_validate_json(item.text).message_id for item in items}
    return document["status"] != "FAILED" and not letters and id_ in ids


async def test_a_damaged_file_loses_no_message(tmp_path: Path) -> None:
    """An item that needs a spoilt file waits, and succeeds when the file is mended."""
    stack = await Stack(tmp_path).start()
    id_ = await stack.submit(content={"due_date": "2026-12-24T10:00:00Z"})
    await stack.queue.delete(MESSAGE_SUBMITTED, (await take(stack.queue, MESSAGE_SUBMITTED))[0])
    spoil(tmp_path / BACKGROUND_FILE)

    for last in (False, True):
        await fan_out_message.consume(stack.app, submitted(id_).text(), last=last)
    assert await is_still_to_come(stack, id_)

    remove(tmp_path / BACKGROUND_FILE)
    stack.clock.advance(timedelta(hours=1))
    await stack.drain()
    assert (await stack.store.read(MESSAGES, CITIZEN, id_)).document["reminder_at"]
    await stack.app.close()


def spoil(path: Path) -> None:
    """Write a file that is no database."""
    path.write_bytes(b"no database at all\n" * 1000)


def remove(path: Path) -> None:
    """Remove the file, so that the app makes it anew."""
    path.unlink()


@contextmanager
def no_descriptors() -> Iterator[None]:
    """Leave this process no descriptor to open a file with."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    probe = os.open(os.devnull, os.O_RDONLY)
    os.close(probe)
    resource.setrlimit(resource.RLIMIT_NOFILE, (probe, hard))
    held = []
    with suppress(OSError):  # those below the limit that are free
        while True:
            held.append(os.open(os.devnull, os.O_RDONLY))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for descriptor in held:
            os.close(descriptor)


async def test_a_process_without_descriptors_loses_no_message(tmp_path: Path) -> None:
    """The file of background work opens at its first use: its items wait until it can."""
    stack = await Stack(tmp_path).start()
    id_ = await stack.submit(content={"due_date": "2026-12-24T10:00:00Z"})
    await stack.queue.delete(MESSAGE_SUBMITTED, (await take(stack.queue, MESSAGE_SUBMITTED))[0])
    assert not (tmp_path / BACKGROUND_FILE).exists()

    with no_descriptors():
        await fan_out_message.consume(stack.app, submitted(id_).text(), last=True)

    assert await is_still_to_come(stack, id_)
    await stack.app.close()


async def test_a_started_process_needs_no_further_descriptor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The start opens every file: a message arrives, and a checkpoint empties each WAL."""
    monkeypatch.setattr(wal_keeper, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(wal_keeper, "SMALL_WAL", 0)
    logs = [tmp_path / f"{name}-wal" for name in (STORE_FILE, BACKGROUND_FILE)]
    stack = Stack(tmp_path)
    await stack.app.start()
    await stack.start()
    await stack.deliver(content={"due_date": "2026-12-24T10:00:00Z"})  # imports what it uses
    with no_descriptors():
        id_ = await stack.submit(content={"due_date": "2026-12-24T10:00:00Z"})
        await stack.drain()
        await asyncio.to_thread(wait_for, lambda: not any(path.stat().st_size for path in logs))

    assert (await stack.store.read(MESSAGES, CITIZEN, id_)).document["reminder_at"]
    await stack.app.close()


@pytest.mark.parametrize("code", [errno.EMFILE, errno.ENOSPC, errno.EIO, errno.ENOMEM])
async def test_errors_of_the_machine_do_not_fail_an_item(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """The item waits, whether an import, a file or a socket raises the error."""
    id_ = await stack.submit()
    await stack.queue.delete(MESSAGE_SUBMITTED, (await take(stack.queue, MESSAGE_SUBMITTED))[0])
    fail = raiser(OSError(code, os.strerror(code)))

    with monkeypatch.context() as patched:
        patched.setattr(stack.store, "read", fail)
        await fan_out_message.consume(stack.app, submitted(id_).text(), last=True)

    assert await is_still_to_come(stack, id_)


def raiser(error: Exception) -> Callable[..., object]:
    """Return a coroutine function that raises the error."""

    async def fail(*_: object) -> None:
        raise error

    return fail
