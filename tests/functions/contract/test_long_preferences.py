"""The header Prefer has a greatest length."""

import pytest

from functions.http.contract.prefer import MOST_PREFERENCES
from infra.local.sandbox.seed import CITIZEN
from tests.stack import Stack, refusal


@pytest.mark.parametrize(("more", "status"), [(0, 200), (1, 400)])
async def test_a_long_prefer_is_refused(stack: Stack, more: int, status: int) -> None:
    """The refusal names the header; a text of the greatest length is accepted."""
    id_ = await stack.submit()
    prefer = "include=warnings,".ljust(MOST_PREFERENCES + more, "x")

    reply = await stack.call(
        "read_sent_message", path={"fiscal_code": CITIZEN, "id": id_}, headers={"prefer": prefer}
    )

    assert reply.status == status
    if status == 400:
        assert refusal(reply)[1] == "Invalid Prefer"
        assert reply.body["errors"][0]["pointer"] == "#/headers/Prefer"
