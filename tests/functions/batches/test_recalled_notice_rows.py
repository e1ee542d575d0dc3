"""The recall of a batch cancels the payment notices of its rows."""

from datetime import timedelta

import pytest

from lib.ports.errors import UnavailableError
from lib.ports.schema.messages import PAYMENTS
from tests.builders.payment_notices import cancel, inbox, tell
from tests.functions.batches.batch_calls import ask, sent, state, with_citizens
from tests.functions.batches.notice_rows import (
    FIRST,
    HEADER,
    OF_FIRST_PART,
    OF_SECOND_PART,
    RPT_ID,
    SECOND,
    in_parts,
    numbered,
    opened,
    results,
)
from tests.functions.batches.recall_calls import recall
from tests.functions.payment_notices.in_parts import IN_MAY, until
from tests.stack import Stack
from tests.stored import stored_payment

CANCELLED = ("WITHDRAWN", "NOTICE_CANCELLED")


@pytest.mark.parametrize("whole", [True, False])
async def test_a_notice_is_cancelled(stack: Stack, *, whole: bool) -> None:
    """Nothing is to be paid, the message says so, and no later instalment comes."""
    await with_citizens(stack)
    id_ = await sent(stack, [in_parts(whole=whole)], header=HEADER)
    stack.clock.moment += timedelta(hours=1)
    await recall(stack, id_)
    await stack.drain()
    found = await state(stack, id_)
    assert found["status"] == "WITHDRAWN"
    assert found["progress"]["outcomes"] == {"WITHDRAWN": 1}
    assert found["progress"]["reasons"] == {"NOTICE_CANCELLED": 1}
    assert await results(stack, id_) == [CANCELLED]
    (item,) = await inbox(stack, FIRST)
    assert item["payment_status"] == "CANCELLED"
    text = (await opened(stack, item["id"]))["markdown"]
    assert text.startswith("L'ente ha annullato questo avviso di pagamento: non devi pagarlo.")
    for one in [RPT_ID] * whole + [OF_FIRST_PART, OF_SECOND_PART]:
        assert (await stored_payment(stack, one)).status == "CANCELLED"
    await until(stack, IN_MAY)
    assert len(await inbox(stack, FIRST)) == 1


async def test_what_was_paid_or_cancelled_before(stack: Stack) -> None:
    """A paid notice stays; a cancelled one is as if the recall had cancelled it."""
    await with_citizens(stack)
    id_ = await sent(stack, [in_parts(), numbered(SECOND, 1)], header=HEADER)
    await tell(stack, "PAID", RPT_ID)
    (item,) = await inbox(stack, SECOND)
    assert (await cancel(stack, item["category"]["rptId"])).status == 200
    await stack.drain()
    await recall(stack, id_)
    await stack.drain()
    assert await results(stack, id_) == [("NOT_WITHDRAWN", "ALREADY_PAID"), CANCELLED]
    assert (await stored_payment(stack, RPT_ID)).status == "PAID"


async def test_a_part_was_paid(stack: Stack) -> None:
    """The sender sees to whom it owes money; the rest is not to be paid."""
    await with_citizens(stack)
    id_ = await sent(stack, [in_parts()], header=HEADER)
    await tell(stack, "PAID", OF_FIRST_PART)
    await stack.drain()
    await recall(stack, id_)
    await stack.drain()
    assert await results(stack, id_) == [("WITHDRAWN", "PARTLY_PAID")]
    assert (await stored_payment(stack, OF_FIRST_PART)).status == "PAID"
    assert (await stored_payment(stack, OF_SECOND_PART)).status == "CANCELLED"


async def test_an_outage_in_the_middle(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """The notice was cancelled, its payments not yet: the next run completes it."""
    await with_citizens(stack)
    id_ = await sent(stack, [in_parts(), numbered(SECOND, 1)], header=HEADER)

    with monkeypatch.context() as patched:
        replace = stack.store.replace

        async def failing(container: object, *args: object, **named: object) -> object:
            if container is PAYMENTS:
                raise UnavailableError("away")
            return await replace(container, *args, **named)  # type: ignore[arg-type]

        patched.setattr(stack.store, "replace", failing)
        await recall(stack, id_)
        await stack.drain()
        assert (await state(stack, id_))["status"] == "WITHDRAWING"
    stack.clock.moment += timedelta(minutes=2)
    await stack.drain()
    assert await results(stack, id_) == [CANCELLED, CANCELLED]
    for one in (RPT_ID, OF_FIRST_PART, OF_SECOND_PART):
        assert (await stored_payment(stack, one)).status == "CANCELLED"
    again = await ask(stack, "withdraw_batch", id_, {"reason": "Un altro motivo"})
    assert again.body["status"] == "WITHDRAWN"
