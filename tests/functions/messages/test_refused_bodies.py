"""A submission with a wrong body or recipient is refused, in IO's words."""

from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.domain.shared.identifiers import FISCAL_CODE_PATTERN
from tests.builders.messages import a_message
from tests.builders.payments import a_payment
from tests.stack import Stack, refusal

CONTENT_LINES = (
    "value undefined at root.content is not a valid [Exact<MessageContentBase>]\n"
    "value undefined at root.content is not a valid [Exact<MessageContent2>]"
)


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
    """An invalid body gets 400 with IO's lines, and each field by its JSON pointer."""
    reply = await stack.call("submit_message", body)

    assert (400, "Invalid message structure", detail) == refusal(reply)
    assert pointers == [error["pointer"] for error in reply.body["errors"]]
    assert all(error["detail"] for error in reply.body["errors"])


async def test_row_2_an_invalid_fiscal_code_in_the_path_is_refused(stack: Stack) -> None:
    """A wrong fiscal code in the path gets 400 with the pattern."""
    pattern = f'string that matches the pattern "{FISCAL_CODE_PATTERN}"'

    reply = await stack.call(
        "submit_message_to", a_message(fiscal_code=None), path={"fiscal_code": "x"}
    )

    expected = (400, f"Invalid {pattern}", f'value ["x"] at [root] is not a valid [{pattern}]')
    assert expected == refusal(reply)


async def test_row_1_an_invalid_body_comes_before_an_invalid_path(stack: Stack) -> None:
    """A request with an invalid body and an invalid path gets the refusal of the body."""
    reply = await stack.call("submit_message_to", {}, path={"fiscal_code": "x"})

    assert reply.body["title"] == "Invalid message structure"


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
    """A submission with two recipients, or with none, gets 400."""
    reply = await stack.call(
        endpoint, a_message(fiscal_code=fiscal_code), path={"fiscal_code": CITIZEN}
    )

    assert (400, "Bad parameters", detail) == refusal(reply)
    (fault,) = reply.body["errors"]
    assert (fault["pointer"], fault["detail"]) == ("/fiscal_code", rule)
