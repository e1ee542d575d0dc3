"""When a message asks its citizen to confirm something before it opens."""

from typing import Any

import pytest

from lib.domain.messages.content import Precondition
from lib.ports.senders.hosts import RemoteAnswer
from tests.builders.remote_content import TEST_USER, a_configuration
from tests.doubles.remote_hosts import TEXT, KeptHosts, in_json
from tests.functions.remote_content.reading_calls import deliver, read
from tests.stack import Stack


async def is_asked(stack: Stack) -> bool:
    """Tell whether the list says that the message has a precondition."""
    query = {"enrich_result_data": "true"}
    (listed,) = (await stack.call("list_inbox", query=query, citizen=TEST_USER)).body["items"]
    query = {"public_message": "true"}
    opened = await stack.call(
        "read_message", path={"id": listed["id"]}, query=query, citizen=TEST_USER
    )
    assert opened.body["has_precondition"] is listed["has_precondition"]
    return bool(listed["has_precondition"])


async def mark_read(stack: Stack, id_: str) -> None:
    """Mark the message as read."""
    body = {"change_type": "reading", "is_read": True}
    reply = await stack.call("change_message_status", body, path={"id": id_}, citizen=TEST_USER)
    assert reply.status == 200


@pytest.mark.parametrize(
    ("own", "of_configuration", "before", "after"),
    [
        ("ALWAYS", "NEVER", True, True),
        ("ONCE", "NEVER", True, False),
        ("NEVER", "ALWAYS", False, False),
        (None, "ALWAYS", True, True),
        (None, "ONCE", True, False),
        (None, "NEVER", False, False),
    ],
)
async def test_the_list_says_if_the_app_must_ask(
    trial: tuple[Stack, KeptHosts],
    own: Precondition | None,
    of_configuration: Precondition,
    before: bool,
    after: bool,
) -> None:
    """What the message says goes before what its configuration says; ONCE ends with the reading."""
    stack, hosts = trial
    told: dict[str, Any] = {} if own is None else {"has_precondition": own}
    configuration = a_configuration(has_precondition=of_configuration)
    id_ = await deliver(stack, configuration=configuration, **told)

    assert await is_asked(stack) is before
    assert (await read(stack, "precondition", id_)).status == (200 if before else 204)
    await mark_read(stack, id_)
    assert await is_asked(stack) is after
    # the app's list may be older than the reading, and 204 is a failure to it
    assert (await read(stack, "precondition", id_)).status == (200 if before else 204)
    assert len(hosts.calls) == (2 if before else 0)


async def test_a_later_change_of_the_configuration_is_for_later_messages(
    trial: tuple[Stack, KeptHosts],
) -> None:
    """A message keeps what was in force at its acceptance."""
    stack, _ = trial
    await deliver(stack, configuration=a_configuration(has_precondition="ALWAYS"))
    (item,) = (await stack.call("list_inbox", citizen=TEST_USER)).body["items"]
    read_back = await stack.call("read_message", path={"id": item["id"]}, citizen=TEST_USER)
    id_ = read_back.body["content"]["third_party_data"]["configuration_id"]
    key = "sandbox-manage-key"
    changed = await stack.call(
        "replace_remote_content_configuration",
        a_configuration(has_precondition="NEVER"),
        path={"configurationId": id_},
        key=key,
    )
    assert changed.status == 204

    assert await is_asked(stack) is True


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (RemoteAnswer(204, "", b""), 204),
        (in_json({"title": "Prima di aprire"}), 500),
        (in_json({"title": "", "markdown": TEXT}), 500),
        (RemoteAnswer(200, "application/json", b""), 500),
    ],
)
async def test_a_host_may_have_no_precondition(
    trial: tuple[Stack, KeptHosts], answer: RemoteAnswer, status: int
) -> None:
    """Without a content the app opens the message; half a precondition is a fault of the host."""
    stack, hosts = trial
    hosts.answers["precondition"] = answer
    id_ = await deliver(stack)

    assert (await read(stack, "precondition", id_)).status == status
