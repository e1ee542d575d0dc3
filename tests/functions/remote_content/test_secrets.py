"""Secrets of configurations are stored encrypted, kept by a mask, and survive a rotation."""

from pathlib import Path
from typing import Any

import pytest

from infra.local.sandbox.seed import MANAGE_KEY, ORGANIZATION
from lib.domain.remote_content.errors import SecretLostError
from lib.ports.schema.senders import REMOTE_CONTENT
from lib.repositories.remote_content.secret_box import SecretBox
from tests.builders.remote_content import (
    PROD_KEY,
    TEST_KEY,
    a_configuration,
    an_environment,
    call,
    create,
)
from tests.builders.settings import settings_for
from tests.stack import Stack, refusal
from tests.stored import stored_text

MASK = "********"
PROD = "/prod_environment/details_authentication/key"
TEST = "/test_environment/details_authentication/key"
ELSEWHERE = an_environment("https://another.example/io", MASK)


async def secrets(stack: Stack, id_: str) -> dict[str, str]:
    """Return the secrets of a stored configuration in clear."""
    configurations = stack.app.repositories.remote_content_configurations
    stored = await configurations.get(ORGANIZATION, id_)
    assert stored is not None
    return configurations.opened(stored, stored.sealed)


async def test_a_secret_is_stored_encrypted(stack: Stack) -> None:
    """The stored text has no secret; the app can decrypt it."""
    id_ = await create(stack, a_configuration(), MANAGE_KEY)

    text = await stored_text(stack, REMOTE_CONTENT, ORGANIZATION, id_)
    assert PROD_KEY not in text
    assert TEST_KEY not in text
    assert await secrets(stack, id_) == {PROD: PROD_KEY, TEST: TEST_KEY}


async def test_a_mask_keeps_the_stored_secret(stack: Stack) -> None:
    """A configuration that is read and sent back stays usable; a new key replaces the old one."""
    id_ = await create(stack, a_configuration(), MANAGE_KEY)
    read = (await call(stack, "read", id_, key=MANAGE_KEY)).body
    sent = {name: value for name, value in read.items() if not name.endswith("_id")}
    sent["prod_environment"] = an_environment("https://comune.example/elsewhere", "a new key")

    assert (await call(stack, "replace", id_, sent, key=MANAGE_KEY)).status == 204

    assert await secrets(stack, id_) == {PROD: "a new key", TEST: TEST_KEY}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"prod_environment": ELSEWHERE}, "must be sent again, since the host of"),
        (
            {"prod_environment": an_environment("https://comune.example.org/io", MASK)},
            "must be sent again, since the host of",
        ),
    ],
)
async def test_a_mask_does_not_send_a_secret_to_another_host(
    stack: Stack, changes: dict[str, Any], rule: str
) -> None:
    """Otherwise a person could learn a secret that they may not read."""
    id_ = await create(stack, a_configuration(), MANAGE_KEY)

    reply = await call(stack, "replace", id_, a_configuration(**changes), key=MANAGE_KEY)

    assert reply.status == 400
    assert [one["pointer"] for one in reply.body["errors"]] == [PROD]
    assert reply.body["errors"][0]["detail"].startswith(rule)
    assert (await secrets(stack, id_))[PROD] == PROD_KEY


async def test_a_mask_without_a_stored_secret_is_refused(stack: Stack) -> None:
    """A new configuration, and an environment that is new, have no secret to keep."""
    masked = a_configuration(prod_environment=ELSEWHERE)
    created = await stack.call("create_remote_content_configuration", masked, key=MANAGE_KEY)
    first = a_configuration()
    del first["prod_environment"]
    id_ = await create(stack, first, MANAGE_KEY)
    replaced = await call(stack, "replace", id_, masked, key=MANAGE_KEY)

    for reply in (created, replaced):
        assert refusal(reply) == (
            400,
            "Invalid NewRCConfigurationPublic",
            f"{PROD}: must be the secret itself, not {MASK}",
        )


