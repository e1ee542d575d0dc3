"""Notices of another service under the payee's number, for the tests of them."""

from typing import Any

from lib.domain.services.service import Group
from tests.builders.payment_notices import (
    a_notice,
    send,
)
from tests.builders.payments import PAYEE
from tests.builders.profiles import OTHER_CITIZEN
from tests.builders.services import with_groups
from tests.stack import Stack


async def stranger(stack: Stack) -> str:
    """Return the key of another organisation's service that may name the payee."""
    groups = frozenset(Group) - {Group.LIMITED_MESSAGE_WRITE}
    return await with_groups(
        stack,
        *groups,
        service_id="a-stranger",
        organization_fiscal_code="11111111111",
        authorized_payees=[PAYEE],
    )


async def squat(stack: Stack, **changes: Any) -> tuple[str, str]:
    """Send a stranger's notice under the payee's number; return its key and its message's id."""
    key = await stranger(stack)
    notice = a_notice(payee=PAYEE, fiscal_code=OTHER_CITIZEN, **changes)
    reply = await send(stack, notice, key=key)
    assert reply.status == 201, reply
    return key, reply.body["message_id"]
