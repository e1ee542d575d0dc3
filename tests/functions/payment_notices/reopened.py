"""A cancelled notice, for the tests of its reopening."""

from datetime import timedelta
from typing import Any

from tests.builders.payment_notices import (
    cancel,
)
from tests.functions.payment_notices.shown import (
    sent,
)
from tests.stack import Stack


async def cancelled(stack: Stack, **changes: Any) -> str:
    """Send a notice and cancel it; return the id of its message."""
    id_ = await sent(stack, **{"instalments": None, **changes})
    stack.clock.advance(timedelta(minutes=1))
    assert (await cancel(stack)).status == 200
    await stack.drain()
    return id_
