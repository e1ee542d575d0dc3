"""The index of an inbox follows its writes, and survives deaths and runs at the same time."""

import asyncio
import contextlib
from datetime import timedelta
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.domain.inbox.change_token import OVERLAP
from lib.ports.errors import NotFoundError, UnavailableError
from lib.ports.queueing.items.citizens import InboxSearched
from lib.ports.queueing.names import INBOX_SEARCHED
from lib.ports.schema.messages import INBOX_WORDS
from lib.repositories.inbox.search import word_index
from lib.repositories.inbox.search.word_index import ASKED_AGAIN, LIFE, STATE_ID, WordIndex
from lib.use_cases.inbox import index_inbox
from tests.builders.altered import with_message
from tests.builders.payment_notices import a_notice, amend, an_amendment, send
from tests.functions.inbox.search_calls import MANY, deliver, found, search, with_index
from tests.functions.messages.inbox_calls import change
from tests.functions.messages.withdrawal_calls import withdraw
from tests.stack import Stack, take
from tests.stored import index_size, indexed

ITEM = InboxSearched.model_validate({"fiscal_code": CITIZEN})
TEXTS = ["Un testo che non ha nessuna di quelle parole. " * 3] * MANY
RARE = "Una parola singolare. " * 5


async def asked(stack: Stack) -> int:
    """Return the number of items in the queue, and take them away."""
    items = await take(stack.queue, INBOX_SEARCHED)
    for item in items:
        await stack.queue.delete(INBOX_SEARCHED, item)
    return len(items)


async def test_a_small_inbox_has_no_index(stack: Stack) -> None:
    """Its messages are read, and nothing is written."""
    await deliver(stack, 0, TEXTS[:40])
    await search(stack, "testo")

    assert await asked(stack) == 0
    assert await index_size(stack) == 0


async def test_many_searches_ask_once(stack: Stack) -> None:
    """Until the index may have been lost on its way: then the next search asks again."""
    await deliver(stack, 0, TEXTS)
    await asyncio.gather(*(search(stack, "testo") for _ in range(5)))
    assert await asked(stack) == 1
    stack.clock.advance(ASKED_AGAIN - timedelta(seconds=1))
    await search(stack, "testo")
    assert await asked(stack) == 0
    stack.clock.advance(timedelta(seconds=2))
    await asyncio.gather(*(search(stack, "testo") for _ in range(5)))
    assert await asked(stack) == 1


