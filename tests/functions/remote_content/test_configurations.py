"""An organisation creates, lists, reads and replaces its configurations of remote content."""

import pytest

from infra.local.sandbox.seed import MANAGE_KEY
from tests.builders.remote_content import (
    PROD_KEY,
    TEST_KEY,
    UNKNOWN_ID,
    a_configuration,
    an_environment,
    call,
    create,
)
from tests.builders.services import with_manage_key
from tests.stack import Stack, refusal

PATH = "/api/v1/messages-sending/remote-contents/configurations"
MASK = "********"


async def listed(stack: Stack, key: str = MANAGE_KEY) -> list[str]:
    """Return the ids of the organisation's configurations."""
    reply = await stack.call("list_remote_content_configurations", key=key)
    assert reply.status == 200
    return [one["configuration_id"] for one in reply.body["rcConfigList"]]


async def test_a_new_configuration_is_answered_without_its_secrets(stack: Stack) -> None:
    """The answer has IO's members, the mask for each secret, and the address in Location."""
    reply = await stack.call(
        "create_remote_content_configuration", a_configuration(), key=MANAGE_KEY
    )

    expected = a_configuration(
        test_environment={
            **an_environment("https://prova.comune.example/io", MASK),
            "test_users": ["RSSMRA80A01H501U"],
        },
        prod_environment=an_environment("https://comune.example/io/", MASK),
    )
    id_ = reply.body["configuration_id"]
    assert (reply.status, reply.body) == (201, {**expected, "configuration_id": id_})
    assert reply.headers["Location"] == f"{PATH}/{id_}"
    read = await call(stack, "read", id_, key=MANAGE_KEY)
    assert (read.status, read.body) == (
        200,
        {**reply.body, "user_id": f"user-of-{MANAGE_KEY}"},
    )


async def test_the_list_has_each_new_configuration_at_once(stack: Stack) -> None:
    """The oldest configuration is first; without a configuration the list is empty."""
    assert await listed(stack) == []

    made = [await create(stack, a_configuration(name=name), MANAGE_KEY) for name in "abc"]

    assert await listed(stack) == made


async def test_a_configuration_needs_no_environment(stack: Stack) -> None:
    """Both environments are optional, as in IO, and absent in the answer."""
    body = {
        name: value for name, value in a_configuration().items() if not name.endswith("environment")
    }

    id_ = await create(stack, body, MANAGE_KEY)

    read = await call(stack, "read", id_, key=MANAGE_KEY)
    assert read.body.keys() == {*body, "configuration_id", "user_id"}


async def test_a_configuration_is_replaced_as_a_whole(stack: Stack) -> None:
    """A member that is left out is gone; a member that IO does not know is a warning."""
    id_ = await create(stack, a_configuration(), MANAGE_KEY)
    body = {**a_configuration(name="new", is_lollipop_enabled=True), "unknown": 1}
    del body["test_environment"]

    reply = await call(stack, "replace", id_, body, key=MANAGE_KEY)

    assert (reply.status, reply.body) == (204, None)
    assert reply.headers["Recapito-Warnings"] == "1"
    read = (await call(stack, "read", id_, key=MANAGE_KEY)).body
    assert (read["name"], read["is_lollipop_enabled"]) == ("new", True)
    assert "test_environment" not in read
    assert await listed(stack) == [id_]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("read", None),
        ("replace", a_configuration()),
        ("test", {"id": "1", "fiscal_code": "RSSMRA80A01H501U"}),
    ],
)
async def test_a_configuration_of_others_is_refused(
    stack: Stack, name: str, body: dict[str, object] | None
) -> None:
    """An unknown id gets 404, the configuration of another organisation 403, in IO's words."""
    id_ = await create(stack, a_configuration(), MANAGE_KEY)
    other = await with_manage_key(stack, organization="99999999990")

    foreign = await call(stack, name, id_, body, key=other)
    unknown = await call(stack, name, UNKNOWN_ID, body, key=MANAGE_KEY)
    malformed = await call(stack, name, "not-a-ulid", body, key=MANAGE_KEY)

    assert refusal(foreign) == (
        403,
        "You are not allowed here",
        "You do not have enough permission to complete the operation you requested",
    )
    assert refusal(unknown) == (
        404,
        "Configuration not found",
        f"Cannot find any configuration with configurationId: {UNKNOWN_ID}",
    )
    assert (malformed.status, malformed.body["title"]) == (400, "Invalid Ulid")
    assert await listed(stack, other) == []
    kept = (await call(stack, "read", id_, key=MANAGE_KEY)).body
    assert kept["name"] == "Fascicolo"


async def test_another_key_of_the_organisation_has_the_same_configurations(stack: Stack) -> None:
    """The organisation owns its configurations, and not the account that made them."""
    id_ = await create(stack, a_configuration(), MANAGE_KEY)
    other = await with_manage_key(stack)

    assert await listed(stack, other) == [id_]
    assert (await call(stack, "replace", id_, a_configuration(), key=other)).status == 204
    read = await call(stack, "read", id_, key=other)
    assert read.body["user_id"] == f"user-of-{MANAGE_KEY}"


async def test_no_answer_and_no_stored_text_has_a_secret(stack: Stack) -> None:
    """Secrets are masked in all answers."""
    id_ = await create(stack, a_configuration(), MANAGE_KEY)

    answers = [
        await call(stack, "read", id_, key=MANAGE_KEY),
        await stack.call("list_remote_content_configurations", key=MANAGE_KEY),
    ]

    for answer in answers:
        assert PROD_KEY not in str(answer.body)
        assert TEST_KEY not in str(answer.body)
