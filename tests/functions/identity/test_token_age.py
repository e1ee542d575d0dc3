"""A citizen under the minimum age is refused."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.builders.settings import settings_for
from tests.functions.identity.citizen_tokens import CLAIMS, signed, with_header
from tests.stack import Stack


@pytest.mark.parametrize(
    ("fiscal_code", "born", "status"),
    [
        ("RSSMRA80A01H501U", None, 200),
        ("RSSMRA80A01H501U", "2012-11-24", 403),
        ("RSSMRA80A01H501U", "2012-11-23", 200),
        ("RSSMRA80A01H501U", "2030-01-01", 401),
        ("RSSMRA12S24H501U", None, 403),
        ("RSSMRA12S23H501U", None, 200),
        ("RSSMRA12S64H501U", None, 403),
        ("RSSMRA12S63H501U", None, 200),
        ("RSSMRAMNS24H501U", None, 403),  # M and N stand for 1 and 2
        ("RSSMRAMNSNQH501U", None, 403),
        ("RSSMRAMNSNPH501U", None, 200),
        ("RSSMRA25A01H501U", None, 403),
        ("RSSMRA25A01H501U", "1925-01-01", 200),
        ("RSSMRA25A01H501U", "1925", 403),
        ("RSSMRA25A01H501U", 19250101, 403),
        ("RSSMRA25A01H501U", "1925-13-01", 403),
        ("AAAAAA00A00A000A", None, 401),
    ],
)
async def test_a_citizen_under_14_is_refused(
    stack: Stack, fiscal_code: str, born: Any, status: int
) -> None:
    """The date of birth counts where it is given, else the youngest age of the fiscal code."""
    claims: dict[str, Any] = {**CLAIMS, "fiscal_number": f"TINIT-{fiscal_code}", "birthdate": born}
    if born is None:
        del claims["birthdate"]

    reply = await with_header(stack, f"Bearer {signed(stack, claims)}")

    assert reply.status == status, reply.body
    assert fiscal_code not in str(reply.body)
    if status == 403:
        assert "14" in reply.body["detail"]


async def test_a_birthday_begins_at_midnight_in_rome(stack: Stack) -> None:
    """A birthday begins in Rome an hour or two before it does in UTC."""
    stack.clock.moment = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    claims = {**CLAIMS, "birthdate": "2012-11-24", "exp": stack.clock.moment.timestamp() + 60}

    assert (await with_header(stack, f"Bearer {signed(stack, claims)}")).status == 200


async def test_no_age_is_checked_without_a_minimum(tmp_path: Path) -> None:
    """With CITIZEN_MINIMUM_AGE 0 any age is accepted."""
    stack = await Stack(tmp_path, settings=settings_for(tmp_path, citizen_minimum_age=0)).start()
    claims = {**CLAIMS, "birthdate": "2020-01-01"}

    assert (await with_header(stack, f"Bearer {signed(stack, claims)}")).status == 200
    await stack.app.close()
