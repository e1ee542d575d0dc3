"""What the body of a submission may be: bytes, types, nulls, numbers, unknown fields."""

import json
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN
from tests.builders.messages import MARKDOWN, WITH_WARNINGS, a_message
from tests.builders.payments import a_payment
from tests.stack import Stack, refusal


@pytest.mark.parametrize("body", [b"{", b'{"content": nope}', b"\xff\xfe", b"", b"[1,]"])
async def test_malformed_json_gets_the_place_of_the_error(stack: Stack, body: bytes) -> None:
    """Malformed JSON gets 400 with the place of the error, not IO's 500."""
    reply = await stack.call("submit_message", body)

    assert refusal(reply)[:2] == (400, "Malformed JSON")


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-8",
        "application/vnd.api+json",
        "",
    ],
)
@pytest.mark.parametrize("name", ["submit_message", "find_recipient"])
async def test_json_is_read_whatever_its_content_type(
    stack: Stack, name: str, content_type: str
) -> None:
    """JSON is accepted under any content type, as in IO."""
    body = a_message() if name == "submit_message" else {"fiscal_code": CITIZEN}

    reply = await stack.call(name, body, headers={"content-type": content_type})

    assert reply.status in {200, 201}


async def test_a_byte_order_mark_is_skipped(stack: Stack) -> None:
    """A byte order mark, which Windows programs write, is skipped."""
    body = b"\xef\xbb\xbf" + json.dumps(a_message()).encode()

    assert (await stack.call("submit_message", body)).status == 201


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("latin-1", "The body must be UTF-8; byte 21 (0xE0) is not: is it Latin-1?"),
        ("utf-16", "The body must be UTF-8; this one is UTF-16 or UTF-32."),
        ("utf-16-be", "The body must be UTF-8; this one is UTF-16 or UTF-32."),
        ("utf-32", "The body must be UTF-8; this one is UTF-16 or UTF-32."),
    ],
)
async def test_another_encoding_is_named_with_its_place(
    stack: Stack, encoding: str, said: str
) -> None:
    """The refusal names the encoding and the place."""
    body = '{"subject": "la citt\u00e0 informa"}'.encode(encoding)

    reply = await stack.call("submit_message", body)

    assert refusal(reply) == (400, "Malformed JSON", said)


async def test_a_byte_of_windows_is_refused(stack: Stack) -> None:
    """The byte 0x92, Windows' apostrophe, is refused."""
    body = json.dumps(a_message(content={"subject": "L'avviso TARI"})).encode()

    reply = await stack.call("submit_message", body.replace(b"L'avviso", b"L\x92avviso"))

    at = body.index(b"L'avviso") + 2
    said = f"The body must be UTF-8; byte {at} (0x92) is not: is it Windows-1252?"
    assert refusal(reply) == (400, "Malformed JSON", said)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b'{"fiscal_code":"x","fiscal_code":"y"}', "/fiscal_code"),
        (b'{"content":{"a/b":[1,{"subject":"x","due":1e400,"subject":"x"}]}}', ""),
        (b'{"content":{"a/b":[1,{"subject":"x","subject":"x"}]}}', "/content/a~1b/1/subject"),
    ],
)
async def test_a_name_that_stands_twice_is_refused(stack: Stack, body: bytes, pointer: str) -> None:
    """A repeated name gets 400, since the sender may have meant either value."""
    reply = await stack.call("submit_message", body)

    assert refusal(reply)[:2] == (400, "Malformed JSON")
    if pointer:
        assert reply.body["errors"] == [
            {"pointer": pointer, "code": "INVALID", "detail": "must stand once"}
        ]


async def test_one_of_many_names_that_stands_twice_is_found(stack: Stack) -> None:
    """A repeated name is found among many in one pass."""
    names = [f"n{number}" for number in range(20_000)]
    body = ("{" + ",".join(f'"{name}":0' for name in (*names, names[-1])) + "}").encode()

    reply = await stack.call("submit_message", body)

    assert reply.body["errors"] == [
        {"pointer": f"/{names[-1]}", "code": "INVALID", "detail": "must stand once"}
    ]


