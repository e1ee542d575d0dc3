"""Every refusal of a submission, by IO's status, title and detail."""

from typing import Any

import pytest

from functions.http.contract import problems
from functions.http.problems import answer_to
from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY, LIMITED_SERVICE_ID
from lib.domain.services.errors import ProductionForbiddenError
from lib.domain.services.service import Group
from lib.domain.shared.values import FISCAL_CODE_PATTERN
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from tests.builders.messages import a_message
from tests.builders.payments import a_payment
from tests.builders.services import CONFIGURATION_ID, with_configuration, with_groups, with_service
from tests.stack import Stack, refusal, take

NOT_ALLOWED = "You do not have enough permission to complete the operation you requested"
CONTENT_LINES = (
    "value undefined at root.content is not a valid [Exact<MessageContentBase>]\n"
    "value undefined at root.content is not a valid [Exact<MessageContent2>]"
)


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
    """401 in the gateway's form and in ours, before the body is looked at."""
    path = {"fiscal_code": CITIZEN, "id": "01J0000000000000000000000A"}

    reply = await stack.call(endpoint, b"not json", key=key, path=path)

    both = {"statusCode": 401, "message": message, "status": 401, "detail": message}
    (fault,) = reply.body.pop("errors")
    assert fault["pointer"] == "#/headers/Ocp-Apim-Subscription-Key"
    assert (401, {**both, "title": "Unauthorized"}) == (reply.status, reply.body)
    assert reply.headers["content-type"] == "application/problem+json"


async def test_a_key_without_groups_is_refused(stack: Stack) -> None:
    """403, with IO's word on scopes."""
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
    """403 where none of the key's groups may submit."""
    key = await with_groups(stack, Group.MESSAGE_READ)

    reply = await stack.call("submit_message", a_message(), key=key)

    assert refusal(reply) == (403, "You are not allowed here", NOT_ALLOWED)


@pytest.mark.parametrize(
    ("body", "detail", "pointers"),
    [
        ({}, CONTENT_LINES, ["/content"]),
        (
            a_message(content={"subject": "aaaaaaaaa"}),
            (
                'value "aaaaaaaaa" at root.content.subject is not a valid '
                "[string of length >= 10 and < 121]"
            ),
            ["/content/subject"],
        ),
        (
            a_message(content={"markdown": "y"}),
            (
                'value "y" at root.content.markdown is not a valid '
                "[string of length >= 80 and < 10001]"
            ),
            ["/content/markdown"],
        ),
        (
            a_message(time_to_live=3599),
            "\n".join(
                [
                    "value 3599 at root.time_to_live is not a valid [integer >= 3600 and < 604800]",
                    "value 3599 at root.time_to_live is not a valid [604800]",
                ]
                * 2
            ),
            ["/time_to_live"],
        ),
        (
            a_message(feature_level_type="X"),
            "\n".join(
                ['value "X" at root.feature_level_type is not a valid [FeatureLevelType]'] * 2
            ),
            ["/feature_level_type"],
        ),
        (
            a_message(content={"due_date": "2018-10-13"}),
            (
                'value "2018-10-13" at root.content.due_date is not a valid '
                "[UtcOnlyIsoDateFromString]\n"
                'value "2018-10-13" at root.content.due_date is not a valid '
                "[TimezoneOnlyIsoDateFromString]"
            ),
            ["/content/due_date"],
        ),
        (
            a_message(content={"payment_data": a_payment(amount=0)}),
            (
                "value 0 at root.content.payment_data.amount is not a valid "
                "[integer >= 1 and < 9999999999]\n"
                "value 0 at root.content.payment_data.amount is not a valid [9999999999]"
            ),
            ["/content/payment_data/amount"],
        ),
        (
            a_message(content={"payment_data": a_payment(notice_number="4" * 18)}),
            (
                f'value "{"4" * 18}" at root.content.payment_data.notice_number is not a valid '
                '[string that matches the pattern "^[0123][0-9]{17}$"]'
            ),
            ["/content/payment_data/notice_number"],
        ),
        (
            a_message(content={"require_secure_channels": "true"}),
            'value "true" at root.content.require_secure_channels is not a valid [boolean]',
            ["/content/require_secure_channels"],
        ),
        (
            a_message(default_addresses={"email": "nope"}),
            (
                'value "nope" at root.default_addresses.email is not a valid '
                "[string that represents an email address]"
            ),
            ["/default_addresses/email"],
        ),
        (
            a_message(content={"prescription_data": {"nre": "1"}}),
            (
                'value "1" at root.content.prescription_data.nre is not a valid '
                "[string of length >= 15 and < 16]"
            ),
            ["/content/prescription_data/nre"],
        ),
        (
            a_message(fiscal_code="aaaaaa00a00a000a"),
            (
                'value "aaaaaa00a00a000a" at root.fiscal_code is not a valid '
                f'[string that matches the pattern "{FISCAL_CODE_PATTERN}"]'
            ),
            ["/fiscal_code"],
        ),
        ([], "value [] at root is not a valid [NewMessage]", [""]),
    ],
)
async def test_row_1_an_invalid_body_is_refused_field_by_field(
    stack: Stack, body: Any, detail: str, pointers: list[str]
) -> None:
    """400 with IO's lines, and beside them each field by JSON pointer."""
    reply = await stack.call("submit_message", body)

    assert (400, "Invalid message structure", detail) == refusal(reply)
    assert pointers == [error["pointer"] for error in reply.body["errors"]]
    assert all(error["detail"] for error in reply.body["errors"])


