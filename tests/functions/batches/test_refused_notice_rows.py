"""Rows with instalments that become no notice: their numbers are in use, or nobody is reached."""

from datetime import UTC, datetime
from typing import Final

import pytest

from tests.builders.payment_notices import cancel, inbox, send, tell
from tests.builders.profiles import OTHER_CITIZEN, with_new_profile
from tests.builders.services import with_service
from tests.functions.batches.batch_calls import (
    CONTENT,
    ask,
    checked,
    sent,
    state,
    table,
    with_citizens,
)
from tests.functions.batches.notice_rows import (
    FIRST,
    HEADER,
    INSTALMENTS,
    OF_FIRST_PART,
    OF_SECOND_PART,
    RPT_ID,
    SECOND,
    WHOLE,
    in_parts,
    results,
    single,
)
from tests.functions.payment_notices.in_parts import until
from tests.functions.payment_notices.strangers import squat
from tests.stack import Stack
from tests.stored import is_number_taken, stored_message, stored_notice

CASES: Final = {
    "the same notice": ("single", "ALREADY_SENT"),
    "a cancelled notice": ("cancelled", "CANCELLED"),
    "an instalment's number of a cancelled notice": ("other cancelled", "CANCELLED"),
    "an instalment's number": ("other", "ALREADY_SENT"),
    "a message": ("message", "ALREADY_SENT"),
    "a payment": ("paid", "ALREADY_PAID"),
    "a cancelled payment": ("payment cancelled", "CANCELLED"),
}


@pytest.mark.parametrize(("case", "reason"), CASES.values(), ids=CASES)
async def test_a_number_in_use_is_refused(stack: Stack, case: str, reason: str) -> None:
    """The check counts it and asks; the row is refused, and writes nothing."""
    await with_citizens(stack)
    match case:
        case "single":
            await send(stack, single())
        case "cancelled":
            await send(stack, single())
            await cancel(stack, RPT_ID)
        case "other":
            await send(stack, {**single(whole=False), "fiscal_code": SECOND})
        case "other cancelled":
            parts = [INSTALMENTS[0], {**INSTALMENTS[1], "notice_number": WHOLE[0]}]
            await send(stack, {**single(whole=False), "instalments": parts})
            await cancel(stack, OF_FIRST_PART)
        case "message":
            data = {"amount": 8450, "notice_number": WHOLE[0]}
            await stack.deliver(content={"payment_data": data})
        case "paid":
            await tell(stack, rpt_id=RPT_ID)
        case "payment cancelled":
            await tell(stack, "CANCELLED", rpt_id=RPT_ID)
    await stack.drain()
    before = len(await inbox(stack, FIRST))
    id_ = await checked(stack, [in_parts()], header=HEADER)
    assert (await state(stack, id_))["check"]["counts"] == {reason: 1}
    assert (await ask(stack, "send_batch", id_, {"accept_doubts": True})).status == 202
    await stack.drain()
    assert await results(stack, id_) == [("REJECTED", reason)]
    assert (await state(stack, id_))["progress"]["reasons"] == {reason: 1}
    assert len(await inbox(stack, FIRST)) == before
    if case in {"message", "paid", "payment cancelled"}:
        assert not await is_number_taken(stack, RPT_ID)
        assert not await is_number_taken(stack, OF_SECOND_PART)


async def test_a_number_that_is_used_after_the_check(stack: Stack) -> None:
    """The rules count once more when the row is sent."""
    await with_citizens(stack)
    id_ = await checked(stack, [in_parts()], header=HEADER)
    await send(stack, {**single(whole=False), "fiscal_code": SECOND})
    await stack.drain()
    await ask(stack, "send_batch", id_)
    await stack.drain()
    assert await results(stack, id_) == [("REJECTED", "ALREADY_SENT")]
    assert not await is_number_taken(stack, RPT_ID)


