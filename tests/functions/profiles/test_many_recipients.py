"""One call tells for many citizens whether they can be reached."""

import random
import time
from collections.abc import Sequence
from itertools import product
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY, SENDER_KEY, SERVICE_ID
from lib.domain.services.service import Group
from tests.builders.profiles import with_activation, with_new_profile, with_preference
from tests.builders.services import with_groups, with_service
from tests.doubles.counted_stack import CountedStack
from tests.stack import Reply, Stack

SEEDED = (
    CITIZEN,
    "RSSMRA80A01H501U",
    "INBOFF00A00A000A",
    "BLOCKD00A00A000A",
    "MANUAL00A00A000A",
    "NOREMI00A00A000A",
    "NOPROF00A00A000A",
)


async def find(stack: Stack, codes: Sequence[str], key: str = SENDER_KEY) -> Reply:
    """Ask for the citizens in one call."""
    return await stack.call("find_recipients", {"fiscal_codes": list(codes)}, key=key)


async def one_by_one(stack: Stack, codes: Sequence[str], key: str = SENDER_KEY) -> list[Any]:
    """Return what the single calls answer, in the form of the call about many."""
    answers = [await stack.call("find_recipient", {"fiscal_code": one}, key=key) for one in codes]
    return [
        {
            "fiscal_code": code,
            "status": reply.status,
            **(reply.body if reply.status == 200 else {}),
        }
        for code, reply in zip(codes, answers, strict=True)
    ]


def a_code(number: int) -> str:
    """Return a fiscal code that no other number has."""
    letters = "".join(chr(ord("A") + number // 26**place % 26) for place in range(6))
    return f"{letters}00A00A000A"


@pytest.mark.parametrize("key", [SENDER_KEY, LIMITED_KEY])
async def test_each_answer_is_that_of_a_single_call(stack: Stack, key: str) -> None:
    """Order and repetitions are those of the request."""
    codes = [*SEEDED, CITIZEN, *reversed(SEEDED)]

    reply = await find(stack, codes, key)

    assert reply.status == 200
    assert reply.body["recipients"] == await one_by_one(stack, codes, key)


async def test_a_key_that_writes_to_nobody_learns_nothing(stack: Stack) -> None:
    """Each citizen is forbidden, and no citizen is looked up."""
    key = await with_groups(stack, Group.LIMITED_PROFILE_READ)

    reply = await find(stack, SEEDED, key)

    assert {tuple(one.items())[1:] for one in reply.body["recipients"]} == {(("status", 403),)}


@pytest.mark.parametrize("category", ["STANDARD", "SPECIAL"])
async def test_modes_choices_and_activations_count(stack: Stack, category: str) -> None:
    """In each combination the answer is that of a single call."""
    await with_service(stack, category=category)
    combinations = product(
        (True, False), ("LEGACY", "AUTO", "MANUAL"), (None, (0, True), (0, False), (7, True)),
        (None, "ACTIVE", "INACTIVE"),
    )  # fmt: skip
    codes = []
    for number, (inbox, mode, choice, active) in enumerate(combinations):
        codes.append(code := a_code(number))
        settings = {"mode": mode, "version": 0}
        blocked = {SERVICE_ID: ["INBOX"]} if number % 2 else {}
        await with_new_profile(
            stack,
            code,
            is_inbox_enabled=inbox,
            service_preferences_settings=settings,
            blocked_inbox_or_channels=blocked,
            preferred_languages=["de_DE"],
        )
        if choice is not None:
            version, wanted = choice
            flags = ("is_inbox_enabled", "is_email_enabled", "is_webhook_enabled")
            await with_preference(stack, code, version=version, **dict.fromkeys(flags, wanted))
        if active is not None:
            await with_activation(stack, active, citizen=code)
    random.Random(12).shuffle(codes)

    reply = await find(stack, codes)

    assert reply.body["recipients"] == await one_by_one(stack, codes)


async def test_wrong_codes_are_named_by_their_places(stack: Stack) -> None:
    """The refusal names at most 100 of them, and nothing is answered."""
    reply = await find(stack, [CITIZEN, "x", CITIZEN, "RSSMRA80A01H501"])

    assert (reply.status, reply.body["title"]) == (400, "Invalid FiscalCodes")
    named = [one["pointer"] for one in reply.body["errors"]]
    assert named == ["/fiscal_codes/1", "/fiscal_codes/3"]
    assert len((await find(stack, ["x"] * 500)).body["errors"]) == 100


@pytest.mark.parametrize("count", [0, 10_001])
async def test_too_few_and_too_many_are_refused(stack: Stack, count: int) -> None:
    """A call is about 1 to 10,000 citizens."""
    reply = await find(stack, [CITIZEN] * count)

    rule = "at most 10000 items" if count else "at least 1 item"
    fault = {
        "pointer": "/fiscal_codes",
        "code": "TOO_MANY" if count else "TOO_FEW",
        "detail": f"must have {rule}",
    }
    assert (reply.status, reply.body["errors"]) == (400, [fault])


async def test_a_call_counts_by_its_size(stack: Stack) -> None:
    """Each 100 citizens count as one call of the limit, and a call beyond it gets 429."""
    groups = (Group.LIMITED_PROFILE_READ, Group.MESSAGE_WRITE)
    key = await with_groups(stack, *groups, call_limit=None)
    codes = [a_code(number) for number in range(7_500)]

    first = await find(stack, codes[:7_401], key)
    second = await find(stack, codes, key)
    refused = await find(stack, codes[:200], key)

    assert first.headers["RateLimit-Remaining"] == "75"
    assert (second.status, second.headers["RateLimit-Remaining"]) == (200, "0")
    assert refused.status == 429
    assert "Retry-After" in refused.headers


async def test_a_call_counts_for_the_whole_limit_at_most(stack: Stack) -> None:
    """A subscription with a low limit can still ask about 10,000 citizens."""
    key = await with_groups(stack, Group.LIMITED_PROFILE_READ, call_limit=7)

    reply = await find(stack, [CITIZEN] * 10_000, key)

    assert (reply.status, reply.headers["RateLimit-Remaining"]) == (200, "0")


async def test_ten_thousand_citizens_take_few_reads(
    counted: CountedStack, request: pytest.FixtureRequest, record_property: Any
) -> None:
    """10,000 look-ups are at most one read each, and take a part of the three seconds."""
    if "wire" in request.node.callspec.id:
        pytest.skip("the emulator searches all documents for each key")
    codes = [a_code(number) for number in range(10_000)]
    for code in codes[::2]:
        await with_new_profile(counted, code)
    counted.reset()
    begun = time.perf_counter()

    reply = await find(counted, codes)

    record_property("seconds", time.perf_counter() - begun)
    assert [one["status"] for one in reply.body["recipients"]] == [200, 404] * 5_000
    assert counted.documents["read_many"] == 20
    assert sum(counted.documents.values()) <= 30
    # their access logs
    assert counted.queues == {"put": 5}


async def test_a_few_citizens_take_few_requests(counted: CountedStack) -> None:
    """On each stack, seven citizens take at most seven requests."""
    reply = await find(counted, SEEDED)

    assert reply.status == 200
    assert sum(counted.documents.values()) <= len(SEEDED)
