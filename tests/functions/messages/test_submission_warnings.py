"""A plausible mistake of a sender gets a warning."""

from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.domain.shared.check_characters import has_right_check_character, has_right_check_digit
from tests.builders.messages import WITH_WARNINGS, a_message
from tests.builders.payment_notices import a_notice
from tests.builders.payments import a_payment
from tests.stack import Stack

SOUND = "302000000000000184"


RIGHT = "RSSMRA80A01H501U"


WRONG = "RSSMRA80A01H501X"


def test_check_characters() -> None:
    """Check characters are checked for people, with letters for digits, and for organisations."""
    assert all(map(has_right_check_character, (RIGHT, "VRDGPP13R10B293P", "RSSMRA80A01H50MM")))
    assert not any(map(has_right_check_character, (WRONG, "RSSMRA81A01H501U")))
    assert all(map(has_right_check_digit, ("00488410010", "80078750587", "15376371009")))
    assert not any(map(has_right_check_digit, ("00488410011", "08078750587")))


@pytest.mark.parametrize(
    ("changes", "pointer", "words"),
    [
        ({"fiscal_code": WRONG}, "/fiscal_code", "check character"),
        (
            {"content": {"due_date": "2026-11-22T10:00:00Z"}},
            "/content/due_date",
            "is past",
        ),
        (
            {"content": {"due_date": "2099-12-31T10:00:00Z"}},
            "/content/due_date",
            "more than five years",
        ),
        ({"content": {"due_date": "2027-06-30T10:00:00"}}, "/content/due_date", "no zone"),
        (
            {"content": {"payment_data": a_payment(notice_number="302000000000000185")}},
            "/content/payment_data/notice_number",
            "check digits 84, not 85",
        ),
        (
            {
                "content": {
                    "payment_data": a_payment(
                        notice_number=SOUND, payee={"fiscal_code": "01234567890"}
                    )
                }
            },
            "/content/payment_data/payee/fiscal_code",
            "check digit",
        ),
        ({"content": {"subject": "\u200b" * 12}}, "/content/subject", "shows nothing"),
        ({"content": {"due_dat": "x"}}, "/content/due_dat", "did you mean due_date?"),
        ({"feature_level": "x"}, "/feature_level", "did you mean feature_level_type?"),
    ],
)
async def test_a_message_with_a_plausible_mistake_is_accepted_with_a_warning(
    stack: Stack, changes: dict[str, Any], pointer: str, words: str
) -> None:
    """A message that IO accepts is accepted, with a warning for each mistake."""
    reply = await stack.call("submit_message", a_message(**changes), headers=WITH_WARNINGS)

    assert reply.status == 201, reply.body
    (warning,) = reply.body["warnings"]
    assert warning["pointer"] == pointer
    assert words in warning["detail"]
    assert reply.headers["Recapito-Warnings"] == "1"


@pytest.mark.parametrize(
    "changes",
    [
        {"fiscal_code": RIGHT},
        {"content": {"due_date": "2026-11-23T22:59:59+01:00"}},
        {"content": {"due_date": "2027-06-30T21:59:59.000Z"}},
        {"content": {"payment_data": a_payment(notice_number=SOUND)}},
        {"content": {"payment_data": a_payment(notice_number="1" + "0" * 17)}},
    ],
)
async def test_a_right_message_gets_no_warning(stack: Stack, changes: dict[str, Any]) -> None:
    """A due date of today and a number without check digits get no warning."""
    reply = await stack.call("submit_message", a_message(**changes), headers=WITH_WARNINGS)

    assert reply.body["warnings"] == []


async def test_a_recipient_in_the_path_is_checked_too(stack: Stack) -> None:
    """The warning names the recipient by its place in the path."""
    message = a_message(fiscal_code=None)

    reply = await stack.call(
        "submit_message_to", message, path={"fiscal_code": WRONG}, headers=WITH_WARNINGS
    )

    assert [one["pointer"] for one in reply.body["warnings"]] == ["#/path/fiscal_code"]


async def test_the_codes_of_a_notice_are_checked_too(stack: Stack) -> None:
    """The answers of payment notices always have the warnings in the body."""
    reply = await stack.call("submit_payment_notice", a_notice(fiscal_code=WRONG))

    assert [one["pointer"] for one in reply.body["warnings"]] == ["/fiscal_code"]
    assert reply.headers["Recapito-Warnings"] == "1"


async def test_an_unknown_query_parameter_is_a_warning_in_io_s_operations(stack: Stack) -> None:
    """An unknown parameter gets a warning, but for the gateway's key."""
    query = {"fiscal_cod": "x", "subscription-key": "x"}

    reply = await stack.call("submit_message", a_message(), query=query, headers=WITH_WARNINGS)

    assert reply.body["warnings"] == [
        {
            "pointer": "#/query/fiscal_cod",
            "code": "UNKNOWN_PARAMETER",
            "detail": "unknown query parameter, ignored",
        }
    ]
    listed = await stack.call("list_inbox", query={"archive": "true"}, citizen=CITIZEN)
    assert (listed.status, listed.headers["Recapito-Warnings"]) == (200, "1")
