"""A citizen reads the content that the sender of a message keeps."""

from pathlib import Path
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, SERVICE_ID
from lib.ports.senders.hosts import RemoteAnswer
from tests.builders.messages import a_message
from tests.builders.remote_content import PROD_KEY, TEST_KEY, TEST_USER
from tests.builders.settings import settings_for
from tests.doubles.remote_hosts import MESSAGE, PRECONDITION, TEXT, KeptHosts, in_json
from tests.functions.remote_content.reading_calls import deliver, read
from tests.stack import Stack

BASE = "https://prova.comune.example/io/messages/a%2Fb"


async def test_a_message_comes_with_the_host_s_content(trial: tuple[Stack, KeptHosts]) -> None:
    """The answer has IO's members; the host learns the citizen by its header alone."""
    stack, hosts = trial
    id_ = await deliver(stack)

    reply = await read(stack, "message", id_)

    assert reply.status == 200, reply
    assert reply.body["third_party_message"] == {
        "attachments": [
            {
                "id": "1",
                "url": "allegati/1.pdf",
                "content_type": "application/pdf",
                "category": "DOCUMENT",
            }
        ],
        "details": MESSAGE["details"],
    }
    opened = await stack.call("read_message", path={"id": id_}, citizen=TEST_USER)
    assert {**reply.body, "third_party_message": None} == {
        **opened.body,
        "third_party_message": None,
    }
    (call,) = hosts.calls
    assert call.url == BASE
    assert call.headers == {"X-Api-Key": TEST_KEY, "fiscal_code": TEST_USER, "Accept": "*/*"}


@pytest.mark.parametrize(
    ("citizen", "host", "key"),
    [(TEST_USER, "prova.comune", TEST_KEY), (CITIZEN, "comune", PROD_KEY)],
)
async def test_a_test_user_gets_the_test_environment(
    trial: tuple[Stack, KeptHosts], citizen: str, host: str, key: str
) -> None:
    """Every other citizen gets the content of the production environment."""
    stack, hosts = trial
    id_ = await deliver(stack, citizen=citizen)

    for part in ("precondition", "message", "attachment"):
        assert (await read(stack, part, id_, citizen=citizen)).status == 200

    for call in hosts.calls:
        assert call.url.startswith(f"https://{host}.example/io/messages/a%2Fb")
        assert (call.headers["X-Api-Key"], call.headers["fiscal_code"]) == (key, citizen)


@pytest.mark.parametrize("details", [{"custom": {"x": 1}, "subject": "Altro"}, None, {}])
async def test_content_that_was_not_announced_is_not_shown(
    trial: tuple[Stack, KeptHosts], details: Any
) -> None:
    """The sender's own subject and text stand in its place; other members are passed on."""
    stack, hosts = trial
    hosts.answers["a%2Fb"] = in_json({**MESSAGE, "details": details})
    id_ = await deliver(stack, has_attachments=False, has_remote_content=False)

    reply = await read(stack, "message", id_)

    assert reply.body["third_party_message"] == {
        "attachments": [],
        "details": {
            **(details or {}),
            "subject": reply.body["content"]["subject"],
            "markdown": reply.body["content"]["markdown"],
        },
    }


LACKING: list[tuple[Any, str]] = [
    ({"details": MESSAGE["details"]}, "ATTACHMENTS_NOT_PRESENT"),
    ({**MESSAGE, "attachments": []}, "ATTACHMENTS_NOT_PRESENT"),
    ({"attachments": MESSAGE["attachments"]}, "REMOTE_CONTENT_NOT_PRESENT"),
    (
        {**MESSAGE, "details": {"subject": "Corto", "markdown": "x"}},
        "MARKDOWN_VALIDATION_ERROR",
    ),
    (
        {**MESSAGE, "details": {"subject": "Corto", "markdown": TEXT}},
        "SUBJECT_VALIDATION_ERROR",
    ),
]


