"""A service keeps a bounded number of open batches, and a batch takes a bounded list."""

import pytest

from lib.domain.batches import batch as batches
from lib.domain.batches.recipients.problem import MAX_BYTES
from lib.use_cases.batches import create_batch
from tests.doubles.counted_stack import CountedStack
from tests.functions.batches.batch_calls import (
    CITIZENS,
    CONTENT,
    a_list,
    ask,
    make,
    upload,
    with_citizens,
)
from tests.stack import Reply, Stack, refusal

FULL = (409, "Too many batches")


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a service have two open batches."""
    monkeypatch.setattr(create_batch, "MOST_OPEN", 2)


async def another(stack: Stack, idempotency_key: str = "") -> Reply:
    """Ask for a batch."""
    headers = {"idempotency-key": idempotency_key} if idempotency_key else {}
    body = {"name": "Un altro", "content": CONTENT}
    return await stack.call("create_batch", body, headers=headers)


async def test_a_service_has_a_number_of_open_batches(stack: Stack) -> None:
    """A batch that was cancelled or has finished leaves room for another."""
    await with_citizens(stack)
    first = await make(stack, recipients=[{"cf": CITIZENS[0]}])
    await make(stack)
    refused = await another(stack)
    assert refusal(refused)[:2] == FULL
    assert "2 batches" in refused.body["detail"]

    await stack.drain()
    await ask(stack, "send_batch", first)
    assert (await another(stack)).status == 409
    await stack.drain()
    third = await another(stack)
    assert third.status == 201
    assert (await another(stack)).status == 409
    await ask(stack, "cancel_batch", third.body["id"])
    assert (await another(stack)).status == 201


async def test_a_repeated_request_is_answered_as_the_first(stack: Stack) -> None:
    """Also at the maximum; a key whose request was refused has no batch yet."""
    first = await another(stack, "a")
    second = await another(stack, "b")
    for _ in range(2):
        assert refusal(await another(stack, "c"))[:2] == FULL
    again = await another(stack, "a")
    assert (again.status, again.body["id"]) == (201, first.body["id"])
    assert again.headers["Idempotent-Replay"] == "true"

    await ask(stack, "cancel_batch", second.body["id"])
    assert (await another(stack, "c")).status == 201
    assert (await another(stack)).status == 409


async def test_a_batch_takes_a_number_of_lists(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each list is stored for some time, also one that was replaced."""
    monkeypatch.setattr(batches, "MOST_LISTS", 2)
    id_ = await make(stack)
    content = a_list([[CITIZENS[0]]])
    statuses = [(await upload(stack, id_, content)).status for _ in range(3)]
    assert statuses == [202, 202, 409]


async def test_a_list_has_a_size(stack: Stack) -> None:
    """A longer one is refused before anything of it is stored."""
    id_ = await make(stack)
    reply = await upload(stack, id_, b"cf\r\n" + b"x" * (MAX_BYTES - 3))
    assert (reply.status, reply.body["title"]) == (413, "Payload too large")
    assert (await ask(stack, "read_batch", id_)).body["status"] == "DRAFT"


async def test_a_new_batch_costs_one_count_more(counted: CountedStack) -> None:
    """A count reads the index alone, however many batches the service has."""
    await make(counted)
    counted.reset()
    await make(counted)
    assert counted.documents == counted.searches(counts=1, create=1)
