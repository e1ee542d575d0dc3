"""Withdrawals that are refused."""

from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY
from lib.domain.shared.identifiers import MessageId
from tests.builders.payment_notices import a_notice
from tests.functions.messages.withdrawal_calls import REASON, withdraw
from tests.stack import Stack
from tests.stored import stored_message


async def test_another_service_may_not_withdraw(stack: Stack) -> None:
    """A message of another service is not withdrawn."""
    id_ = await stack.deliver()

    reply = await withdraw(stack, id_, key=LIMITED_KEY)

    assert reply.status == 403
    assert (await stored_message(stack, id_)).withdrawal is None


async def test_a_message_that_does_not_exist(stack: Stack) -> None:
    """An unknown id gets 404, and so does a text that is no id."""
    for id_ in ("01J0000000000000000000000A", "x"):
        assert (await withdraw(stack, id_)).status == 404


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "x" * 501}, {"reason": "\u200b"},
                                  {"reason": REASON, "reasons": 1}])  # fmt: skip
async def test_a_wrong_body_names_its_field(stack: Stack, body: dict[str, Any]) -> None:
    """The reason must be a text that can be read."""
    path = {"fiscal_code": CITIZEN, "id": MessageId("01J0000000000000000000000A")}
    reply = await stack.call("withdraw_message", body, path=path)

    assert reply.status == 400
    assert reply.body["errors"][0]["pointer"].startswith("/reason")


async def test_the_message_of_a_payment_notice_is_cancelled_with_it(stack: Stack) -> None:
    """The notice decides about its messages."""
    id_ = (await stack.call("submit_payment_notice", a_notice())).body["message_id"]

    reply = await withdraw(stack, id_)

    assert (reply.status, reply.body["title"]) == (409, "Message of a payment notice")
