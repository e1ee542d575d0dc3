"""Clients ask whether a citizen can be reached before they send."""

from itertools import product
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY, MANAGE_KEY, SENDER_KEY, SERVICE_ID
from lib.domain.services.service import Group
from lib.domain.shared.identifiers import FISCAL_CODE_PATTERN
from tests.builders.profiles import with_activation, with_preference, with_profile
from tests.builders.services import with_groups, with_service
from tests.stack import Reply, Stack, refusal
from tests.stored import stored_message

NOT_FOUND = (404, "Profile not found", "The profile you requested was not found in the system.")
FORBIDDEN = (
    403,
    "Recipient forbidden",
    "You are not allowed to issue requests for the recipient.",
)


async def find(stack: Stack, citizen: str = CITIZEN, key: str = SENDER_KEY) -> Reply:
    """Ask for the citizen by both endpoints, whose answers must agree."""
    found = await stack.call("find_recipient", {"fiscal_code": citizen}, key=key)
    read = await stack.call("read_recipient", path={"fiscal_code": citizen}, key=key)
    assert (found.status, found.body) == (read.status, read.body)
    return found


@pytest.mark.parametrize(
    ("citizen", "expected"),
    [
        (CITIZEN, {"sender_allowed": True}),
        ("BLOCKD00A00A000A", {"sender_allowed": False}),
        ("MANUAL00A00A000A", {"sender_allowed": False}),
    ],
)
async def test_a_citizen_with_an_inbox_is_shown(stack: Stack, citizen: str, expected: Any) -> None:
    """The answer is 200, with false for a citizen who does not want the service."""
    reply = await find(stack, citizen)

    assert (reply.status, reply.body) == (200, expected)


async def test_no_profile_and_no_inbox_look_alike(stack: Stack) -> None:
    """A citizen without a profile or inbox gets IO's 404."""
    answers = [await find(stack, one) for one in ("NOPROF00A00A000A", "INBOFF00A00A000A")]

    assert [refusal(one) for one in answers] == [NOT_FOUND, NOT_FOUND]


@pytest.mark.parametrize(
    ("citizen", "languages"), [(CITIZEN, ["de_DE", "it_IT"]), ("BLOCKD00A00A000A", None)]
)
async def test_languages_show_for_a_citizen_who_wants_the_service(
    stack: Stack, citizen: str, languages: Any
) -> None:
    """The languages are in the citizen's order."""
    await with_profile(stack, citizen, preferred_languages=["de_DE", "it_IT"])

    assert (await find(stack, citizen)).body.get("preferred_languages") == languages


@pytest.mark.parametrize(
    ("key", "citizen", "expected"),
    [
        (LIMITED_KEY, "RSSMRA80A01H501U", FORBIDDEN),
        (LIMITED_KEY, "NOPROF00A00A000A", FORBIDDEN),
        (MANAGE_KEY, CITIZEN, None),
    ],
)
async def test_a_key_that_may_not_write_to_a_citizen_may_not_ask(
    stack: Stack, key: str, citizen: str, expected: Any
) -> None:
    """A key gets 403 for a citizen to whom it may not write."""
    reply = await find(stack, citizen, key)

    assert reply.status == 403
    assert expected is None or refusal(reply) == expected


async def test_a_key_that_writes_to_nobody_may_not_ask(stack: Stack) -> None:
    """The 403 has IO's words for a recipient."""
    key = await with_groups(stack, Group.LIMITED_PROFILE_READ)

    assert refusal(await find(stack, key=key)) == FORBIDDEN


async def test_the_limited_key_asks_for_its_own_recipient(stack: Stack) -> None:
    """A limited key may ask for its own recipient."""
    assert (await find(stack, key=LIMITED_KEY)).body == {"sender_allowed": True}


async def test_a_bad_fiscal_code_is_refused_by_name(stack: Stack) -> None:
    """A wrong fiscal code gets IO's title in each form."""
    posted = await stack.call("find_recipient", {"fiscal_code": "x"})
    read = await stack.call("read_recipient", path={"fiscal_code": "x"})

    assert (posted.status, posted.body["title"]) == (400, "Invalid FiscalCodePayload")
    assert posted.body["errors"][0]["pointer"] == "/fiscal_code"
    pattern = f'Invalid string that matches the pattern "{FISCAL_CODE_PATTERN}"'
    assert (read.status, read.body["title"]) == (400, pattern)


@pytest.mark.parametrize(
    ("inbox", "mode", "special"),
    list(product((True, False), ("LEGACY", "AUTO", "MANUAL"), (False, True))),
)
async def test_the_answer_is_the_decision_of_the_fan_out(
    stack: Stack, *, inbox: bool, mode: str, special: bool
) -> None:
    """The answer is the decision of the fan-out in each mode, choice, block and activation."""
    await with_service(stack, category="SPECIAL" if special else "STANDARD")
    choices = (None, (0, True), (0, False), (7, True))
    activations = (None, "ACTIVE", "PENDING", "INACTIVE") if special else (None,)
    for blocked, choice, active in product(({}, {SERVICE_ID: ["INBOX"]}), choices, activations):
        settings = {"mode": mode, "version": 0}
        await with_profile(
            stack,
            is_inbox_enabled=inbox,
            service_preferences_settings=settings,
            blocked_inbox_or_channels=blocked,
        )
        if choice is not None:
            version, wanted = choice
            flags = ("is_inbox_enabled", "is_email_enabled", "is_webhook_enabled")
            await with_preference(stack, CITIZEN, version=version, **dict.fromkeys(flags, wanted))
        if active is not None:
            await with_activation(stack, active)

        answer, id_ = await find(stack), await stack.deliver()

        status = (await stored_message(stack, id_)).status
        reached = answer.status == 200 and answer.body["sender_allowed"]
        assert reached == (status == "PROCESSED"), (blocked, choice, active)
        assert (answer.status == 404) == (not inbox)
