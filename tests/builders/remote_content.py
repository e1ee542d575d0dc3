"""Configurations of remote content, as senders send them."""

from typing import Any, Final

from tests.stack import Reply, Stack

UNKNOWN_ID: Final = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
TEST_USER: Final = "RSSMRA80A01H501U"
PROD_KEY: Final = "the key of prod"
TEST_KEY: Final = "the key of test"


def an_environment(base_url: str, key: str, **changes: Any) -> dict[str, Any]:
    """Return an environment with a key; `changes` are members of details_authentication."""
    details = {"header_key_name": "X-Api-Key", "key": key, "type": "API-KEY", **changes}
    return {"base_url": base_url, "details_authentication": details}


def a_configuration(**changes: Any) -> dict[str, Any]:
    """Return a configuration with both environments."""
    return {
        "name": "Fascicolo",
        "description": "Il fascicolo del cittadino",
        "has_precondition": "ALWAYS",
        "disable_lollipop_for": [],
        "is_lollipop_enabled": False,
        "test_environment": {
            **an_environment("https://prova.comune.example/io", TEST_KEY),
            "test_users": [TEST_USER],
        },
        "prod_environment": an_environment("https://comune.example/io/", PROD_KEY),
        **changes,
    }


async def create(stack: Stack, body: dict[str, Any], key: str) -> str:
    """Create a configuration, and return its id."""
    reply = await stack.call("create_remote_content_configuration", body, key=key)
    assert reply.status == 201, reply
    id_: str = reply.body["configuration_id"]
    return id_


async def call(stack: Stack, name: str, id_: str, body: Any = None, *, key: str) -> Reply:
    """Call the endpoint `name`_remote_content_configuration for one configuration."""
    path = {"configurationId": id_}
    return await stack.call(f"{name}_remote_content_configuration", body, path=path, key=key)
