"""A service says which certificates citizens may ask for."""

from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, SERVICE_ID
from tests.functions.certificates.certificate_calls import NAME, OFFER, save
from tests.stack import Stack


async def offered(stack: Stack) -> list[dict[str, Any]]:
    """Return what the service offers, as a citizen reads it."""
    path = {"service_id": SERVICE_ID}
    reply = await stack.call("list_offered_certificates", path=path, citizen=CITIZEN)
    return list(reply.body["items"])


async def test_a_service_offers_certificates(stack: Stack) -> None:
    """Citizens see them with their forms; another save replaces, and a removal removes."""
    assert await offered(stack) == []
    await save(stack)
    await save(stack, "nascita", title="Certificato di nascita", fields=[])
    await save(stack, days=20)

    birth, residence = await offered(stack)
    assert (birth["name"], residence["name"], residence["days"]) == ("nascita", NAME, 20)
    assert residence["fields"][0] == {
        "name": "motivo",
        "label": "Per quale uso?",
        "is_required": True,
        "max_length": 100,
    }
    listed = await stack.call("list_certificates")
    assert listed.body["items"] == [birth, residence]
    path = {"name": "nascita"}
    assert (await stack.call("remove_certificate", path=path)).status == 204
    assert (await stack.call("remove_certificate", path=path)).status == 404
    assert [one["name"] for one in await offered(stack)] == [NAME]


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": "a\nb"},
        {"days": 0},
        {"days": 91},
        {"fields": [OFFER["fields"][0]] * 2},  # type: ignore[index]
        {"fields": [{"name": "Motivo", "label": "x"}]},
        {"more": 1},
    ],
)
async def test_a_wrong_offer_is_refused(stack: Stack, wrong: dict[str, Any]) -> None:
    """The form has each field once."""
    assert (await save(stack, **wrong)).status == 400