async def test_row_2_an_invalid_fiscal_code_in_the_path_is_refused(stack: Stack) -> None:
    """400 whose title and detail carry the pattern."""
    pattern = f'string that matches the pattern "{FISCAL_CODE_PATTERN}"'

    reply = await stack.call(
        "submit_message_to", a_message(fiscal_code=None), path={"fiscal_code": "x"}
    )

    expected = (400, f"Invalid {pattern}", f'value ["x"] at [root] is not a valid [{pattern}]')
    assert expected == refusal(reply)


async def test_row_1_comes_before_row_2(stack: Stack) -> None:
    """An invalid body is told before an invalid path."""
    reply = await stack.call("submit_message_to", {}, path={"fiscal_code": "x"})

    assert reply.body["title"] == "Invalid message structure"


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
    """403 naming what the key may not send."""
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
    """403 outside the service's CIDRs; only the hop that the front end saw counts."""
    key = await with_groups(stack, Group.MESSAGE_WRITE, authorized_cidrs=["192.0.2.0/24"])

    reply = await stack.call(
        "submit_message", a_message(), key=key, headers={"x-forwarded-for": forwarded}
    )

    assert status == reply.status
    if status == 403:
        assert refusal(reply) == (403, "You are not allowed here", NOT_ALLOWED)


@pytest.mark.parametrize(
    ("endpoint", "fiscal_code", "detail", "rule"),
    [
        (
            "submit_message_to",
            CITIZEN,
            (
                "The fiscalcode parameter must be specified in the path or in the payload "
                "but not in both"
            ),
            "is in the path already: leave it out of the body",
        ),
        (
            "submit_message",
            None,
            "The fiscalcode parameter must be specified in the path or in the payload",
            "is required, here or at the end of the path",
        ),
    ],
)
async def test_row_8_the_recipient_stands_in_one_place(
    stack: Stack, endpoint: str, fiscal_code: str | None, detail: str, rule: str
) -> None:
    """400 for two recipients and for none, with IO's words and a pointer to the field."""
    reply = await stack.call(
        endpoint, a_message(fiscal_code=fiscal_code), path={"fiscal_code": CITIZEN}
    )

    assert (400, "Bad parameters", detail) == refusal(reply)
    assert [{"pointer": "/fiscal_code", "detail": rule}] == reply.body["errors"]


async def test_row_12_attachments_need_the_advanced_level(stack: Stack) -> None:
    """403 for a STANDARD message that announces attachments."""
    third_party = {**await with_configuration(stack), "has_attachments": True}

    reply = await stack.call("submit_message", a_message(content={"third_party_data": third_party}))

    assert refusal(reply) == (
        403,
        "Attachments call forbidden",
        (
            "You are not allowed to send messages with attachmens with STANDARD messages, "
            "please use ADVANCED"
        ),
    )


