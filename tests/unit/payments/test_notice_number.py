"""Notice numbers: their forms, their parts, their check digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.payments.notice_number import (
    NoticeParts,
    check_digits_of,
    grouped,
    parse_notice_number,
)
from lib.domain.shared.identifiers import NoticeNumber

notice_numbers = st.from_regex(r"[0123][0-9]{17}", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "parts", "iuv"),
    [
        ("044012345678901200", ("0", "44", None, "0123456789012", "00"), "012345678901200"),
        ("144012345678901200", ("1", None, None, "44012345678901200", None), "44012345678901200"),
        ("244012345678901200", ("2", None, None, "440123456789012", "00"), "44012345678901200"),
        ("344012345678901200", ("3", None, "44", "0123456789012", "00"), "44012345678901200"),
    ],
)
def test_each_aux_digit_has_its_form(
    text: str, parts: tuple[str, str | None, str | None, str, str | None], iuv: str
) -> None:
    """The numbers of IO's own tests, with the parts that its parser finds."""
    found = parse_notice_number(text)

    assert NoticeParts(*parts) == found
    assert iuv == found.iuv


@given(notice_numbers)
def test_the_parts_make_up_the_number(text: str) -> None:
    """Nothing is lost, nothing is added, whatever the check digits."""
    assert text == str(parse_notice_number(text))


def test_check_digits_of_a_published_notice() -> None:
    """An example from pagoPA's documentation."""
    assert parse_notice_number("002160020399398578").is_sound


@given(st.from_regex(r"[023][0-9]{15}", fullmatch=True))
def test_one_pair_of_check_digits_of_a_hundred_is_sound(digits: str) -> None:
    """The remainder modulo 93 of all before them."""
    pairs = (f"{pair:02d}" for pair in range(100))
    sound = [pair for pair in pairs if parse_notice_number(digits + pair).is_sound]

    assert sound == [check_digits_of(digits)]
    assert int(sound[0]) == int(digits) % 93


@given(st.from_regex(r"[023][0-9]{15}", fullmatch=True), st.integers(1, 15), st.integers(1, 9))
def test_a_mistyped_digit_is_noticed(digits: str, at: int, by: int) -> None:
    """The check digits notice it, because no change of a digit is a multiple of 93."""
    checks = check_digits_of(digits)
    mistyped = f"{digits[:at]}{(int(digits[at]) + by) % 10}{digits[at + 1 :]}"

    assert parse_notice_number(mistyped + checks).is_sound is False


@given(st.from_regex(r"1[0-9]{17}", fullmatch=True))
def test_aux_digit_1_has_no_check_digits(text: str) -> None:
    """So nothing can be said of them."""
    assert parse_notice_number(text).is_sound is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "30100000000000001",
        "3010000000000000170",
        "401000000000000017",
        "30100000000000001\u0667",
    ],
)
def test_other_notice_numbers_are_refused(text: str) -> None:
    """18 digits as ASCII has them, the first up to 3."""
    with pytest.raises(ValueError, match="18 digits"):
        parse_notice_number(text)


def test_it_is_printed_in_groups_of_four() -> None:
    """As on pagoPA's notices."""
    assert grouped(NoticeNumber("301000000000000017")) == "3010 0000 0000 0000 17"
