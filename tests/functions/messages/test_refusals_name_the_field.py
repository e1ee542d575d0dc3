"""A refusal names the field that a person has to correct."""

import re
from typing import Any

import pytest

from functions.declared import CONSUMERS, ENDPOINTS
from functions.http.pa.services import endpoints as services
from infra.local.sandbox.seed import CITIZEN, MANAGE_KEY, OPERATOR_KEY, PAYMENTS_KEY
from lib.ports.queueing.names import QUEUES
from tests.builders.messages import a_message
from tests.builders.payment_notices import a_notice
from tests.stack import Stack, refusal


@pytest.mark.parametrize("character", ["\n", "\0", "\x7f", "\x85", "\u2028"])
@pytest.mark.parametrize("name", ["submit_message", "submit_payment_notice"])
async def test_a_subject_is_one_line(stack: Stack, name: str, character: str) -> None:
    """A control character in the subject is refused with its place."""
    subject = f"Tassa sui{character}rifiuti"
    body = (
        a_message(content={"subject": subject})
        if name == "submit_message"
        else a_notice(subject=subject)
    )

    reply = await stack.call(name, body)

    assert reply.status == 400
    (fault,) = reply.body["errors"]
    assert fault["pointer"].endswith("/subject")
    assert "character 10" in fault["detail"]


IO_OPERATIONS = {
    *("submit_message", "submit_message_to", "read_sent_message", "find_recipient"),
    *("read_recipient", "list_inbox", "read_message", "change_message_status"),
    *("read_profile", "update_profile", "request_email_validation", "read_payment_info"),
    *("read_service_preference", "change_service_preference"),
    *("register_installation", "remove_installation"),
    *("find_activation", "change_activation", "read_subscriptions_feed", "set_organization_logo"),
    *("list_remote_content_configurations", "create_remote_content_configuration"),
    *("read_remote_content_configuration", "replace_remote_content_configuration"),
    *("read_send_activation", "change_send_activation", "ping", "read_info", "read_backend_status"),
    *("request_user_data", "read_user_data_request", "abort_user_data_request"),
    *("read_remote_message", "read_remote_precondition", "read_remote_attachment"),
    *("read_session", "log_out", "read_catalog_service"),
    *("find_institutions", "find_institution_services"),
    *("find_featured_institutions", "find_featured_services"),
}


UNCHECKED = {
    *("show_unsubscribe", "show_validate_email", "do_unsubscribe", "do_validate_email"),
    "take_translation",
}
"""Mail programs and browsers may add what they like to a link."""

OF_STANDARDS = {
    *("begin_login", "finish_login", "exchange_token", "revoke_token", "end_session"),
    *("show_logged_out", "list_signing_keys", "list_relying_party_keys"),
    *("read_authorization_server", "read_openid_provider", "read_entity_configuration"),
}
"""OAuth and OpenID Connect: a server must ignore parameters that it does not know."""


def test_every_api_of_ours_refuses_unknown_fields() -> None:
    """Recapito's own operations refuse unknown fields, and IO's ignore them with a warning."""
    names = {one.name for one in ENDPOINTS if not one.is_ours}
    theirs = {one.removesuffix("_v1").removesuffix("_v2") for one in names}
    managing = {one.name for one in services.ENDPOINTS}

    # the dry run takes and refuses what the submission does
    assert theirs - managing == IO_OPERATIONS | UNCHECKED | OF_STANDARDS | {"dry_run_message"}


@pytest.mark.parametrize(
    ("name", "body", "key", "place"),
    [
        ("change_reminder_policy", {"hours": 9}, MANAGE_KEY, ("/hours", "hour")),
        (
            "update_payment",
            {"event_id": "x", "ocurred_at": "x", "outcome": "PAID"},
            PAYMENTS_KEY,
            ("/ocurred_at", "occurred_at"),
        ),
        ("update_payments", {"update": []}, PAYMENTS_KEY, ("/update", "updates")),
        (
            "update_payments",
            {"updates": [{"rpt": 1}, 5]},
            PAYMENTS_KEY,
            ("/updates/0/rpt", "rpt_id"),
        ),
    ],
)
async def test_our_own_apis_name_the_likely_field(
    stack: Stack, name: str, body: dict[str, Any], key: str, place: tuple[str, str]
) -> None:
    """A misspelt field is named before the missing field that it stands for."""
    path = {"rpt_id": "01234567890302000000000000184"}

    reply = await stack.call(name, body, key=key, path=path)

    assert reply.status == 400
    assert reply.body["errors"] == [
        {
            "pointer": place[0],
            "code": "UNKNOWN_FIELD",
            "detail": f"unknown field: did you mean {place[1]}?",
        }
    ]


