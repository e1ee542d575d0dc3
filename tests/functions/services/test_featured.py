"""Operators choose the institutions and services that stand in front of the catalogue."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, OPERATOR_KEY, ORGANIZATION, SERVICE_ID
from tests.builders.managed_services import Manager
from tests.builders.settings import settings_for
from tests.stack import Reply, Stack

CHOSEN = {"institutions": ["99999999990", ORGANIZATION], "services": ["unknown", SERVICE_ID]}


@pytest.fixture
async def fresh(tmp_path: Path) -> AsyncIterator[Stack]:
    """Give a stack that remembers nothing of the catalogue."""
    stack = await Stack(tmp_path, settings_for(tmp_path, sender_cache_seconds=0)).start()
    yield stack
    await stack.app.close()


async def put(stack: Stack, body: Any) -> Reply:
    """Choose what stands in front."""
    return await stack.call("change_featured", body, key=OPERATOR_KEY)


async def shown(stack: Stack) -> tuple[Any, Any]:
    """Return what citizens see in front."""
    institutions = await stack.call("find_featured_institutions", citizen=CITIZEN)
    services = await stack.call("find_featured_services", citizen=CITIZEN)
    return institutions.body["institutions"], services.body["services"]


async def test_nothing_stands_in_front_at_first(fresh: Stack) -> None:
    """Both lists are empty."""
    assert await shown(fresh) == ([], [])
    reply = await fresh.call("read_featured", key=OPERATOR_KEY)
    assert reply.body == {"institutions": [], "services": []}


async def test_citizens_see_what_was_chosen_and_is_in_the_catalogue(fresh: Stack) -> None:
    """In the order of the operators."""
    written = await put(fresh, CHOSEN)
    assert (written.status, written.body) == (200, CHOSEN)
    assert (await fresh.call("read_featured", key=OPERATOR_KEY)).body == CHOSEN

    assert await shown(fresh) == (
        [{"id": ORGANIZATION, "name": "Comune di Esempio", "fiscal_code": ORGANIZATION}],
        [
            {
                "id": SERVICE_ID,
                "name": "Tassa sui rifiuti",
                "version": 1,
                "organization_name": "Comune di Esempio",
            }
        ],
    )
    await Manager(fresh).call("unpublish_service", SERVICE_ID)
    assert await shown(fresh) == ([], [])


@pytest.mark.parametrize(
    "body",
    [
        {"institutions": []},
        {"institutions": ["x"], "services": []},
        {"institutions": [], "services": ["a/b"]},
        {"institutions": [ORGANIZATION] * 21, "services": []},
        {"institutions": [], "services": [], "more": 1},
    ],
)
async def test_a_wrong_choice_is_refused(fresh: Stack, body: Any) -> None:
    """And nothing changes."""
    await put(fresh, CHOSEN)

    assert (await put(fresh, body)).status == 400
    assert (await fresh.call("read_featured", key=OPERATOR_KEY)).body == CHOSEN
