"""Citizens and messages for a bench: written straight into the store, before the host starts."""

import asyncio
import itertools
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from ulid import ULID

from infra.local.sandbox.seed import (
    KEY_SEED,
    SENDER_GROUPS,
    SENDER_KEY,
    SERVICE_ID,
    SERVICE_SEED,
    a_profile,
)
from lib.adapters.embedded.clock import SystemClock
from lib.adapters.embedded.sqlite.store import SQLiteStore
from lib.composition.secrets import key_hashes_of
from lib.composition.stacks import STORE_FILE
from lib.domain.messages.acceptance import accepted
from lib.domain.messages.new_message import NewMessage
from lib.domain.services.service import Group, Service
from lib.domain.shared.check_characters import check_character
from lib.domain.shared.identifiers import MessageId, OrganizationFiscalCode
from lib.domain.shared.values import timestamp
from lib.ports.schema.citizens import PROFILES
from lib.ports.schema.containers import CONTAINERS
from lib.ports.schema.messages import MESSAGES
from lib.ports.schema.senders import SENDER_KEYS, SERVICES, SUBSCRIPTIONS
from lib.repositories.messages.message_mapping import document_of
from tests.builders.settings import settings_for
from tests.load.client import request

UNCOUNTED_KEY = "sandbox-uncounted-key"
OTHER_KEY = "sandbox-other-key"
"""The key of a second service, and the id of that service."""
MARKDOWN = "È disponibile l'avviso della tassa sui rifiuti, con scadenza il 30 giugno. " * 8
DOCUMENTS_PER_WRITE = 200


def fiscal_code(number: int) -> str:
    """Return the fiscal code of citizen `number`, below 11 million, with its check character."""
    letters = []
    for _ in range(5):
        number, digit = divmod(number, 26)
        letters.append(chr(65 + digit))
    code = f"B{''.join(letters)}80A01H501"
    return code + check_character(code)


def submissions(url: str, citizens: int, key: str = SENDER_KEY, first: int = 0) -> Iterator[bytes]:
    """Return endless submissions to the citizens in turn, as bytes made beforehand."""
    made = [
        request(
            "POST",
            f"{url}/api/v1/messages",
            orjson.dumps(
                {
                    "fiscal_code": fiscal_code(number),
                    "content": {"subject": "Tassa sui rifiuti", "markdown": MARKDOWN},
                }
            ),
            {"Ocp-Apim-Subscription-Key": key, "Content-Type": "application/json"},
        )
        for number in range(first, first + citizens)
    ]
    return itertools.cycle(made)


async def add_uncounted_key(folder: Path) -> None:
    """Store a key whose calls no limit counts."""
    store = SQLiteStore(folder / STORE_FILE, SystemClock(), CONTAINERS)
    groups = sorted({*SENDER_GROUPS, Group.NO_RATE_LIMIT})
    await _add_key(store, folder, UNCOUNTED_KEY, groups=groups, call_limit=None)
    await store.close()


async def add_other_sender(folder: Path) -> None:
    """Store a second service, which may do what the sandbox's may, and its key."""
    store = SQLiteStore(folder / STORE_FILE, SystemClock(), CONTAINERS)
    await store.upsert(SERVICES, {**SERVICE_SEED[0], "id": OTHER_KEY})
    await _add_key(store, folder, OTHER_KEY, service_id=OTHER_KEY)
    await store.close()


async def _add_key(store: SQLiteStore, folder: Path, key: str, **changes: Any) -> None:
    hashed = key_hashes_of(settings_for(folder)).of(key)
    subscription = {**dict(KEY_SEED)[SENDER_KEY], "id": key, **changes}
    await store.upsert(SUBSCRIPTIONS, subscription)
    await store.upsert(SENDER_KEYS, {"id": hashed, "subscription_id": key})


async def add_citizens(folder: Path, citizens: int, **changes: Any) -> None:
    """Give each citizen a profile that takes everything, but for the changes."""
    store = SQLiteStore(folder / STORE_FILE, SystemClock(), CONTAINERS)

    async def add(number: int) -> None:
        await store.upsert(PROFILES, a_profile(fiscal_code(number), **changes))

    for numbers in itertools.batched(range(citizens), DOCUMENTS_PER_WRITE, strict=False):
        await asyncio.gather(*(add(number) for number in numbers))
    await store.close()


async def add_messages(
    folder: Path, citizens: int, each: int, progress: Callable[[int], None], every: int = 1
) -> None:
    """Fill the inboxes with `each` messages; `progress` hears how many more there are.

    `every`: only of every second, third, … citizen.
    """
    store = SQLiteStore(folder / STORE_FILE, SystemClock(), CONTAINERS)
    service = Service(
        SERVICE_ID,
        "Tassa sui rifiuti",
        "",
        "Comune di Esempio",
        OrganizationFiscalCode("01234567890"),
    )
    content = {"subject": "Tassa sui rifiuti", "markdown": MARKDOWN}
    message = NewMessage.model_validate({"content": content})
    now = datetime.now(UTC)

    async def add(number: int) -> None:
        begun = accepted(
            message,
            service,
            user_id="bench",
            recipient=fiscal_code(number * every),
            id_=MessageId(str(ULID())),
            created_at=timestamp(now),
        )
        await store.create(MESSAGES, document_of(replace(begun, status="PROCESSED")))

    # a citizen's messages come over the years, so each lies between everybody else's
    for _ in range(each):
        for numbers in itertools.batched(range(citizens), DOCUMENTS_PER_WRITE, strict=False):
            await asyncio.gather(*(add(number) for number in numbers))
            progress(len(numbers))
    await store.close()


def visible(folder: Path) -> tuple[int, int]:
    """Count the messages that are in an inbox, and those that are on their way to one."""
    path = f"file:{folder / STORE_FILE}?mode=ro"
    connection = sqlite3.connect(path, uri=True)
    try:
        rows = dict(
            connection.execute("SELECT body ->> '$.status', count(*) FROM messages GROUP BY 1")
        )
    finally:
        connection.close()
    return rows.get("PROCESSED", 0), rows.get("ACCEPTED", 0)
