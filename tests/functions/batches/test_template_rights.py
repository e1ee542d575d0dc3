"""A service's keys see all of its templates, an intermediary those that it made."""

from infra.local.sandbox.seed import LIMITED_KEY, MANAGE_KEY, OPERATOR_KEY, SENDER_KEY, SERVICE_ID
from lib.domain.services.service import Group
from tests.builders.services import with_groups
from tests.functions.batches.template_calls import delete, listed, preview, read, save
from tests.stack import Stack, refusal

WRITE = (Group.MESSAGE_WRITE, Group.MESSAGE_READ)


async def intermediary(stack: Stack, account: str) -> str:
    """Return the key of an intermediary for the sandbox's service."""
    return await with_groups(
        stack, *WRITE, service_id=SERVICE_ID, intermediary=account, key=f"sandbox-key-of-{account}"
    )


async def test_an_intermediary_has_its_own(stack: Stack) -> None:
    """It neither sees nor changes the others; the service sees and changes all."""
    one, other = [await intermediary(stack, account) for account in ("one", "other")]
    await save(stack, "tari")
    await save(stack, "mensa", key=one)

    assert await listed(stack, one) == ["mensa"]
    assert await listed(stack, other) == []
    assert await listed(stack) == ["mensa", "tari"]
    for key, name in ((one, "tari"), (other, "tari"), (other, "mensa")):
        assert (await read(stack, name, key=key)).status == 404
        assert (await read(stack, name, key=key, version=1)).status == 404
        assert (await preview(stack, name, key=key)).status == 404
        assert await delete(stack, name, key) == 404
        assert refusal(await save(stack, name, key=key))[:2] == (409, "Name taken")
    assert (await read(stack, "tari")).body["version"] == 1
    assert (await save(stack, "mensa", subject="Mensa scolastica")).body["version"] == 2
    assert await listed(stack, one) == ["mensa"]
    assert await delete(stack, "mensa", one) == 204
    assert (await save(stack, "mensa", key=other)).status == 409


async def test_a_service_has_its_own(stack: Stack) -> None:
    """Another service may use the same name."""
    other = await with_groups(stack, *WRITE)
    await save(stack)

    assert await listed(stack, other) == []
    assert (await read(stack, key=other)).status == 404
    assert (await save(stack, key=other, subject="Un altro oggetto")).status == 201
    assert (await read(stack)).body["subject"] == "Tassa sui rifiuti {{ anno }}"


async def test_a_key_needs_a_right_about_messages(stack: Stack) -> None:
    """A key that only reads messages reads templates as well, and changes none."""
    reader = await with_groups(stack, Group.MESSAGE_READ, service_id=SERVICE_ID)
    nothing = await with_groups(stack, Group.SERVICE_WRITE, key="sandbox-nothing-key")
    await save(stack)

    assert (
        (await read(stack, key=reader)).status == (await preview(stack, key=reader)).status == 200
    )
    assert (await save(stack, key=reader)).status == await delete(stack, key=reader) == 403
    for key in (nothing, MANAGE_KEY, OPERATOR_KEY):
        assert (await read(stack, key=key)).status == 403
    assert (await save(stack, key=LIMITED_KEY)).status == 201
    assert (await save(stack, key=SENDER_KEY)).status == 200
