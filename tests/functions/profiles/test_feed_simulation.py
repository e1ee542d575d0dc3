"""A reader that follows the feed day by day knows whom its service reaches.

The days are random. A citizen makes one change a day: IO's algebra leaves out a citizen whose
choice and whose profile change in opposite ways on one day.
"""

import random
from datetime import timedelta

import pytest

from infra.local.sandbox.seed import SENDER_KEY, SERVICE_ID
from lib.domain.services.service import Group
from tests.builders.profiles import with_new_profile
from tests.builders.services import with_groups
from tests.functions.profiles.feed_calls import choose, feed, hashed, mode, update
from tests.stack import Stack

CITIZENS = ("RSSMRA80A01H501U", "NOREMI00A00A000A", "MANUAL00A00A000A", "INBOFF00A00A000A")
LEGACY = "LEGACY00A00A000A"
OTHER_SERVICE = "another-service"
DAYS = 25


async def reached(stack: Stack, key: str) -> set[str]:
    """Return the hashes of the citizens whom a message of the key's service would reach."""
    codes = [*CITIZENS, LEGACY]
    reply = await stack.call("find_recipients", {"fiscal_codes": codes}, key=key)
    recipients = reply.body["recipients"]
    return {hashed(one["fiscal_code"]) for one in recipients if one.get("sender_allowed")}


async def change(stack: Stack, citizen: str, draw: random.Random) -> None:
    """Make one random change of the citizen's settings."""
    profile = (await stack.call("read_profile", citizen=citizen)).body
    is_legacy = profile["service_preferences_settings"]["mode"] == "LEGACY"
    kind = draw.choice(("inbox", "mode", "choice", "choice", "choice"))
    if kind == "inbox":
        await update(stack, citizen, is_inbox_enabled=not profile["is_inbox_enabled"])
    elif kind == "mode" and draw.random() < (0.2 if is_legacy else 1):
        await mode(stack, draw.choice(("AUTO", "MANUAL")), citizen)
    elif is_legacy:
        blocked = draw.sample((SERVICE_ID, OTHER_SERVICE), draw.randrange(3))
        lists = {service_id: ["INBOX"] for service_id in blocked}
        await update(stack, citizen, blocked_inbox_or_channels=lists)
    else:
        service_id = draw.choice((SERVICE_ID, OTHER_SERVICE))
        await choose(stack, inbox=draw.random() < 0.5, citizen=citizen, service_id=service_id)


@pytest.mark.parametrize("seed", range(4))
async def test_a_reader_knows_whom_its_service_reaches(stack: Stack, seed: int) -> None:
    """Of two services, through all modes, choices and inboxes."""
    draw = random.Random(seed)
    other = await with_groups(
        stack,
        Group.SUBSCRIPTIONS_FEED_READ,
        Group.MESSAGE_WRITE,
        Group.LIMITED_PROFILE_READ,
        service_id=OTHER_SERVICE,
    )
    legacy = {"mode": "LEGACY", "version": -1}
    await with_new_profile(stack, LEGACY, service_preferences_settings=legacy)
    known = {key: await reached(stack, key) for key in (SENDER_KEY, other)}
    changes = 0
    for _ in range(DAYS):
        day = stack.clock.moment.date().isoformat()
        for citizen in (*CITIZENS, LEGACY):
            await change(stack, citizen, draw)
        for key, before in known.items():
            subscribed, unsubscribed = await feed(stack, day, key)
            assert not set(subscribed) & set(unsubscribed)
            known[key] = (before | set(subscribed)) - set(unsubscribed)
            changes += len(subscribed) + len(unsubscribed)
            assert known[key] == await reached(stack, key), (day, seed)
        stack.clock.moment += timedelta(hours=9)

    assert changes > DAYS
