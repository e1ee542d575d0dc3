"""A key that may not submit a message is refused, in IO's words."""

from typing import Any

import pytest

from functions.http.contract import problems
from functions.http.problems import answer_to
from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY
from lib.domain.services.errors import ProductionForbiddenError
from lib.domain.services.service import Group
from tests.builders.messages import a_message
from tests.builders.payments import a_payment
from tests.builders.services import with_groups
from tests.stack import Stack, refusal

NOT_ALLOWED = "You do not have enough permission to complete the operation you requested"


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (
            None,
            (
                "Access denied due to missing subscription key. Make sure to include subscription "
                "key when making requests to an API."
            ),
        ),
        (
            "wrong",
            (
                "Access denied due to invalid subscription key. Make sure to provide a valid key "
                "for an active subscription."
            ),
        ),
    ],
)
@pytest.mark.parametrize("endpoint", ["submit_message", "submit_message_to", "read_sent_message"])
async def test_a_missing_or_unknown_key_is_refused_as_by_the_gateway(
    stack: Stack, endpoint: str, key: str | None, message: str
) -> None:
    """A missing or unknown key gets the gateway's 401, before the body is read."""
    path = {"fiscal_code": CITIZEN, "id": "01J0000000000000000000000A"}

    reply = await stack.call(endpoint, b"not json", key=key, path=path)

    both = {"statusCode": 401, "message": message, "status": 401, "detail": message}
    (fault,) = reply.body.pop("errors")
    assert fault["pointer"] == "#/headers/Ocp-Apim-Subscription-Key"
    assert (401, {**both, "title": "Unauthorized"}) == (reply.status, reply.body)
    assert reply.headers["content-type"] == "application/problem+json"


async def test_a_key_without_groups_is_refused(stack: Stack) -> None:
    """A key without any group gets IO's 403 about scopes."""
    key = await with_groups(stack)

    reply = await stack.call("submit_message", a_message(), key=key)

    assert refusal(reply) == (
        403,
        "User has no valid scopes",
        (
            "You are not part of any valid scope, you should ask the administrator to give you "
            "the required permissions."
        ),
    )


async def test_a_key_of_other_groups_is_refused(stack: Stack) -> None:
    """A key whose groups may not submit gets 403."""
    key = await with_groups(stack, Group.MESSAGE_READ)

    reply = await stack.call("submit_message", a_message(), key=key)

    assert refusal(reply) == (403, "You are not allowed here", NOT_ALLOWED)
    (fault,) = reply.body["errors"]
    assert fault["pointer"] == "#/headers/Ocp-Apim-Subscription-Key"
    assert "ApiMessageWrite" in fault["detail"]


@pytest.mark.parametrize(
    ("message", "detail"),
    [
        (
            a_message(content={"eu_covid_cert": {"auth_code": ""}}),
            "You do not have enough permissions to send an EUCovidCert message",
        ),
        (
            a_message(content={"payment_data": a_payment(payee={"fiscal_code": "01234567890"})}),
            "You do not have enough permissions to send a payment message with payee",
        ),
        (
            a_message(feature_level_type="ADVANCED"),
            "You do not have enough permissions to send a Premium message",
        ),
        (
            a_message(content={"third_party_data": {"id": "1"}}),
            "You do not have enough permissions to send a third party message",
        ),
    ],
)
async def test_rows_3_to_6_content_needs_its_group(stack: Stack, message: Any, detail: str) -> None:
    """Content that needs a group of its own gets 403 for a key without it."""
    key = await with_groups(stack, Group.MESSAGE_WRITE)

    reply = await stack.call("submit_message", message, key=key)

    assert (403, "You are not allowed here", detail) == refusal(reply)


@pytest.mark.parametrize(
    ("forwarded", "status"),
    [
        ("192.0.2.9:4711", 201),
        ("198.51.100.7:4711", 403),
        ("192.0.2.9, 198.51.100.7", 403),
        ("rubbish", 403),
    ],
)
async def test_row_7_a_call_from_elsewhere_is_refused(
    stack: Stack, forwarded: str, status: int
) -> None:
    """A call from outside the service's networks gets 403; the last hop alone counts."""
    key = await with_groups(stack, Group.MESSAGE_WRITE, authorized_cidrs=["192.0.2.0/24"])

    reply = await stack.call(
        "submit_message", a_message(), key=key, headers={"x-forwarded-for": forwarded}
    )

    assert status == reply.status
    if status == 403:
        assert refusal(reply) == (403, "You are not allowed here", NOT_ALLOWED)


async def test_row_13_a_limited_key_writes_to_its_recipients_alone(stack: Stack) -> None:
    """A limited key gets 403 for a recipient that is not its own."""
    other = await stack.call(
        "submit_message", a_message(fiscal_code="RSSMRA80A01H501U"), key=LIMITED_KEY
    )
    own = await stack.call("submit_message", a_message(), key=LIMITED_KEY)

    assert refusal(other) == (
        403,
        "Recipient forbidden",
        "You are not allowed to issue requests for the recipient.",
    )
    assert own.status == 201


async def test_row_13_the_limited_group_wins_over_the_full_one(stack: Stack) -> None:
    """A key in both groups is limited, as in IO."""
    key = await with_groups(stack, Group.MESSAGE_WRITE, Group.LIMITED_MESSAGE_WRITE)

    reply = await stack.call("submit_message", a_message(), key=key)

    assert reply.body["title"] == "Recipient forbidden"


async def test_row_14_is_answered_in_io_s_words() -> None:
    """The refusal of production calls, which no request reaches, has IO's words."""
    problem = answer_to(ProductionForbiddenError())

    assert isinstance(problem, problems.Problem)
    assert (problem.status, problem.title, problem.detail) == (
        403,
        "Production call forbidden",
        "You are not allowed to issue production calls at this time.",
    )