async def test_our_own_apis_refuse_an_unknown_query_parameter(stack: Stack) -> None:
    """An unknown parameter gets 400, since the answer would be for another question."""
    reply = await stack.call("read_payment_statistics", query={"form": "2026-11-01"})

    assert refusal(reply)[:2] == (400, "Invalid query parameters")
    (fault,) = reply.body["errors"]
    assert fault == {
        "pointer": "#/query/form",
        "code": "UNKNOWN_PARAMETER",
        "detail": "unknown query parameter: did you mean from?",
    }


JARGON = re.compile(r"Input|pattern|\^|\$|discriminator|instance of|tag |dictionary|mapping|model")


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("submit_message", {"body": []}),
        ("submit_message", {"body": {"content": 5, "fiscal_code": 5, "time_to_live": "x"}}),
        ("submit_message", {"body": a_message(feature_level_type="X", default_addresses=5)}),
        ("submit_message", {"body": a_message(content={"payment_data": {"amount": 0}})}),
        ("submit_message", {"body": a_message(content={"due_date": "x"})}),
        ("submit_message", {"body": a_message(), "headers": {"idempotency-key": "à"}}),
        ("submit_message", {"body": a_message(reminders={"days": "x", "holidays_of": 5})}),
        ("find_recipient", {"body": {"fiscal_code": "x"}}),
        ("submit_payment_notice", {"body": a_notice(payee="x", instalments={})}),
        ("change_message_status", {"body": {"change_type": "x"}, "citizen": CITIZEN}),
        ("change_message_status", {"body": {}, "citizen": CITIZEN}),
        ("change_message_status", {"body": 5, "citizen": CITIZEN}),
        ("update_profile", {"body": {"version": 1.5, "quiet_hours": 5}, "citizen": CITIZEN}),
        (
            "update_profile",
            {
                "body": {"version": 0, "quiet_hours": {"from": "25", "to": None}},
                "citizen": CITIZEN,
            },
        ),
        ("list_inbox", {"query": {"page_size": "101", "maximum_id": "x"}, "citizen": CITIZEN}),
        ("read_payment_info", {"path": {"rptId": "x"}, "citizen": CITIZEN}),
        (
            "change_reminder_policy",
            {"body": {}, "headers": {"if-match": "x"}, "key": MANAGE_KEY},
        ),
    ],
)
async def test_refusals_speak_to_a_person(stack: Stack, name: str, call: dict[str, Any]) -> None:
    """The errors have no words of the validator and no regular expression."""
    path = {"id": "01J0000000000000000000000A", **call.pop("path", {})}

    reply = await stack.call(name, call.pop("body", None), path=path, **call)

    assert (reply.status, bool(reply.body["errors"])) == (400, True), reply.body
    for fault in reply.body["errors"]:
        assert not JARGON.search(fault["detail"]), fault
        assert fault["pointer"] or call.get("citizen") or name == "submit_message"


async def test_a_bad_header_is_named(stack: Stack) -> None:
    """A wrong header is named."""
    reply = await stack.call("submit_message", a_message(), headers={"idempotency-key": "a b"})

    assert reply.body["errors"] == [
        {
            "pointer": "#/headers/Idempotency-Key",
            "code": "INVALID",
            "detail": "must be 1 to 255 visible ASCII characters",
        }
    ]


async def test_a_401_names_the_header(stack: Stack) -> None:
    """A 401 names the header of the sender's key or of the citizen's token."""
    sender = await stack.call("submit_message", a_message(), key=None)
    citizen = await stack.call("list_inbox", key=None)

    assert sender.body["errors"][0]["pointer"] == "#/headers/Ocp-Apim-Subscription-Key"
    assert citizen.body["errors"][0]["pointer"] == "#/headers/Authorization"


async def test_dead_letters_of_a_queue_that_does_not_exist(stack: Stack) -> None:
    """A wrong queue gets 404 with the names of the queues."""
    name = {"queue": "message-submited"}

    listed = await stack.call("list_dead_letters", path=name, key=OPERATOR_KEY)
    replayed = await stack.call(
        "replay_dead_letter", path={**name, "id": "0" * 32}, key=OPERATOR_KEY, body=b""
    )

    for reply in (listed, replayed):
        assert refusal(reply)[:2] == (404, "Queue not found")
        assert all(queue in reply.body["detail"] for queue in QUEUES)
    await stack.app.operations.keep_dead_letter("message-submitted", "{}", None)
    index = await stack.call("count_dead_letters", key=OPERATOR_KEY)
    counted = {one["queue"]: (one["count"], one["is_more"]) for one in index.body["items"]}
    assert counted == dict.fromkeys(QUEUES, (0, False)) | {"message-submitted": (1, False)}


def test_every_queue_is_in_the_list() -> None:
    """The list of dead letters has every queue with a consumer."""
    assert set(QUEUES) == {consumer.queue for consumer in CONSUMERS}
