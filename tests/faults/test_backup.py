"""Backup and restore of a host at work: every message accepted before a backup arrives."""

import asyncio
import json
import os
import random
import shutil
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import aiohttp
import pytest

from infra.local.data.backup import MANIFEST, all_locked, backup, digest_of
from infra.local.data.restore import restore
from infra.local.errors import HostError
from infra.local.sandbox.seed import SENDER_KEY
from lib.adapters.embedded.clock import SandboxClock
from lib.adapters.embedded.data_folder import (
    CLOCK_FILE,
    DATABASES,
    QUEUE_FILE,
    RESTORE_MARK,
    STORE_FILE,
    check_folder,
)
from tests.faults.mortal_host import MortalHost
from tests.faults.submissions import Inbox, Submission
from tests.load.population import add_citizens
from tests.stack import Stack

CITIZENS = 20
CLIENTS = 6
ARRIVE_SECONDS = 30.0


class Accepted(NamedTuple):
    """A submission with answer 201: its citizen, and when it was sent and answered."""

    citizen: str
    id: str
    sent: float
    answered: float


class Load:
    """Clients that submit without end, and go on after a failed call."""

    def __init__(self, host: MortalHost, session: aiohttp.ClientSession, seed: int) -> None:
        self._host, self._session, self._rng = host, session, random.Random(seed)
        self._numbers = iter(range(1_000_000))
        self.accepted: list[Accepted] = []

    @asynccontextmanager
    async def going_on(self) -> AsyncIterator[None]:
        """Submit while the block runs."""
        clients = [asyncio.create_task(self._client()) for _ in range(CLIENTS)]
        try:
            yield
        finally:
            for client in clients:
                client.cancel()
            await asyncio.wait(clients)

    async def for_more(self, count: int) -> None:
        """Wait until `count` more submissions are accepted."""
        wanted = len(self.accepted) + count
        async with asyncio.timeout(60):
            while len(self.accepted) < wanted:  # noqa: ASYNC110 - clients tell nobody
                await asyncio.sleep(0.01)

    async def _client(self) -> None:
        while True:
            one = Submission.make(next(self._numbers), CITIZENS, self._rng)
            sent = time.monotonic()
            try:
                async with self._session.post(
                    f"{self._host.url}/api/v1/messages",
                    json={"fiscal_code": one.citizen, "content": one.content},
                    headers={"Ocp-Apim-Subscription-Key": SENDER_KEY},
                    timeout=aiohttp.ClientTimeout(10),
                ) as response:
                    body = await response.json(content_type=None)
                    if response.status == 201:
                        answered = time.monotonic()
                        self.accepted.append(Accepted(one.citizen, body["id"], sent, answered))
                        continue
            except (aiohttp.ClientError, ConnectionError, TimeoutError):
                pass
            await asyncio.sleep(0.02)


async def missing_from(inbox: Inbox, wanted: Iterable[Accepted]) -> set[str]:
    """Wait until all messages are in their inboxes, each once; return the missing ids."""
    left = {one.id: one.citizen for one in wanted}
    end = time.monotonic() + ARRIVE_SECONDS
    while left and time.monotonic() < end:
        for citizen in set(left.values()):
            try:
                ids = Counter(item["id"] for item in await inbox.whole(citizen))
            except (aiohttp.ClientError, ConnectionError, TimeoutError):
                continue
            assert set(ids.values()) <= {1}
            left = {id_: whose for id_, whose in left.items() if id_ not in ids}
        await asyncio.sleep(0.1)
    return set(left)


@pytest.mark.slow
async def test_a_backup_loses_nothing_that_was_accepted_before_it(
    tmp_path: Path, seed: int
) -> None:
    """Two backups at full load are each restored into another folder."""
    host = MortalHost(tmp_path / "live")
    (tmp_path / "live").mkdir(mode=0o700)
    await add_citizens(tmp_path / "live", CITIZENS)
    backups: list[tuple[Path, list[Accepted]]] = []
    await host.start()
    try:
        async with aiohttp.ClientSession() as session:
            load = Load(host, session, seed)
            async with load.going_on():
                for number in range(2):
                    await load.for_more(150)
                    before = list(load.accepted)
                    to = tmp_path / f"backup-{number}"
                    waited = await asyncio.to_thread(backup, tmp_path / "live", to)
                    assert waited < 1
                    backups.append((to, before))
    finally:
        host.stop()

    for number, (source, before) in enumerate(backups):
        folder = tmp_path / f"restored-{number}"
        assert restore(source, folder) is None
        again = MortalHost(folder)
        await again.start()
        try:
            async with aiohttp.ClientSession() as session:
                assert not await missing_from(Inbox(again, session), before)
        finally:
            again.stop()