@pytest.mark.parametrize("level", ["STANDARD", "ADVANCED"])
@pytest.mark.parametrize(
    ("named", "owner", "expected"),
    [
        (
            False,
            "u",
            (
                403,
                "No configuration id for remote content",
                "You did not send any configuration id for your remote content in third_party_data",
            ),
        ),
        (
            True,
            None,
            (
                404,
                "Remote Content Configuration NOT FOUND",
                "There is no remote content configuration of this configuration_id.",
            ),
        ),
        (
            True,
            "somebody",
            (
                403,
                "Not your configuration",
                "You're not the owner of the configuration related to the given configuration_id",
            ),
        ),
    ],
)
async def test_rows_9_to_11_content_that_nobody_can_fetch_is_refused(
    stack: Stack, level: str, *, named: bool, owner: str | None, expected: tuple[int, str, str]
) -> None:
    """Without a configuration, with one that is none, and with another user's."""
    if owner is not None:
        await with_configuration(stack, owner)
    third_party = {"id": "1", "has_attachments": True, "has_precondition": "ALWAYS"}
    if named:
        third_party["configuration_id"] = CONFIGURATION_ID
    body = a_message(content={"third_party_data": third_party}, feature_level_type=level)

    reply = await stack.call("submit_message", body)

    assert refusal(reply) == expected
    assert reply.body["errors"][0]["pointer"] == "/content/third_party_data/configuration_id"
    assert not await take(stack.queue, MESSAGE_SUBMITTED)


async def test_a_configuration_of_one_s_own_is_taken(stack: Stack) -> None:
    """And the sender reads what it sent, with IO's members alone."""
    third_party = {**await with_configuration(stack), "has_attachments": True}

    content = {"third_party_data": third_party}
    id_ = await stack.deliver(content=content, feature_level_type="ADVANCED")

    path = {"fiscal_code": CITIZEN, "id": id_}
    seen = (await stack.call("read_sent_message", path=path)).body
    assert seen["message"]["content"]["third_party_data"].items() >= third_party.items()


async def test_row_13_a_limited_key_writes_to_its_recipients_alone(stack: Stack) -> None:
    """403 for another recipient, 201 for its own."""
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
    """Who is in both groups is limited, as in IO."""
    key = await with_groups(stack, Group.MESSAGE_WRITE, Group.LIMITED_MESSAGE_WRITE)

    reply = await stack.call("submit_message", a_message(), key=key)

    assert reply.body["title"] == "Recipient forbidden"


async def test_row_15_the_amount_stays_within_the_service_s_maximum(stack: Stack) -> None:
    """400 naming both amounts; the maximum itself is allowed."""
    above = await stack.call(
        "submit_message", a_message(content={"payment_data": a_payment(amount=1_000_001)})
    )
    at = await stack.call(
        "submit_message", a_message(content={"payment_data": a_payment(amount=1_000_000)})
    )

    assert refusal(above) == (
        400,
        "Error while sending payment metadata",
        (
            "The requested amount (1000001 cents) exceeds the maximum allowed for this service "
            "(1000000 cents)"
        ),
    )
    assert at.status == 201


async def test_row_15_a_service_may_send_no_payment_until_raised(stack: Stack) -> None:
    """The default maximum of 0 refuses every amount."""
    await with_service(stack, LIMITED_SERVICE_ID, max_allowed_payment_amount=0)

    reply = await stack.call(
        "submit_message", a_message(content={"payment_data": a_payment(amount=1)}), key=LIMITED_KEY
    )

    assert reply.body["title"] == "Error while sending payment metadata"


async def test_row_14_is_answered_in_io_s_words() -> None:
    """No request reaches it, since a key needs a writing group; the table has it all the same."""
    problem = answer_to(ProductionForbiddenError())

    assert isinstance(problem, problems.Problem)
    assert (problem.status, problem.title, problem.detail) == (
        403,
        "Production call forbidden",
        "You are not allowed to issue production calls at this time.",
    )
