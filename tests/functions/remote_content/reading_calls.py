"""Messages with remote content, and a citizen's calls about them."""

from typing import Any, Final

from infra.local.sandbox.seed import MANAGE_KEY, SENDER_KEY
from lib.domain.shared.identifiers import MessageId
from tests.builders.messages import a_message
from tests.builders.remote_content import TEST_USER, a_configuration, create
from tests.stack import Reply, Stack

WITH_ALL: Final = {"has_attachments": True, "has_remote_content": True}


async def deliver(
    stack: Stack,
    *,
    configuration: dict[str, Any] | None = None,
    configuration_id: str | None = None,
    citizen: str = TEST_USER,
    key: str = SENDER_KEY,
    variants: dict[str, Any] | None = None,
    attachments: list[str] | None = None,
    **third_party: Any,
) -> MessageId:
    """Deliver a message with remote content, and return its id."""
    if configuration_id is None:
        configuration_id = await create(stack, configuration or a_configuration(), MANAGE_KEY)
    told = {"id": "a/b", "configuration_id": configuration_id, **WITH_ALL, **third_party}
    content = {"third_party_data": told} | ({} if variants is None else {"variants": variants})
    files = {} if attachments is None else {"attachments": attachments}
    body = a_message(fiscal_code=citizen, feature_level_type="ADVANCED", content=content, **files)
    reply = await stack.call("submit_message", body, key=key)
    assert reply.status == 201, reply
    await stack.drain()
    return MessageId(reply.body["id"])


async def read(
    stack: Stack,
    part: str,
    id_: str,
    *,
    url: str = "allegati/1.pdf",
    citizen: str = TEST_USER,
    **call: Any,
) -> Reply:
    """Call an endpoint read_remote_`part` as the app does."""
    path = {"id": id_} | ({"attachment_url": url} if part.startswith("attachment") else {})
    return await stack.call(f"read_remote_{part}", path=path, citizen=citizen, **call)