@pytest.mark.slow
async def test_a_restore_under_a_running_host_loses_no_later_answer(
    tmp_path: Path, seed: int
) -> None:
    """The host goes on with the backup's files, and answers no 201 for the files replaced."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    await add_citizens(data, CITIZENS)
    host = MortalHost(data)
    await host.start()
    try:
        async with aiohttp.ClientSession() as session:
            load = Load(host, session, seed)
            async with load.going_on():
                await load.for_more(100)
                kept = list(load.accepted)
                await asyncio.to_thread(backup, data, tmp_path / "backup")
                await load.for_more(100)
                gone = load.accepted[-1]
                aside = await asyncio.to_thread(restore, tmp_path / "backup", data)
                restored = time.monotonic()
                await load.for_more(300)
            later = [one for one in load.accepted if one.sent > restored]
            inbox = Inbox(host, session)
            assert not await missing_from(inbox, [*kept, *later])
            assert gone.id not in {item["id"] for item in await inbox.whole(gone.citizen)}
        assert len(later) > 100
        assert not host.gave_up
        assert "raised infra.local" not in host.output
        assert host.output.count("Serving the restored data\n") == 1
        assert aside is not None
        assert (aside / STORE_FILE).exists()
    finally:
        host.stop()
    check_folder(data)


@pytest.fixture
async def saved(tmp_path: Path) -> AsyncIterator[tuple[Stack, Path]]:
    """Yield a stack with a message, and its backup."""
    (tmp_path / "data").mkdir(mode=0o700)
    stack = Stack(tmp_path / "data")
    await stack.app.start()
    await stack.start()
    await stack.deliver()
    clock = SandboxClock(tmp_path / "data" / CLOCK_FILE)
    clock.close()
    backup(tmp_path / "data", tmp_path / "backup")
    yield stack, tmp_path / "backup"
    await stack.app.close()


async def test_a_backup_is_private_and_whole_or_not_there(
    saved: tuple[Stack, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup that the full disk interrupts leaves no files."""
    _, there = saved
    assert {path.name for path in files_of(there)} == {
        MANIFEST,
        CLOCK_FILE,
        *(set(DATABASES) - {"timers.db"}),
    }
    assert {path.stat().st_mode & 0o077 for path in (there, *files_of(there))} == {0}

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(HostError, match=r"no backup was made: .*No space"):
        backup(tmp_path / "data", tmp_path / "second")
    assert {path.name for path in files_of(tmp_path)} == {"backup", "data"}


def files_of(folder: Path) -> list[Path]:
    """Return the paths in the folder."""
    return list(folder.iterdir())


def spoil(folder: Path) -> None:
    """Change one byte of a backup."""
    content = bytearray((folder / QUEUE_FILE).read_bytes())
    content[5000] ^= 1
    (folder / QUEUE_FILE).write_bytes(content)


def lose(folder: Path) -> None:
    """Remove a file of a backup."""
    (folder / QUEUE_FILE).unlink()


def renew(folder: Path) -> None:
    """Give a backup the layout of a later version."""
    content = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps(content | {"layout": 1000}))


def stray(folder: Path) -> None:
    """Name a file outside the backup in its manifest."""
    content = json.loads((folder / MANIFEST).read_text())
    outside = "../data/" + STORE_FILE
    content["files"][outside] = digest_of(folder / outside)
    (folder / MANIFEST).write_text(json.dumps(content))


@pytest.mark.parametrize("harm", [spoil, lose, renew, stray, shutil.rmtree])
async def test_a_backup_that_is_not_whole_is_refused(
    saved: tuple[Stack, Path], tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    """The refusal comes before any change of the data."""
    stack, there = saved
    harm(there)

    with pytest.raises(HostError, match=f"FROM={there} is "):
        restore(there, tmp_path / "data")

    await stack.deliver()
    assert not (tmp_path / "data" / RESTORE_MARK).exists()


def test_the_error_for_a_folder_without_a_backup_names_the_missing_file(tmp_path: Path) -> None:
    """The error for a mistyped name shows no path of a file that the operator did not type."""
    there = tmp_path / "mistyped"
    with pytest.raises(HostError) as refused:
        restore(there, tmp_path / "data")

    assert str(refused.value) == f"FROM={there} is not a backup: it has no {MANIFEST}"


async def test_a_restore_that_is_broken_off_is_told_and_mended(
    saved: tuple[Stack, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No host starts on half a restore, and another restore completes it."""
    _, there = saved
    data = tmp_path / "data"
    with monkeypatch.context() as patched:

        def die(*_: object) -> None:
            raise OSError(5, "Input/output error")

        patched.setattr(os, "pwrite", die)
        with pytest.raises(HostError, match="broken off, run it again"):
            restore(there, data)
    with pytest.raises(Exception, match="a restore was broken off"):
        check_folder(data)

    restore(there, data)
    check_folder(data)


async def test_a_backup_waits_for_no_writer_and_writers_for_it_only_a_moment(
    saved: tuple[Stack, Path], tmp_path: Path
) -> None:
    """A backup locks all files at one moment, and waits while one of them commits."""
    stack, _ = saved
    with all_locked(tmp_path / "data"):
        waiting = asyncio.ensure_future(
            asyncio.to_thread(backup, tmp_path / "data", tmp_path / "second")
        )
        await asyncio.wait([waiting], timeout=0.1)
        assert not waiting.done()
    assert await waiting < 1
    await stack.deliver()