async def test_a_body_of_10_mb_is_refused(stack: Stack) -> None:
    """A body that is too large gets 413 with the limit."""
    body = json.dumps(a_message(content={"markdown": "x" * 10_000_000})).encode()

    reply = await stack.call("submit_message", body)

    assert refusal(reply) == (413, "Payload too large", "The body may have at most 262144 bytes.")


async def test_the_largest_message_there_can_be_is_accepted(stack: Stack) -> None:
    """The longest text, written as escapes, is within the limit."""
    body = json.dumps(a_message(content={"markdown": "\u20ac" * 10_000, "subject": "à" * 120}))

    reply = await stack.call("submit_message", body.encode())

    assert reply.status == 201


async def test_unknown_fields_are_accepted_and_named(stack: Stack) -> None:
    """Unknown fields are dropped as in IO, and the sender gets a warning for each."""
    message = a_message(
        colour="red", content={"due_dat": "x", "payment_data": a_payment(causale="TARI")}
    )

    reply = await stack.call("submit_message", message, headers=WITH_WARNINGS)

    assert reply.status == 201
    warned = [one["pointer"] for one in reply.body["warnings"]]
    assert sorted(one for one in warned if "notice_number" not in one) == [
        "/colour",
        "/content/due_dat",
        "/content/payment_data/causale",
    ]
    stored = await stack.app.repositories.messages.get(CITIZEN, reply.body["id"])
    assert stored.content is not None
    assert {"amount", "notice_number", "invalid_after_due_date", "payee"} == set(
        stored.content.fields["payment_data"]
    )


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"time_to_live": None}, 201),
        ({"feature_level_type": None}, 201),
        ({"default_addresses": None}, 400),
        ({"content": None}, 400),
    ],
)
async def test_null_stands_for_a_scalar_s_default_alone(
    stack: Stack, changes: dict[str, Any], status: int
) -> None:
    """Null stands for the default of a scalar, as in IO, and for no object."""
    reply = await stack.call("submit_message", {**a_message(), **changes})

    assert status == reply.status


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("due_date", 400),
        ("payment_data", 400),
        ("third_party_data", 400),
        ("require_secure_channels", 400),
    ],
)
async def test_null_in_the_content_is_refused(stack: Stack, name: str, status: int) -> None:
    """Null in a field of the content gets 400."""
    reply = await stack.call("submit_message", a_message(content={name: None}))

    assert status == reply.status
    assert f"/content/{name}" == reply.body["errors"][0]["pointer"]


async def test_several_errors_are_named_at_once(stack: Stack) -> None:
    """One answer names every wrong field."""
    reply = await stack.call(
        "submit_message", {"time_to_live": "3600", "content": {"subject": 5, "markdown": MARKDOWN}}
    )

    assert [error["pointer"] for error in reply.body["errors"]] == [
        "/time_to_live",
        "/content/subject",
    ]


@pytest.mark.parametrize(("amount", "status"), [(8450.0, 201), (8450.5, 400), (True, 400)])
async def test_a_whole_number_may_be_written_as_a_float(
    stack: Stack, amount: float, status: int
) -> None:
    """8450.0 is a whole number, as in IO."""
    message = a_message(content={"payment_data": a_payment(amount=amount)}, time_to_live=7200.0)

    assert (await stack.call("submit_message", message)).status == status


@pytest.mark.parametrize("depth", [300, 900, 100_000])
async def test_a_deeply_nested_body_is_refused(stack: Stack, depth: int) -> None:
    """A body of any depth gets 400, and causes no fault."""
    body = b'{"content":' + b"[" * depth + b"]" * depth + b"}"

    assert (await stack.call("submit_message", body)).status == 400


async def test_the_number_of_warnings_is_limited(stack: Stack) -> None:
    """A body full of unknown fields does not get an answer of its size."""
    message = {**a_message(), **{f"field/{number}": 1 for number in range(1000)}}

    reply = await stack.call("submit_message", message, headers=WITH_WARNINGS)

    warnings = reply.body["warnings"]

    assert len(warnings) == 21
    assert warnings[0]["pointer"] == "/field~10"
