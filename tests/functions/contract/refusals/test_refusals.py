"""Every refusal of IO's API for administrations, with its status, title and detail.

The rows follow the sections 1.1 to 1.9 of the reference on IO's contract. A row says how to provoke
the refusal; where our answer is another one on purpose, the row says which and why.
"""

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from functions.declared import ENDPOINTS
from tests.builders.settings import settings_for
from tests.functions.contract.refusals import (
    feed,
    gateway,
    older_and_remote,
    recipients,
    services,
    submissions,
)
from tests.functions.contract.refusals.rows import GATEWAY_SECRET, Refusal
from tests.stack import Stack

ROWS: Final[tuple[Refusal, ...]] = (
    *gateway.ROWS,
    *submissions.ROWS,
    *recipients.ROWS,
    *feed.ROWS,
    *services.ROWS,
    *older_and_remote.ROWS,
)
SUBMISSION_ROWS: Final = 17
"""The rows of the table of section 1.2."""


@pytest.fixture
async def gated(tmp_path: Path) -> AsyncIterator[Stack]:
    """Give a stack that trusts a gateway."""
    stack = await Stack(tmp_path, settings_for(tmp_path, gateway_secret=GATEWAY_SECRET)).start()
    yield stack
    await stack.app.close()


def test_each_section_has_its_rows_once() -> None:
    """Sections 1.1 to 1.9, and each row of the table of submissions."""
    sections = {row.section.split()[0] for row in ROWS}
    assert sections == {f"1.{number}" for number in range(1, 10)}
    numbers = {row.section for row in ROWS if row.section.startswith("1.2 row")}
    assert numbers == {f"1.2 row {number}" for number in range(1, SUBMISSION_ROWS + 1)}
    assert max(Counter(row.name for row in ROWS).values()) == 1


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_row_is_provoked_or_says_why_not(row: Refusal) -> None:
    """A row that awaits an endpoint fails once there is the endpoint."""
    given = (row.ask is not None, bool(row.impossible), bool(row.awaits))
    assert given.count(True) == 1
    assert row.ours is None or row.ask is not None
    if row.awaits:
        assert not [one.path for one in ENDPOINTS if one.path.startswith(row.awaits)]


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.ask is not None], ids=lambda row: row.name
)
async def test_a_refusal_has_io_s_words(gated: Stack, row: Refusal) -> None:
    """Status, title and detail are IO's, or ours on purpose; the body is a problem."""
    assert row.ask is not None

    reply = await row.ask(gated)

    if row.ours is not None:
        assert reply.status == row.ours.status, reply
        assert row.ours.title is None or reply.body["title"] == row.ours.title
        assert row.ours.why
        return
    assert reply.status == row.status, reply
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.body["status"] == row.status
    assert row.title is None or reply.body["title"] == row.title
    assert reply.body["title"]
    assert row.detail is None or reply.body["detail"] == row.detail
    if row.status == 401 or row.section == "1.8":
        assert reply.body["statusCode"] == row.status
        assert reply.body["message"] == row.detail