async def test_a_queue_that_is_away_does_not_stop_a_search(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search examines the messages."""
    (id_,) = await deliver(stack, 500, [RARE])
    await deliver(stack, 0, TEXTS)

    async def away(*_: Any, **__: Any) -> None:
        raise UnavailableError("the queue is away")

    monkeypatch.setattr(stack.queue, "put", away)

    assert [id_] == await found(stack, "singolare")


async def test_a_large_inbox_is_followed_by_several_items(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each run ends after some pages and queues the rest."""
    monkeypatch.setattr(index_inbox, "PER_PAGE", 7)
    monkeypatch.setattr(index_inbox, "PER_RUN", 3)
    ids = await deliver(stack, 0, TEXTS)
    await search(stack, "testo")
    await stack.drain()

    assert sorted(ids) == sorted(await indexed(stack, "testo"))


async def test_each_change_of_the_text_is_followed(stack: Stack) -> None:
    """A delivery, an amendment, and the withdrawal of an unread and of a read message."""
    await deliver(stack, 0, TEXTS)
    notice = (await send(stack, a_notice(description="Prima descrizione"))).body["message_id"]
    gone, kept = [await stack.deliver() for _ in range(2)]
    await stack.drain()
    await with_index(stack)
    assert notice in await indexed(stack, "descrizione")
    assert {gone, kept} <= set(await indexed(stack, "rata"))

    await amend(stack, an_amendment(description="Seconda versione"))
    await change(stack, kept, change_type="reading", is_read=True)
    for id_ in (gone, kept):
        await withdraw(stack, id_, reason="Motivo particolare")
    (late,) = await deliver(stack, 900, [RARE])
    assert [late] == await found(stack, "singolare")
    assert [notice] == await found(stack, "seconda versione")
    await deliver(stack, 300, TEXTS)
    await with_index(stack)

    assert [late] == await indexed(stack, "singolare")
    assert await indexed(stack, "prima") == []
    assert [notice] == await indexed(stack, "versione")
    assert [kept] == await indexed(stack, "particolare")
    assert {gone, kept}.isdisjoint(await indexed(stack, "rata"))


@pytest.mark.parametrize("step", ["note", "forget"])
async def test_a_run_that_dies_is_repeated(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Before and after its write; the repeated run ends with the same index."""
    gone = await stack.deliver()
    await deliver(stack, 0, TEXTS)
    await with_index(stack)
    await withdraw(stack, gone)
    (late,) = await deliver(stack, 900, [RARE])
    real, deaths = getattr(WordIndex, step), iter((True, False))

    async def dying(self: WordIndex, *arguments: Any) -> None:
        for after in deaths:
            if after:
                await real(self, *arguments)
            raise UnavailableError("the process dies")
        await real(self, *arguments)

    monkeypatch.setattr(WordIndex, step, dying)
    for _ in range(2):
        with pytest.raises(UnavailableError):
            await stack.app.inbox.index(ITEM)
        stack.clock.advance(OVERLAP)
        await change(stack, late, change_type="starring", is_starred=True)
        await with_message(stack, gone, touched=True)
    await stack.app.inbox.index(ITEM)

    assert [late] == await indexed(stack, "singolare")
    assert await indexed(stack, "rata") == []


async def test_runs_at_the_same_time_share_the_pages(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index is whole, whoever writes it; searches that ask meanwhile do no harm.

    A run that lost each page to the others ends, and its item comes again.
    """
    monkeypatch.setattr(index_inbox, "PER_PAGE", 10)
    ids = await deliver(stack, 0, TEXTS)
    await search(stack, "testo")
    runs = await asyncio.gather(
        *(stack.app.inbox.index(ITEM) for _ in range(3)),
        search(stack, "nessuna parola"),
        return_exceptions=True,
    )
    assert all(isinstance(run, UnavailableError) for run in runs if isinstance(run, Exception))
    await stack.app.inbox.index(ITEM)

    assert sorted(ids) == sorted(await indexed(stack, "testo"))


async def test_nothing_is_written_after_the_deletion_of_an_index(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither by an item that comes late, nor by a run during the deletion."""
    await deliver(stack, 0, TEXTS)
    await search(stack, "testo")
    note = WordIndex.note

    async def late(self: WordIndex, *arguments: Any) -> None:
        with contextlib.suppress(NotFoundError):
            await stack.store.delete(INBOX_WORDS, CITIZEN, STATE_ID)
        await note(self, *arguments)

    monkeypatch.setattr(WordIndex, "note", late)
    await stack.drain()
    await stack.app.inbox.index(ITEM)

    assert await index_size(stack) == 0


@pytest.mark.parametrize("cause", ["age", "rules"])
async def test_an_old_index_begins_anew(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, cause: str
) -> None:
    """After a year, and by a version with other rules; meanwhile messages are examined."""
    ids = await deliver(stack, 1, [RARE, *TEXTS])
    await with_index(stack)
    await stack.store.delete(INBOX_WORDS, CITIZEN, ids[0])
    assert await found(stack, "singolare") == []
    if cause == "age":
        stack.clock.advance(LIFE)
    else:
        monkeypatch.setattr(word_index, "RULES", word_index.RULES + 1)

    assert [ids[0]] == await found(stack, "singolare")
    await stack.drain()
    assert [ids[0]] == await indexed(stack, "singolare")
