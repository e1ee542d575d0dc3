"""Messages and payments at the older paths of IO's app, beside the senders' operations."""

import azure.functions as func
import pytest

from functions.declared import ELSEWHERE, ENDPOINTS
from infra.local.http.routes import Router
from infra.local.sandbox.seed import CITIZEN, SENDER_KEY
from tests.builders.payments import RPT_ID
from tests.stack import Stack

PAIRS = [
    ("list_inbox", "/api/v1/messages"),
    ("read_message", "/api/v1/messages/{id}"),
    ("change_message_status", "/api/v1/messages/{id}/message-status"),
    ("read_payment_info", "/api/v1/payment-info/{rptId}"),
]


@pytest.mark.parametrize(("name", "path"), PAIRS)
def test_an_older_path_is_served_by_the_same_operation(name: str, path: str) -> None:
    """With the same policy, parameters and answers."""
    endpoints = {one.name: one for one in ENDPOINTS}
    older, present = endpoints[f"{name}_v1"], endpoints[name]

    assert older.path == path
    for part in ("policy", "handler", "query", "body", "answers", "refusals", "parameters"):
        assert getattr(older, part) == getattr(present, part)


async def test_the_app_reads_and_archives_at_the_older_paths(stack: Stack) -> None:
    """The same message, and the same flags."""
    id_ = await stack.deliver()
    listed = await stack.call("list_inbox_v1", citizen=CITIZEN)
    assert [one["id"] for one in listed.body["items"]] == [id_]
    body = {"change_type": "bulk", "is_archived": True, "is_read": True}
    changed = await stack.call("change_message_status_v1", body, path={"id": id_}, citizen=CITIZEN)
    assert changed.body == {"is_read": True, "is_archived": True}
    query = {"public_message": "true"}
    read = await stack.call("read_message_v1", path={"id": id_}, query=query, citizen=CITIZEN)
    assert read.body["is_archived"] is True
    unknown = await stack.call("read_payment_info_v1", path={"rptId": RPT_ID}, citizen=CITIZEN)
    assert unknown.status in {404, 503}


@pytest.mark.parametrize(
    ("method", "path", "function"),
    [
        ("GET", "/api/v1/messages", "list_inbox_v1"),
        ("POST", "/api/v1/messages", "submit_message"),
        ("GET", f"/api/v1/messages/{CITIZEN}", "read_message_v1"),
        ("POST", f"/api/v1/messages/{CITIZEN}", "submit_message_to"),
        ("GET", f"/api/v1/messages/{CITIZEN}/01J0000000000000000000000A", "read_sent_message"),
        ("PUT", "/api/v1/messages/01J/message-status", "change_message_status_v1"),
        ("GET", f"/api/v1/messages/{CITIZEN}/message-status", "read_sent_message"),
    ],
)
def test_the_method_decides_whose_operation_it_is(method: str, path: str, function: str) -> None:
    """Also where a path of the app and one of the senders have the same form."""
    router: Router[str] = Router()
    for one in ENDPOINTS:
        router.add(one.path, [each.value for each in one.methods], one.name)

    match = router.find(method, path)

    assert match is not None
    assert match.endpoint == function


async def test_no_key_of_a_sender_opens_the_inbox_and_no_token_sends(stack: Stack) -> None:
    """Both are refused as unknown callers, on the path that they share."""
    id_ = await stack.deliver()
    for name, path in (("list_inbox_v1", {}), ("read_message_v1", {"id": id_})):
        assert (await stack.call(name, path=path, key=SENDER_KEY)).status == 401
    sent = await stack.call("submit_message", {}, citizen=CITIZEN)
    assert sent.status == 401


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/api/v1/messages", {"POST", "GET", "HEAD", "OPTIONS"}),
        ("/api/v1/messages/x", {"POST", "GET", "HEAD", "OPTIONS"}),
        ("/api/v1/messages/x/message-status", {"PUT", "OPTIONS"}),
    ],
)
def test_a_wrong_method_names_those_of_both(path: str, allowed: set[str]) -> None:
    """The right ones are those of the app and of the senders."""
    request = func.HttpRequest("DELETE", f"http://127.0.0.1{path}", body=b"")

    answer = ELSEWHERE.answer(request)

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == allowed
