"""Warnings about a message that IO's rules accept, but that is probably a mistake."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from lib.domain.messages.checks.warning import SubmissionWarning
from lib.domain.messages.content import Content, PaymentData
from lib.domain.messages.new_message import NewMessage, due_day_of
from lib.domain.messages.words.variants import SecondLanguage, best_of
from lib.domain.payments.notice_number import parse_notice_number
from lib.domain.profiles.choices import DEFAULT_LANGUAGE, Language
from lib.domain.shared.check_characters import (
    SAMPLE_CITIZEN,
    has_right_check_character,
    has_right_check_digit,
)
from lib.domain.shared.deadline import deadline_at
from lib.domain.shared.due_date import LATEST_DUE
from lib.domain.shared.identifiers import is_company
from lib.domain.shared.plain_text import shows_nothing
from lib.domain.shared.values import parse_timestamp

_ZONE: Final = re.compile(r"(Z|[+-]\d{2}:\d{2})$")
_DUE_DATE: Final = "/content/due_date"
_PAYMENT: Final = "/content/payment_data"
_VARIANTS: Final = "/content/variants"


def warnings_of(
    message: NewMessage,
    sent: Any,
    recipient_in_path: str | None,
    now: datetime,
    second_language: SecondLanguage | None,
) -> Iterator[SubmissionWarning]:
    """Yield the warnings about a valid message.

    `sent`: its body before the validation. `second_language`: that of the service.
    """
    pointer = "#/path/fiscal_code" if recipient_in_path else "/fiscal_code"
    yield from fiscal_code_warnings(recipient_in_path or message.fiscal_code, pointer)
    yield from _in_content(message.content)
    second = message.content.second_language or second_language
    if message.content.variants is not None or second is not None:
        yield from _in_languages(message.content, second)
    if message.about is not None:
        yield from about_warnings(sent["about"], recipient_in_path or message.fiscal_code)
    if message.content.due_date is not None:
        yield from _in_due_date(message, sent["content"]["due_date"], now)
    if message.content.payment_data is not None:
        yield from _in_payment(message.content.payment_data)


def fiscal_code_warnings(fiscal_code: str | None, pointer: str) -> Iterator[SubmissionWarning]:
    """Yield a warning where a person's fiscal code does not end in its check character."""
    if not fiscal_code or fiscal_code == SAMPLE_CITIZEN or is_company(fiscal_code):
        return
    if not has_right_check_character(fiscal_code):
        yield SubmissionWarning(
            pointer,
            "CHECK_CHARACTER",
            "the last letter is not the check character of the rest: is there a typo?",
        )


def organisation_warnings(fiscal_code: str | None, pointer: str) -> Iterator[SubmissionWarning]:
    """Yield a warning where an organisation's code does not end in its check digit."""
    if fiscal_code and not has_right_check_digit(fiscal_code):
        yield SubmissionWarning(
            pointer,
            "CHECK_DIGIT",
            "the last digit is not the check digit of the rest: is there a typo?",
        )


def about_warnings(about: Mapping[str, Any], recipient: str | None) -> Iterator[SubmissionWarning]:
    """Yield the warnings about the member `about`, as its sender wrote it."""
    identifier, pointer = about.get("identifier"), "/about/identifier"
    match about["kind"]:
        case "PERSON" if identifier == recipient:
            yield SubmissionWarning(
                pointer, "IS_RECIPIENT", "is the recipient: leave out what needs no saying"
            )
        case "PERSON" if identifier and not identifier.endswith("*"):
            yield from fiscal_code_warnings(identifier, pointer)
        case "COMPANY":
            yield from organisation_warnings(identifier, pointer)


def _in_content(content: Content) -> Iterator[SubmissionWarning]:
    if shows_nothing(content.subject):
        yield SubmissionWarning(
            "/content/subject",
            "SHOWS_NOTHING",
            "shows nothing; notifications say that there is a message instead",
        )


def _in_languages(content: Content, second: SecondLanguage | None) -> Iterator[SubmissionWarning]:
    variants = content.variants.by_language if content.variants else {}
    for language, variant in variants.items():
        pointer = f"{_VARIANTS}/{language}"
        if shows_nothing(variant.subject):
            yield SubmissionWarning(f"{pointer}/subject", "SHOWS_NOTHING", "shows nothing")
        if variant.markdown == content.markdown:
            yield SubmissionWarning(f"{pointer}/markdown", "SAME_AS_ITALIAN", "is the Italian text")
    if second is not None and second not in variants:
        yield SubmissionWarning(
            _VARIANTS,
            "NO_SECOND_LANGUAGE",
            f"has no {second}, the language in which you write beside Italian: citizens who read "
            "it get the Italian text",
        )


def languages_warnings(
    content: Content, preferred: Sequence[Language]
) -> Iterator[SubmissionWarning]:
    """Yield a warning where a message is not in its citizen's first language."""
    variants = content.variants.by_language if content.variants else {}
    if preferred and preferred[0] not in {DEFAULT_LANGUAGE, *variants}:
        yield SubmissionWarning(
            _VARIANTS,
            "NO_FIRST_LANGUAGE",
            f"has no {preferred[0]}, the citizen's first language: the citizen gets "
            f"{best_of(variants, preferred) or DEFAULT_LANGUAGE}",
        )


def _in_due_date(message: NewMessage, written: str, now: datetime) -> Iterator[SubmissionWarning]:
    due = parse_timestamp(str(message.content.due_date))
    if deadline_at(due, due_day_of(message)).is_past(now):
        yield SubmissionWarning(_DUE_DATE, "DUE_DATE_PAST", "is past: no reminder of it is sent")
    if due > now + LATEST_DUE:
        yield SubmissionWarning(
            _DUE_DATE,
            "DUE_DATE_FAR",
            "is more than five years ahead: if it stands for none, leave it out",
        )
    if not _ZONE.search(written):
        yield SubmissionWarning(
            _DUE_DATE,
            "NO_ZONE",
            "has no zone and is read as UTC, one or two hours after the same time in Italy: write "
            "Z, or an offset such as +02:00",
        )


def _in_payment(payment: PaymentData) -> Iterator[SubmissionWarning]:
    parts = parse_notice_number(payment.notice_number)
    if parts.is_sound is False:
        yield SubmissionWarning(
            f"{_PAYMENT}/notice_number",
            "NOTICE_CHECK_DIGITS",
            f"should end in the check digits {parts.right_check_digits}, not {parts.check_digits}",
        )
    if payment.payee is not None:
        yield from organisation_warnings(payment.payee.fiscal_code, f"{_PAYMENT}/payee/fiscal_code")
