"""The host's workers: one that dies or hangs is replaced, and its items are processed again."""

import os
import signal
from pathlib import Path

import pytest

from infra.local.host.forked import CAN_FORK
from lib.adapters.embedded.clock import SandboxClock
from lib.adapters.embedded.sqlite.queue import SQLiteQueue
from tests.host.host_process import HostProcess, is_alive, wait_for


@pytest.mark.parametrize("background", [False, True], ids=["answering", "background"])
async def test_a_killed_worker_is_replaced_and_the_service_goes_on(
    tmp_path: Path, background: bool
) -> None:
    """After kill -9 of a worker every request is answered, and every item is processed."""
    queue = SQLiteQueue(tmp_path / "queue.db", SandboxClock(tmp_path / "clock"))
    try:
        with HostProcess(tmp_path, "--workers", "2") as host:
            before = host.workers
            first = host.kind(background=background)[0]
            os.kill(first, signal.SIGKILL)
            for number in range(20):
                await queue.put("toy", str(number))
            assert {host.call("GET", "/noop").status for _ in range(20)} == {200}
            wait_for(lambda: len(host.notes("done")) == 20)
            wait_for(lambda: len(host.workers) == 4 and first not in host.workers)
            assert len(set(before) & set(host.workers)) == 3
            wait_for(lambda: len(host.kind(background=background)) == 2)
            wait_for(lambda: len(host.notes("started")) == 5)
            assert f"worker {first} died" in host.output
    finally:
        await queue.close()


async def test_background_work_delays_no_request(tmp_path: Path) -> None:
    """Items run in processes of lower priority, except those of PRIORITY_FUNCTIONS."""
    queue = SQLiteQueue(tmp_path / "queue.db", SandboxClock(tmp_path / "clock"))
    try:
        with HostProcess(tmp_path, "--workers", "1", "--niceness", "5") as host:
            (answering,), (background,) = host.kind(background=False), host.kind(background=True)
            await queue.put("toy", "block")
            (note,) = wait_for(lambda: host.notes("work"))
            assert note["pid"] == background
            assert host.call("GET", "/echo/5").json()["pid"] == answering
            await queue.put("toy-awaited", "now")
            (note,) = wait_for(lambda: host.notes("awaited"))
            assert note["pid"] == answering
            assert not host.notes("done")
            nice = [os.getpriority(os.PRIO_PROCESS, pid) for pid in (answering, background)]
            assert nice[1] - nice[0] == 5
            wait_for(lambda: host.notes("done"))
    finally:
        await queue.close()


@pytest.mark.skipif(not CAN_FORK, reason="workers are forked on Linux alone")
def test_workers_are_forked_and_their_nursery_ends(tmp_path: Path) -> None:
    """The workers are children of the supervisor, and no other process is left."""
    with HostProcess(tmp_path, "--workers", "2") as host:
        words = Path(f"/proc/{host.workers[0]}/cmdline").read_text().split("\0")
        assert "infra.local.host.nursery" in words
        wait_for(lambda: len(_children(host.process.pid)) == 4)


@pytest.mark.skipif(not CAN_FORK, reason="workers are forked on Linux alone")
def test_a_host_starts_without_its_nursery(tmp_path: Path) -> None:
    """A new process takes the worker's place where a nursery is killed before it forks."""
    host = HostProcess(tmp_path, "--workers", "1")
    nursery = wait_for(lambda: _children(host.process.pid))
    os.kill(nursery[0], signal.SIGKILL)
    with host:
        words = [Path(f"/proc/{pid}/cmdline").read_text() for pid in host.workers]
        assert len(words) == 2
        assert any("infra.local.host.worker" in one for one in words)
        assert host.call("GET", "/noop").status == 200


def _children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text().split()]


def test_killing_the_parent_frees_the_port_at_once(tmp_path: Path) -> None:
    """The workers end with their parent, and the same port serves again."""
    with HostProcess(tmp_path, "--workers", "2") as host:
        workers = host.workers
        host.kill()
        wait_for(lambda: not any(is_alive(pid) for pid in workers))
        with HostProcess(tmp_path, "--workers", "1", "--port", str(host.port)) as again:
            assert again.call("GET", "/noop").status == 200


async def test_items_of_a_killed_host_are_done_by_the_next(tmp_path: Path) -> None:
    """After kill -9 during an item, the item is delivered again when its lease ends."""
    queue = SQLiteQueue(tmp_path / "queue.db", SandboxClock(tmp_path / "clock"))
    try:
        await queue.put("toy", "sleep")
        with HostProcess(tmp_path, "--workers", "1", "--lease-seconds", "1") as host:
            wait_for(lambda: host.notes("work"))
            host.kill()
        with HostProcess(tmp_path, "--workers", "1", "--lease-seconds", "1") as host:
            wait_for(lambda: host.notes("done"), 25)
            assert [note["count"] for note in host.notes("work")] == [1, 2]
        assert await queue.length("toy") == 0
    finally:
        await queue.close()


def held_workers(folder: Path) -> list[str]:
    """Return the names of the workers that the folder lists."""
    return [path.name for path in (folder / "workers").iterdir()]


@pytest.mark.parametrize("whole", [False, True], ids=["worker", "host"])
async def test_items_of_a_killed_worker_are_freed_at_once(tmp_path: Path, whole: bool) -> None:
    """Another worker or the next start frees the item, long before its lease of an hour ends."""
    queue = SQLiteQueue(tmp_path / "queue.db", SandboxClock(tmp_path / "clock"))
    options = ("--workers", "1", "--lease-seconds", "3600")
    try:
        with HostProcess(tmp_path, *options) as host:
            await queue.put("toy", "block")
            (note,) = wait_for(lambda: host.notes("work"))
            if whole:
                host.kill()
            else:
                os.kill(note["pid"], signal.SIGKILL)
                wait_for(lambda: host.notes("done"))
        if whole:
            with HostProcess(tmp_path, *options) as host:
                wait_for(lambda: host.notes("done"))
        assert [note["count"] for note in host.notes("work")] == [1, 2]
        wait_for(lambda: held_workers(tmp_path) == [])
        assert await queue.length("toy") == 0
    finally:
        await queue.close()


@pytest.mark.parametrize("background", [False, True], ids=["answering", "background"])
def test_a_worker_that_hangs_is_replaced(tmp_path: Path, background: bool) -> None:
    """A stopped worker gives no sign of life; the host replaces it and no other worker."""
    with HostProcess(tmp_path, "--workers", "2", "--hang-seconds", "3") as host:
        before = host.workers
        (hanging, _) = host.kind(background=background)
        os.kill(hanging, signal.SIGSTOP)
        wait_for(lambda: f"worker {hanging} does not respond" in host.output)
        wait_for(lambda: len(host.workers) == 4 and hanging not in host.workers)
        wait_for(lambda: len(host.kind(background=background)) == 2)
        assert len(set(before) & set(host.workers)) == 3
        assert {host.call("GET", "/noop").status for _ in range(10)} == {200}