async def test_content_that_lacks_what_was_announced_is_refused(
    trial: tuple[Stack, KeptHosts],
) -> None:
    """With IO's names of the faults."""
    stack, hosts = trial
    id_ = await deliver(stack)
    for answer, detail in LACKING:
        hosts.answers["a%2Fb"] = in_json(answer)

        reply = await read(stack, "message", id_)

        told = reply.status, reply.body["title"], reply.body["detail"]
        assert told == (502, "Bad Gateway", detail)


async def test_the_service_of_send_is_not_held_to_what_it_announced(tmp_path: Path) -> None:
    """Its content has another form, as in IO."""
    hosts = KeptHosts().answer_right()
    settings = settings_for(tmp_path, send_service_id=SERVICE_ID)
    stack = await Stack(tmp_path, settings, remote_content=hosts).start()
    own = {"details": {"iun": "ABCD-1", "recipients": []}}
    hosts.answers["a%2Fb"] = in_json(own)
    id_ = await deliver(stack)

    reply = await read(stack, "message", id_)

    assert reply.body["third_party_message"] == {**own, "attachments": []}
    await stack.app.close()


WRONG = [
    RemoteAnswer(200, "text/html", b"<html>"),
    RemoteAnswer(204, "", b""),
    in_json([MESSAGE]),
    in_json({**MESSAGE, "details": "x"}),
    in_json({**MESSAGE, "attachments": [{"id": "1"}]}),
    in_json({**MESSAGE, "attachments": [{"id": "1", "url": "../1.pdf"}]}),
    RemoteAnswer(200, "application/json", b'{"details": ' + b"[" * 253 + b"]" * 253 + b"}"),
    RemoteAnswer(200, "application/json", b'{"details": {"a": "\\ud800"}}'),
]


async def test_an_answer_of_a_wrong_form_is_the_host_s_fault(
    trial: tuple[Stack, KeptHosts],
) -> None:
    """Nothing of it is repeated."""
    stack, hosts = trial
    id_ = await deliver(stack)
    for hosts.answers["a%2Fb"] in WRONG:
        reply = await read(stack, "message", id_)

        assert reply.status == 500
        assert reply.body["detail"] == "The sender's host gave no message."


async def test_reading_the_content_does_not_mark_the_message_as_read(
    trial: tuple[Stack, KeptHosts],
) -> None:
    """As in IO, the app marks it."""
    stack, _ = trial
    id_ = await deliver(stack)
    await read(stack, "message", id_)

    query = {"enrich_result_data": "true"}
    (listed,) = (await stack.call("list_inbox", query=query, citizen=TEST_USER)).body["items"]

    assert listed["is_read"] is False
    assert listed["has_attachments"] is True


async def test_the_older_paths_have_the_same_content(trial: tuple[Stack, KeptHosts]) -> None:
    """IO's released apps ask for it there."""
    stack, _ = trial
    id_ = await deliver(stack)

    for part in ("precondition", "message", "attachment"):
        present, older = await read(stack, part, id_), await read(stack, f"{part}_v1", id_)
        assert older.status == 200
        assert older.body == present.body


async def test_a_precondition_is_shown(trial: tuple[Stack, KeptHosts]) -> None:
    """With a title and a text."""
    stack, hosts = trial
    id_ = await deliver(stack)

    reply = await read(stack, "precondition", id_)

    assert (reply.status, reply.body) == (200, PRECONDITION)
    assert hosts.calls[0].url == f"{BASE}/precondition"


async def test_a_message_without_remote_content_has_none(trial: tuple[Stack, KeptHosts]) -> None:
    """As in IO, the request is refused and not the message."""
    stack, hosts = trial
    reply = await stack.call("submit_message", a_message(fiscal_code=TEST_USER))
    await stack.drain()

    for part in ("precondition", "message", "attachment"):
        refused = await read(stack, part, reply.body["id"])
        assert (refused.status, refused.body["title"]) == (400, "Bad request")
    assert hosts.calls == []