async def test_a_due_date_that_passed_since_the_check(stack: Stack) -> None:
    """As for a single notice."""
    await with_citizens(stack)
    id_ = await checked(stack, [in_parts()], header=HEADER)
    await until(stack, datetime(2027, 3, 1, 12, tzinfo=UTC))
    await ask(stack, "send_batch", id_)
    await stack.drain()
    assert await results(stack, id_) == [("REJECTED", "DUE_DATE_PAST")]
    assert not await is_number_taken(stack, RPT_ID)


async def test_an_instalment_above_the_limit(stack: Stack) -> None:
    """The limit of the service holds for each sum of a row."""
    await with_citizens(stack)
    await with_service(stack, max_allowed_payment_amount=4224)
    id_ = await checked(stack, [in_parts(whole=False)], header=HEADER)
    assert (await state(stack, id_))["check"]["counts"] == {"AMOUNT_TOO_HIGH": 1}
    await ask(stack, "send_batch", id_)
    await stack.drain()
    assert await results(stack, id_) == [("REJECTED", "AMOUNT_TOO_HIGH")]


async def test_the_payee_s_own_service_wins(stack: Stack) -> None:
    """A row takes the number of another service's notice, as a single notice does."""
    await with_citizens(stack)
    _, lost = await squat(stack, notice_number=WHOLE[0])
    await stack.drain()
    id_ = await sent(stack, [in_parts(SECOND)], header=HEADER)
    assert await results(stack, id_) == [("SENT", "")]
    (item,) = await inbox(stack, SECOND)
    assert (await stored_notice(stack, RPT_ID)).message_id == item["id"]
    assert (await stored_message(stack, lost, OTHER_CITIZEN)).payment_status == "CANCELLED"


async def test_a_second_batch_of_the_same_list(stack: Stack) -> None:
    """Nobody gets a notice twice, whatever the service does with second messages."""
    await with_citizens(stack)
    rows = [in_parts(), [SECOND, *[""] * 9]]
    await sent(stack, rows[:1], header=HEADER)
    id_ = await checked(stack, rows, header=HEADER)
    assert (await state(stack, id_))["check"]["doubts"] == ["SENT_BEFORE"]
    await ask(stack, "send_batch", id_, {"accept_doubts": True})
    await stack.drain()
    assert await results(stack, id_) == [("REJECTED", "ALREADY_SENT"), ("SENT", "")]
    assert len(await inbox(stack, FIRST)) == 1


async def test_a_text_that_leaves_no_room_for_the_sums(stack: Stack) -> None:
    """The check refuses the row, and not one without instalments."""
    await with_citizens(stack)
    content = {**CONTENT, "markdown": "x" * 6001}
    rows = [in_parts(), [SECOND, *[""] * 9]]
    id_ = await checked(stack, rows, header=HEADER, content=content)
    assert (await state(stack, id_))["check"]["good"] == 1
    (problem,) = (await ask(stack, "list_batch_problems", id_)).body["items"]
    assert (problem["code"], problem["field"], problem["row"]) == ("WRONG_LENGTH", "markdown", 1)


async def test_an_unreached_citizen_has_no_notice(stack: Stack) -> None:
    """The numbers stay free, and a later batch sends them."""
    id_ = await sent(stack, [in_parts(SECOND)], header=HEADER)
    assert await results(stack, id_) == [("REJECTED", "USER_NOT_FOUND")]
    assert not await is_number_taken(stack, RPT_ID)
    assert not await is_number_taken(stack, OF_SECOND_PART)
    await with_citizens(stack)
    again = await sent(stack, [in_parts(SECOND)], header=HEADER)
    assert await results(stack, again) == [("SENT", "")]


async def test_a_citizen_who_blocks_the_service_tells_no_language(stack: Stack) -> None:
    """The sender may read a rejected message."""
    blocked = {"blocked_inbox_or_channels": {}, "is_inbox_enabled": False}
    await with_new_profile(stack, FIRST, preferred_languages=["fr_FR"], **blocked)
    id_ = await sent(stack, [in_parts()], header=HEADER)
    assert await results(stack, id_) == [("REJECTED", "SERVICE_NOT_ALLOWED")]
    (one,) = await table(stack, "read_batch_results_file", id_)
    assert (await stored_message(stack, one["message_id"], FIRST)).language is None
