"""Values and the rules of each."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from lib.domain.shared.identifiers import FiscalCode, FiscalCodeField, is_ulid
from lib.domain.shared.pseudonym import Pseudonyms
from lib.domain.shared.values import parse_timestamp, timestamp, utf16_length
from lib.ports.queueing.delays import delay_before
from lib.ports.queueing.item import renewed

EARLIEST = datetime(2, 1, 1)  # noqa: DTZ001 - a bound of local times
LATEST = datetime(9998, 1, 1)  # noqa: DTZ001
FISCAL_CODES = TypeAdapter(FiscalCodeField)


@given(st.text())
def test_utf16_length_is_javascript_s(text: str) -> None:
    """Characters outside the basic plane count twice."""
    assert len(text) + sum(ord(one) > 0xFFFF for one in text) == utf16_length(text)


@given(st.datetimes(EARLIEST, LATEST, timezones=st.timezones()))
def test_a_timestamp_keeps_its_moment(moment: datetime) -> None:
    """It is written in UTC with milliseconds, and read as the same millisecond."""
    text = timestamp(moment)

    assert text.endswith("Z")
    assert len("2018-10-12T22:00:00.000Z") == len(text)
    assert timedelta(0) <= moment - parse_timestamp(text) < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2018-10-12T22:00:00Z", "2018-10-12T22:00:00.000Z"),
        ("2018-10-12T22:00:00", "2018-10-12T22:00:00.000Z"),
        ("2018-10-12T22:00:00.1Z", "2018-10-12T22:00:00.100Z"),
        ("2018-10-13T00:00:00+02:00", "2018-10-12T22:00:00.000Z"),
        ("2018-10-12T16:30:00-05:30", "2018-10-12T22:00:00.000Z"),
    ],
)
def test_io_s_date_forms_are_read(text: str, expected: str) -> None:
    """A date may have a zone, an offset, or neither, which means UTC."""
    assert expected == timestamp(parse_timestamp(text))


@pytest.mark.parametrize(
    "text",
    [
        "2018-10-13",
        "2018-13-01T00:00:00Z",
        "2018-02-30T00:00:00Z",
        "2018-10-13T25:00:00Z",
        "2018-10-13 00:00:00Z",
        "2018-10-13T00:00Z",
        "2018-10-13T00:00:00z",
        "2018-10-13T00:00:00Z\n",
        "0001-01-01T00:00:00+10:00",
        "٢٠١٨-10-13T00:00:00Z",
        "",
    ],
)
def test_other_dates_are_refused(text: str) -> None:
    """Dates alone, impossible dates, other layouts and other digits are refused."""
    with pytest.raises(ValueError, match=r"must|range|month|day|hour"):
        parse_timestamp(text)


@pytest.mark.parametrize("text", ["AAAAAA00A00A000A", "RSSMRA80A01H501U", "RSSMRALMANMHRLMU"])
def test_fiscal_codes_with_omocodia_are_taken(text: str) -> None:
    """Letters that stand for digits are part of the pattern."""
    assert text == FISCAL_CODES.validate_python(text)


@pytest.mark.parametrize(
    "text", ["", "rssmra80a01h501u", "RSSMRA80A01H501", "RSSMRA80A01H501U ", "12345678901", 5, None]
)
def test_other_fiscal_codes_are_refused(text: object) -> None:
    """A code has sixteen upper-case characters, and nothing around."""
    with pytest.raises(ValidationError):
        FISCAL_CODES.validate_python(text)


def test_a_fiscal_code_does_not_show_itself() -> None:
    """Its repr is stars, and so logs and tracebacks of containers have stars."""
    code = FISCAL_CODES.validate_python("RSSMRA80A01H501U")

    assert isinstance(code, FiscalCode)
    assert repr(code) == "FiscalCode(***)"
    assert "RSSMRA" not in repr({"recipient": [code]})


def test_a_pseudonym_depends_on_the_secret() -> None:
    """A person without the secret cannot compute pseudonyms."""
    one, other = Pseudonyms(b"one" * 10), Pseudonyms(b"two" * 10)

    assert one.of("RSSMRA80A01H501U") == one.of("RSSMRA80A01H501U")
    assert one.of("RSSMRA80A01H501U") != other.of("RSSMRA80A01H501U")
    assert one.of("RSSMRA80A01H501U") != one.of("AAAAAA00A00A000A")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("01J0000000000000000000000A", True),
        ("01j0000000000000000000000a", True),
        ("01J", False),
        ("01J000000000000000000000IL", False),
    ],
)
def test_message_ids_are_ulids(text: str, *, expected: bool) -> None:
    """An id has 26 characters of Crockford's alphabet."""
    assert expected == is_ulid(text)


@given(st.integers(1, 10_000))
def test_delays_grow_from_30_s_to_1_h(attempt: int) -> None:
    """A delay doubles, never falls, and is never longer than an hour."""
    assert 30 <= delay_before(attempt) <= delay_before(attempt + 1) <= 600


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"attempt": 3, "first_seen": 1.5, "message_id": "x"}', '{"message_id":"x"}'),
        ("not json", "not json"),
        ("[1]", "[1]"),
    ],
)
def test_a_renewed_item_was_never_put_back(text: str, expected: str) -> None:
    """Members that an outage wrote are removed; a text that is no item stays as it is."""
    assert renewed(text, {}) == expected
