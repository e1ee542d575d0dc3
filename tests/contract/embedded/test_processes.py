"""Several processes on one data folder, and what is left after kill -9."""

import subprocess
import sys
from pathlib import Path

from lib.adapters.embedded.clock import SystemClock
from lib.adapters.embedded.sqlite.queue import SQLiteQueue
from lib.adapters.embedded.sqlite.store import SQLiteStore
from tests.contract.embedded.writer_process import JOBS, SHARED
from tests.contract.support import CONTAINERS, NOTES

ROOT = Path(__file__).parents[3]


def writer(folder: Path, name: str, rounds: int) -> subprocess.Popen[str]:
    """Start a writer on the folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.contract.embedded.writer_process", folder, name, str(rounds)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


async def test_all_that_returned_is_there_after_kill_9(tmp_path: Path) -> None:
    """Two processes killed while they write lose nothing they had reported."""
    reported: list[str] = []
    with writer(tmp_path, "one", 0) as one, writer(tmp_path, "two", 0) as two:
        for process in (one, two):
            assert process.stdout is not None
            reported += [process.stdout.readline().strip() for _ in range(150)]
        one.kill()
        two.kill()
        for process in (one, two):
            assert process.stdout is not None
            reported += [line.strip() for line in process.stdout if line.endswith("\n")]
    store = SQLiteStore(tmp_path / "store.db", SystemClock(), CONTAINERS)
    queue = SQLiteQueue(tmp_path / "queue.db", SystemClock())

    assert len(reported) >= 300
    for id_ in reported:
        assert (await store.read(NOTES, SHARED, id_)).document["id"] == id_
    assert await queue.length(JOBS) >= len(reported)
    for name in ("one", "two"):
        counter = await store.read(NOTES, SHARED, f"counter-{name}")
        assert counter.document["rank"] >= sum(id_.startswith(name) for id_ in reported)

    await store.close()
    await queue.close()


async def test_processes_that_create_the_files_together_share_them(tmp_path: Path) -> None:
    """Three processes start on an empty folder at once; every write of each arrives."""
    with (
        writer(tmp_path, "one", 100) as one,
        writer(tmp_path, "two", 100) as two,
        writer(tmp_path, "three", 100) as three,
    ):
        for process in (one, two, three):
            process.communicate(timeout=30)
            assert process.returncode == 0
    store = SQLiteStore(tmp_path / "store.db", SystemClock(), CONTAINERS)
    queue = SQLiteQueue(tmp_path / "queue.db", SystemClock())

    for name in ("one", "two", "three"):
        assert (await store.read(NOTES, SHARED, f"counter-{name}")).document["rank"] == 100
    assert await queue.length(JOBS) == 300

    await store.close()
    await queue.close()
