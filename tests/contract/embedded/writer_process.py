"""A process that writes on a shared data folder, run with `python -m`.

Arguments: the folder, a name, a number of rounds (0 = for ever). Each round creates a document,
puts an item and increments a shared counter, then prints the document's id; many run at once.
"""

import asyncio
import itertools
import sys
from pathlib import Path

from lib.adapters.embedded.clock import SystemClock
from lib.adapters.embedded.sqlite.queue import SQLiteQueue
from lib.adapters.embedded.sqlite.store import SQLiteStore
from lib.ports.documents import PatchOperation
from tests.contract.support import CONTAINERS, NOTES, a_note

SHARED = "shared"
JOBS = "jobs"
CONCURRENCY = 8


async def main(folder: Path, name: str, rounds: int) -> None:
    """Write until told or killed."""
    store = SQLiteStore(folder / "store.db", SystemClock(), CONTAINERS)
    queue = SQLiteQueue(folder / "queue.db", SystemClock())
    numbers = iter(range(rounds)) if rounds else itertools.count()
    await store.upsert(NOTES, a_note(SHARED, f"counter-{name}", rank=0))

    async def write() -> None:
        for number in numbers:
            id_ = f"{name}-{number}"
            await store.create(NOTES, a_note(SHARED, id_, text="x" * 500))
            await queue.put(JOBS, id_)
            await store.patch(
                NOTES, SHARED, f"counter-{name}", [PatchOperation("incr", "/rank", 1)]
            )
            sys.stdout.write(f"{id_}\n")
            sys.stdout.flush()

    await asyncio.gather(*(write() for _ in range(CONCURRENCY)))
    await store.close()
    await queue.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
