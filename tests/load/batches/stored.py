"""Counts the messages, pushes and bytes that a batch has left."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import orjson

from lib.adapters.embedded.sqlite.store import file_of
from lib.composition.stacks import BLOBS_FOLDER, NOTIFICATIONS_FILE, STORE_FILE
from lib.ports.schema.containers import CONTAINERS
from tests.load import population
from tests.load.measures import Figures


def outcome(folder: Path, rows: int) -> Figures:
    """Count the messages of the first citizens, and their pushes: each citizen has one of both.

    `visible`: the messages in an inbox. `lost`: citizens without one. `doubled`: the further ones
    of a citizen. `unpushed` and `pushed_twice`: the same of pushes.
    """
    citizens = {population.fiscal_code(number) for number in range(rows)}
    with closing(_opened(folder / STORE_FILE)) as store:
        stored = store.execute("SELECT pk, id, body ->> '$.status' FROM messages").fetchall()
    found = [(pk, id_) for pk, id_, status in stored if pk in citizens and status == "PROCESSED"]
    messages = Counter(pk for pk, _ in found)
    owners = {id_: pk for pk, id_ in found}
    pushes = Counter(owners[id_] for id_ in _pushed(folder) if id_ in owners)
    return {
        "visible": messages.total(),
        "lost": rows - len(messages),
        "doubled": messages.total() - len(messages),
        "unpushed": rows - len(pushes),
        "pushed_twice": pushes.total() - len(pushes),
    }


def sizes(folder: Path) -> Counter[str]:
    """Return the bytes of the documents of each container, of all `pages`, and of the `blobs`.

    The pages hold the documents and their indexes.
    """
    found, store = Counter[str](), folder / STORE_FILE
    for path in {file_of(store, container) for container in CONTAINERS}:
        with closing(_opened(path)) as connection:
            (pages,) = connection.execute("SELECT sum(pgsize) FROM dbstat").fetchone()
            found["pages"] += pages
            for container in CONTAINERS:
                if file_of(store, container) == path:
                    bytes_of = f'SELECT total(length(body)) FROM "{container.name}"'
                    found[container.name] = int(connection.execute(bytes_of).fetchone()[0])
    blobs = (file for file in (folder / BLOBS_FOLDER).rglob("*") if file.is_file())
    found["blobs"] = sum(file.stat().st_size for file in blobs)
    return found


def _pushed(folder: Path) -> Iterator[str]:
    """Yield the messages of the captured pushes, also of a file that was put aside."""
    path = folder / NOTIFICATIONS_FILE
    for file in (path, path.with_suffix(".old.jsonl")):
        if file.exists():
            with file.open("rb") as lines:
                yield from (orjson.loads(line)["message_id"] for line in lines)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)
