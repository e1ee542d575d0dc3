"""Citizens search institutions and services, and read those that are published."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from infra.local.sandbox.seed import CITIZEN, ORGANIZATION, SERVICE_ID
from tests.builders.managed_services import Manager, a_service, approve
from tests.builders.settings import settings_for
from tests.functions.services.catalog_calls import OTHER, another, get, names, read, services_of
from tests.stack import Stack, refusal

SANDBOX = {"id": ORGANIZATION, "name": "Comune di Esempio", "fiscal_code": ORGANIZATION}


@pytest.fixture
async def fresh(tmp_path: Path) -> AsyncIterator[Stack]:
    """Give a stack that remembers nothing of the catalogue."""
    stack = await Stack(tmp_path, settings_for(tmp_path, sender_cache_seconds=0)).start()
    yield stack
    await stack.app.close()


async def test_an_institution_with_a_published_service_is_listed(stack: Stack) -> None:
    """With its services and their details, in IO's shapes."""
    assert await get(stack, "find_institutions") == {
        "institutions": [SANDBOX],
        "offset": 0,
        "limit": 20,
        "count": 1,
    }
    assert await services_of(stack) == {
        "services": [{"id": SERVICE_ID, "name": "Tassa sui rifiuti", "version": 1}],
        "offset": 0,
        "limit": 20,
        "count": 1,
    }
    detail = await read(stack, SERVICE_ID)
    assert (detail.status, detail.body) == (
        200,
        {
            "id": SERVICE_ID,
            "name": "Tassa sui rifiuti",
            "description": "Avvisi e scadenze della tassa sui rifiuti.",
            "organization": {"name": "Comune di Esempio", "fiscal_code": ORGANIZATION},
            "metadata": {
                "scope": "LOCAL",
                "category": "STANDARD",
                "privacy_url": "https://www.comune.example.org/privacy",
                "email": "tributi@comune.example.org",
            },
        },
    )


async def test_the_older_base_serves_the_same(stack: Stack) -> None:
    """Each operation at /api/v2."""
    paths = {
        "find_institutions": {},
        "find_featured_institutions": {},
        "find_institution_services": {"institution_id": ORGANIZATION},
        "find_featured_services": {},
        "read_catalog_service": {"service_id": SERVICE_ID},
    }
    for name, path in paths.items():
        assert await get(stack, name, path) == await get(stack, f"{name}_v2", path)


async def test_a_search_ignores_accents_capitals_and_the_order_of_words(fresh: Stack) -> None:
    """Parts of words are found; a name that begins with the search comes first."""
    await another(fresh, "Città metropolitana di Forlì")
    await another(fresh, "Agenzia per la citta", "22334455667")

    assert await names(fresh, search="FORLI città") == ["Città metropolitana di Forlì"]
    assert await names(fresh, search="metropol") == ["Città metropolitana di Forlì"]
    assert await names(fresh, search="citta") == [
        "Città metropolitana di Forlì",
        "Agenzia per la citta",
    ]
    assert await names(fresh, search="forli esempio") == []
    assert await names(fresh, search=" '' ") == await names(fresh)


async def test_a_scope_and_a_page_narrow_the_list(fresh: Stack) -> None:
    """`count` counts the whole list."""
    await another(fresh, "Agenzia nazionale")

    assert await names(fresh) == ["Agenzia nazionale", "Comune di Esempio"]
    assert await names(fresh, scope="NATIONAL") == ["Agenzia nazionale"]
    assert await names(fresh, scope="LOCAL") == ["Comune di Esempio"]
    page = await get(fresh, "find_institutions", limit="1", offset="1", sessionId="s")
    assert page == {"institutions": [SANDBOX], "offset": 1, "limit": 1, "count": 2}
    beyond = await get(fresh, "find_institutions", offset="9")
    assert (beyond["institutions"], beyond["count"]) == ([], 2)


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "1_0"},
        {"offset": "-1"},
        {"scope": "REGIONAL"},
        {"sessionId": ""},
    ],
)
async def test_a_wrong_query_is_refused(stack: Stack, query: dict[str, str]) -> None:
    """With 400."""
    reply = await stack.call("find_institutions", query=query, citizen=CITIZEN)
    assert reply.status == 400


async def test_an_unknown_institution_has_no_services(stack: Stack) -> None:
    """As in IO, the answer is an empty page."""
    assert (await services_of(stack, "nobody"))["count"] == 0


async def test_the_catalogue_follows_the_life_of_a_service(fresh: Stack) -> None:
    """Only the approved form of a published service is there."""
    manager = Manager(fresh)
    id_ = await manager.create()
    assert (await read(fresh, id_)).status == 404
    await manager.submit(id_)
    await approve(fresh, id_)
    assert (await read(fresh, id_)).status == 404
    assert (await services_of(fresh))["count"] == 1

    await manager.call("publish_service", id_)
    shown = (await services_of(fresh))["services"]
    assert [one["name"] for one in shown] == ["Iscrizione alla mensa", "Tassa sui rifiuti"]
    await manager.call("change_service", id_, a_service(name="Mensa"))
    assert (await read(fresh, id_)).body["name"] == "Iscrizione alla mensa"
    await manager.submit(id_)
    await approve(fresh, id_)
    renamed = (await services_of(fresh))["services"][0]
    assert renamed["name"] == (await read(fresh, id_)).body["name"] == "Mensa"
    assert renamed["version"] > shown[0]["version"]

    await manager.call("unpublish_service", id_)
    assert refusal(await read(fresh, id_))[:2] == (404, "Service not found")
    assert (await services_of(fresh))["count"] == 1
    await manager.call("publish_service", id_)
    assert (await read(fresh, id_)).status == 200
    await manager.call("delete_service", id_)
    assert (await read(fresh, id_)).status == 404
    assert (await services_of(fresh))["count"] == 1


async def test_an_institution_leaves_with_its_last_service(fresh: Stack) -> None:
    """And comes back with the next one."""
    manager = Manager(fresh)
    await manager.call("unpublish_service", SERVICE_ID)
    assert await names(fresh) == []
    await manager.call("publish_service", SERVICE_ID)
    assert await names(fresh) == ["Comune di Esempio"]


async def test_a_suspended_organisation_is_not_in_the_catalogue(fresh: Stack) -> None:
    """Until an operator approves it again."""
    manager = await another(fresh, "Agenzia nazionale")
    (id_,) = [one["id"] for one in (await services_of(fresh, OTHER))["services"]]
    decide = fresh.app.organizations.decide

    await decide.suspend(OTHER, "The key was found.")
    await fresh.drain()
    assert await names(fresh) == ["Comune di Esempio"]
    assert (await read(fresh, id_)).status == 404

    await decide.approve(OTHER)
    await fresh.drain()
    assert (await read(fresh, id_)).status == 200
    assert manager.key


async def test_an_answer_is_downloaded_once(stack: Stack) -> None:
    """The tag changes with the answer."""
    first = await read(stack, SERVICE_ID)
    again = await read(stack, SERVICE_ID, **{"if-none-match": first.headers["ETag"]})
    other = await read(stack, SERVICE_ID, **{"if-none-match": '"x"'})

    assert (again.status, again.body) == (304, None)
    assert other.status == 200
    assert first.headers["Cache-Control"] == "private, max-age=300"
