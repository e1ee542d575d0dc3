"""Delivered messages end after the days that the operator has set."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from infra.local.sandbox.seed import CITIZEN
from lib.domain.shared.identifiers import MessageId
from lib.domain.shared.values import timestamp
from lib.repositories.messages.messages import Messages
from tests.builders.payments import a_payment
from tests.builders.profiles import with_profile
from tests.builders.settings import settings_for
from tests.doubles.clock import START
from tests.functions.batches.batch_calls import CONTENT, sent
from tests.functions.messages.inbox_calls import change, page
from tests.functions.messages.variant_calls import VARIANTS
from tests.functions.personal_data.scans import places_of
from tests.stack import Stack
from tests.stored import stored_message

DAYS = timedelta(days=365)
END = timestamp(START + DAYS)
DUE = "2028-06-30T22:00:00Z"
DUE_END = "2028-09-28T22:00:00.000Z"


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    """Yield an app that keeps messages for a year."""
    stack = Stack(tmp_path, settings_for(tmp_path, message_retention_days=DAYS.days))
    yield await stack.start()
    await stack.app.close()


async def item(stack: Stack, id_: str, **query: str) -> dict[str, Any]:
    """Return a message of the list."""
    items = (await page(stack, enrich_result_data="true", **query))["items"]
    return next(one for one in items if one["id"] == id_)


async def statuses(stack: Stack, id_: MessageId) -> tuple[int, int]:
    """Return the answers to the citizen and to the sender who read the message."""
    read = await stack.call("read_message", path={"id": id_}, citizen=CITIZEN)
    path = {"fiscal_code": CITIZEN, "id": id_}
    return read.status, (await stack.call("read_sent_message", path=path)).status


@pytest.mark.parametrize("place", ["inbox", "archive", "bin", "removed"])
async def test_a_message_ends_wherever_it_is(stack: Stack, tmp_path: Path, place: str) -> None:
    """Nothing of its content is left, nor the name in its payment; apps are told of its end."""
    content = {"payment_data": a_payment(), "subject": "Un oggetto particolare"}
    id_ = await stack.deliver(content=content, about={"kind": "VEHICLE", "label": "Panda"})
    assert (await item(stack, id_))["kept_until"] == END
    await change(stack, id_, change_type="starring", is_starred=True)
    if place == "archive":
        await change(stack, id_, change_type="archiving", is_archived=True)
    if place in {"bin", "removed"}:
        if place == "bin":
            stack.clock.advance(DAYS - timedelta(days=1))
        await change(stack, id_, change_type="binning", is_binned=True)
    if place == "removed":
        stack.clock.advance(timedelta(days=31))
        await stack.app.inbox.empty_bins()
    stack.clock.moment = START + DAYS - timedelta(seconds=1)
    assert await stack.app.personal_data.expire_messages() == 0
    assert (await statuses(stack, id_))[1] == 200
    followed = await stack.call("list_inbox_changes", citizen=CITIZEN)

    stack.clock.advance(timedelta(seconds=1))
    assert await stack.app.personal_data.expire_messages() == 1
    assert await stack.app.personal_data.expire_messages() == 0

    assert await statuses(stack, id_) == (404, 404)
    for query in ({}, {"archived": "true"}, {"binned": "true"}):
        assert not (await page(stack, **query))["items"]
    assert not places_of(tmp_path, "Un oggetto particolare")
    assert not places_of(tmp_path, "Panda")
    assert "payments" not in places_of(tmp_path, CITIZEN)
    token = {"since": followed.body["token"]}
    told = await stack.call("list_inbox_changes", query=token, citizen=CITIZEN)
    assert [(one["id"], one["removed"]) for one in told.body["items"]] == [(id_, True)]
    stack.clock.advance(timedelta(days=31))
    assert await Messages(stack.store).find(CITIZEN, id_) is None


async def test_a_due_date_keeps_a_message(stack: Stack) -> None:
    """It is kept beyond the due date, in each language and with its reminders, as is a row."""
    await with_profile(stack, languages=["de_DE"])
    content = {"due_date": DUE, "variants": VARIANTS}
    id_ = await stack.deliver(content=content, reminders={"days_before": [7]})
    assert (await item(stack, id_))["kept_until"] == DUE_END

    await sent(stack, [(CITIZEN,)], content=CONTENT)
    newest = (await page(stack, enrich_result_data="true"))["items"][0]
    assert newest["kept_until"] > END


async def test_a_withdrawn_message_does_not_occupy_the_sweep(stack: Stack) -> None:
    """It ends by its time to live."""
    id_ = await stack.deliver()
    stack.clock.advance(DAYS - timedelta(days=1))
    path = {"fiscal_code": CITIZEN, "id": id_}
    assert (await stack.call("withdraw_message", {"reason": "-"}, path=path)).status == 200
    stack.clock.advance(timedelta(days=1))

    assert await stack.app.personal_data.expire_messages() == 1
    assert await stack.app.personal_data.expire_messages() == 0
    assert (await stored_message(stack, id_)).status == "WITHDRAWN"


async def test_a_longer_setting_counts_for_what_is_there(stack: Stack, tmp_path: Path) -> None:
    """The date moves at the former end, and 0 removes nothing."""
    id_ = await stack.deliver()
    await stack.app.close()

    for days, found, kept in ((0, 0, END), (400, 1, timestamp(START + timedelta(days=400)))):
        later = await Stack(tmp_path, settings_for(tmp_path, message_retention_days=days)).start()
        later.clock.advance(DAYS)
        assert await later.app.personal_data.expire_messages() == found
        assert (await item(later, id_))["kept_until"] == kept
        await later.app.close()


def test_a_short_time_is_refused(tmp_path: Path) -> None:
    """Messages are kept for a year at least."""
    with pytest.raises(ValidationError, match="MESSAGE_RETENTION_DAYS"):
        settings_for(tmp_path, message_retention_days=30)