async def test_a_rotation_keeps_secrets_readable(tmp_path: Path) -> None:
    """Under the new secret with the previous one, all secrets open; after that, they do not."""
    before = await Stack(tmp_path).start()
    id_ = await create(before, a_configuration(), MANAGE_KEY)
    old = before.app.settings.remote_content_secret.get_secret_value()
    await before.app.close()
    new = {"remote_content_secret": "sandbox-another-secret"}

    during = Stack(tmp_path, settings_for(tmp_path, **new, remote_content_secret_previous=old))
    assert (await secrets(during, id_))[PROD] == PROD_KEY
    keeps = a_configuration(prod_environment=an_environment("https://comune.example/io", MASK))
    assert (await call(during, "replace", id_, keeps, key=MANAGE_KEY)).status == 204
    second = await create(during, a_configuration(), MANAGE_KEY)
    assert await during.app.remote_content.reseal_secrets() == 0
    await during.app.close()

    after = Stack(tmp_path, settings_for(tmp_path, **new))
    assert (await secrets(after, id_))[PROD] == PROD_KEY
    assert (await secrets(after, second))[PROD] == PROD_KEY
    await after.app.close()


async def test_the_sweep_ends_a_rotation(tmp_path: Path) -> None:
    """The secrets under the previous secret are encrypted anew; configurations stay as they are."""
    before = await Stack(tmp_path).start()
    ids = [await create(before, a_configuration(), MANAGE_KEY) for _ in range(3)]
    shown = await before.call("list_remote_content_configurations", key=MANAGE_KEY)
    old = before.app.settings.remote_content_secret.get_secret_value()
    assert await before.app.remote_content.reseal_secrets() == 0
    await before.app.close()
    new = {"remote_content_secret": "sandbox-another-secret"}
    during = Stack(tmp_path, settings_for(tmp_path, **new, remote_content_secret_previous=old))
    await during.tick()
    assert await during.app.remote_content.reseal_secrets() == 0
    await during.app.close()

    after = Stack(tmp_path, settings_for(tmp_path, **new))

    for id_ in ids:
        assert await secrets(after, id_) == {PROD: PROD_KEY, TEST: TEST_KEY}
    listed = await after.call("list_remote_content_configurations", key=MANAGE_KEY)
    assert listed.body == shown.body
    await after.app.close()


async def test_a_secret_that_is_lost_is_asked_for_again(tmp_path: Path) -> None:
    """The configuration is still listed and messages may name it; new secrets repair it."""
    before = await Stack(tmp_path).start()
    id_ = await create(before, a_configuration(), MANAGE_KEY)
    await before.app.close()

    after = Stack(tmp_path, settings_for(tmp_path, remote_content_secret="sandbox-another-secret"))
    masked = a_configuration(prod_environment=an_environment("https://comune.example/io", MASK))
    kept = await call(after, "replace", id_, masked, key=MANAGE_KEY)
    trial = {"id": "1", "fiscal_code": "RSSMRA80A01H501U"}
    tried = await call(after, "test", id_, trial, key=MANAGE_KEY)

    assert [(one.status, one.body["title"]) for one in (kept, tried)] == [
        (409, "Secret not readable")
    ] * 2
    assert (await call(after, "read", id_, key=MANAGE_KEY)).status == 200
    assert (await call(after, "replace", id_, a_configuration(), key=MANAGE_KEY)).status == 204
    await after.app.close()


async def test_without_a_secret_no_configuration_is_made(tmp_path: Path) -> None:
    """The installation says that it is not set up for remote content; reading works."""
    stack = await Stack(tmp_path, settings_for(tmp_path, remote_content_secret="")).start()

    reply = await stack.call(
        "create_remote_content_configuration", a_configuration(), key=MANAGE_KEY
    )
    listed = await stack.call("list_remote_content_configurations", key=MANAGE_KEY)

    assert (reply.status, reply.body["title"]) == (409, "Remote content is not set up")
    assert listed.body == {"rcConfigList": []}
    await stack.app.close()


def test_a_sealed_secret_opens_at_its_own_place_alone() -> None:
    """A person who can write to the store cannot copy it into their own configuration."""
    box = SecretBox(b"a secret")
    sealed = box.seal("one", PROD, PROD_KEY)

    assert box.open("one", PROD, sealed) == PROD_KEY
    for other in (("two", PROD), ("one", TEST)):
        with pytest.raises(SecretLostError):
            box.open(*other, sealed)
    with pytest.raises(SecretLostError):
        SecretBox(b"another secret").open("one", PROD, sealed)
