"""A message may name the configurations of its service's organisation, or of its account."""

import pytest

from infra.local.sandbox.seed import MANAGE_KEY, SENDER_KEY
from lib.domain.services.service import Group
from tests.builders.messages import a_message
from tests.builders.remote_content import a_configuration, call, create
from tests.builders.services import (
    CONFIGURATION_ID,
    with_configuration,
    with_groups,
    with_manage_key,
)
from tests.stack import Stack

OTHER = "99999999990"
GROUPS = (Group.MESSAGE_WRITE, Group.THIRD_PARTY_MESSAGE_WRITE)


async def send(stack: Stack, id_: str, key: str = SENDER_KEY) -> int:
    """Return the status of a message with remote content."""
    third_party = {"id": "1", "configuration_id": id_}
    message = a_message(content={"third_party_data": third_party})
    return (await stack.call("submit_message", message, key=key)).status


async def test_a_service_uses_its_organisation_s_configuration(stack: Stack) -> None:
    """The account of the service's key is another one than that of the manage key."""
    id_ = await create(stack, a_configuration(), MANAGE_KEY)

    assert await send(stack, id_) == 201


async def test_an_account_uses_its_configuration_for_another_organisation(stack: Stack) -> None:
    """As in IO, the account that made the configuration may use it for all its services."""
    manager = await with_manage_key(stack, user_id="u")
    id_ = await create(stack, a_configuration(), manager)
    same_account = await with_groups(stack, *GROUPS, organization_fiscal_code=OTHER)

    assert await send(stack, id_, same_account) == 201


async def test_an_intermediary_uses_a_configuration_for_its_organisation_alone(
    stack: Stack,
) -> None:
    """A configuration that was made by delegation is the organisation's, and not the account's."""
    manager = await with_manage_key(stack, user_id="u", on_behalf=True)
    id_ = await create(stack, a_configuration(), manager)
    same_account = await with_groups(stack, *GROUPS, organization_fiscal_code=OTHER)

    assert await send(stack, id_, same_account) == 403
    assert await send(stack, id_) == 201


async def test_a_stranger_may_not_use_a_configuration(stack: Stack) -> None:
    """Neither the account nor the organisation is that of the configuration."""
    id_ = await create(stack, a_configuration(), await with_manage_key(stack, organization=OTHER))

    assert await send(stack, id_) == 403


@pytest.mark.parametrize(("account", "status"), [(f"user-of-{SENDER_KEY}", 201), ("u", 403)])
async def test_a_configuration_of_version_2026_11_serves_its_account(
    stack: Stack, account: str, status: int
) -> None:
    """Version 2026.11 stored an id and an account, without an organisation."""
    await with_configuration(stack, account)

    assert await send(stack, CONFIGURATION_ID) == status


async def test_a_configuration_of_version_2026_11_gets_content_and_an_organisation(
    stack: Stack,
) -> None:
    """Its first replacement stores its content; then the organisation's services may use it."""
    account = f"user-of-{MANAGE_KEY}"
    await with_configuration(stack, account)
    before = await call(stack, "read", CONFIGURATION_ID, key=MANAGE_KEY)
    stranger = await with_manage_key(stack)
    refused = await call(stack, "replace", CONFIGURATION_ID, a_configuration(), key=stranger)

    reply = await call(stack, "replace", CONFIGURATION_ID, a_configuration(), key=MANAGE_KEY)

    assert (before.status, refused.status, reply.status) == (404, 403, 204)
    read = (await call(stack, "read", CONFIGURATION_ID, key=stranger)).body
    assert (read["user_id"], read["name"]) == (account, "Fascicolo")
    listed = await stack.call("list_remote_content_configurations", key=MANAGE_KEY)
    assert [one["configuration_id"] for one in listed.body["rcConfigList"]] == [CONFIGURATION_ID]
    assert await send(stack, CONFIGURATION_ID) == 201
