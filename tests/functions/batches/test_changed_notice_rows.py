"""The payment notice of a row is amended, cancelled and reopened as any other."""

import pytest

from lib.domain.shared.identifiers import RptId
from tests.builders.payment_notices import cancel, inbox, reopen, send
from tests.functions.batches.batch_calls import TEXT, sent, with_citizens
from tests.functions.batches.notice_rows import (
    FIRST,
    HEADER,
    INSTALMENTS,
    OF_FIRST_PART,
    OF_SECOND_PART,
    RPT_ID,
    in_parts,
    opened,
    single,
)
from tests.functions.payment_notices.in_parts import IN_MAY, until
from tests.stack import Stack
from tests.stored import stored_payment


@pytest.mark.parametrize("whole", [True, False])
async def test_a_notice_of_a_batch_is_amended(stack: Stack, *, whole: bool) -> None:
    """Other sums keep the text of the batch; a description takes its place."""
    await with_citizens(stack)
    rpt_id = RPT_ID if whole else OF_FIRST_PART
    await sent(stack, [in_parts(whole=whole)], header=HEADER)
    body = {name: value for name, value in single(whole=whole).items() if name != "fiscal_code"}
    body.pop("notice_number", None)
    parts = [INSTALMENTS[0], {**INSTALMENTS[1], "amount_cents": 5000}]
    reply = await stack.call(
        "amend_payment_notice",
        {**body, "instalments": parts, "version": 1},
        path={"rpt_id": rpt_id},
    )
    assert (reply.status, reply.body["changed"]) == (200, ["instalments"])
    id_ = reply.body["message_id"]
    text = (await opened(stack, id_))["markdown"]
    assert text.startswith(TEXT)
    assert "2. 50,00\xa0€" in text
    assert (await stored_payment(stack, OF_SECOND_PART)).amount == 5000

    reply = await stack.call(
        "amend_payment_notice",
        {**body, "instalments": parts, "description": "Un'altra *cosa*.", "version": 2},
        path={"rpt_id": rpt_id},
    )
    text = (await opened(stack, id_))["markdown"]
    assert TEXT not in text
    assert "altra \\*cosa\\*" in text


async def test_a_notice_of_a_batch_is_cancelled_and_reopened(stack: Stack) -> None:
    """All its payments are, and its reminders end."""
    await with_citizens(stack)
    await sent(stack, [in_parts()], header=HEADER)
    assert (await cancel(stack, RPT_ID)).status == 200
    await stack.drain()
    (item,) = await inbox(stack, FIRST)
    assert item["payment_status"] == "CANCELLED"
    for one in (RPT_ID, OF_FIRST_PART, OF_SECOND_PART):
        assert (await stored_payment(stack, one)).status == "CANCELLED"
    await until(stack, IN_MAY)
    assert not await stack.app.payment_notices.submit_instalment(RptId(OF_SECOND_PART))
    assert (await reopen(stack, RPT_ID)).status == 200
    await stack.drain()
    text = (await opened(stack, item["id"]))["markdown"]
    assert text.startswith(TEXT)


async def test_the_same_notice_alone_repeats_the_row(stack: Stack) -> None:
    """A sender who submits the notice of a row once more changes nothing."""
    await with_citizens(stack)
    await sent(stack, [in_parts()], header=HEADER)
    reply = await send(stack, single())
    assert reply.status == 200
    assert reply.body["version"] == 1
    await stack.drain()
    assert len(await inbox(stack, FIRST)) == len(stack.push.sent) == 1
