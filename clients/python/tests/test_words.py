"""The words of the command line: each text and each code, in each language."""

import string
from typing import get_args

import pytest
from lib.domain.batches.doubts import (
    SENT_BEFORE,
    TEST_TEXT,
    UNUSED_PAYMENT_COLUMNS,
    UNUSUALLY_LARGE,
)
from lib.domain.batches.outcome import ABOVE_TRIAL_CAP, FAULT, RowOutcome
from lib.domain.batches.recipients.problem import FileCode, RowCode
from lib.domain.batches.status import BatchStatus
from lib.domain.messages.withdrawals.recall import RecallOutcome
from lib.domain.profiles.choices import Rejection
from lib.use_cases.batches.checking.predict_rows import REACHABLE
from lib.use_cases.batches.notice_rows import DUE_DATE_PAST
from lib.use_cases.batches.recalling.cancel_notice import CANCELLED, PARTLY_PAID, UNKNOWN

from recapito.cli.words import LANGUAGES, codes, language_of, words

REASONS = {
    *Rejection,
    *(set(RecallOutcome) - {RecallOutcome.WITHDRAWN}),
    *(ABOVE_TRIAL_CAP, FAULT, DUE_DATE_PAST, CANCELLED, PARTLY_PAID, UNKNOWN, REACHABLE),
}
CODES = {
    "status": set(BatchStatus),
    "outcome": set(RowOutcome),
    "reason": REASONS,
    "problem": set(get_args(RowCode)),
    "doubt": {UNUSUALLY_LARGE, SENT_BEFORE, TEST_TEXT, UNUSED_PAYMENT_COLUMNS},
}
"""The codes of the server. A list that cannot be read has the API's words in English."""


def test_both_languages_say_the_same() -> None:
    """Each text is there in both, with the same values."""
    english, italian = (words(language) for language in LANGUAGES)
    assert english.keys() == italian.keys()
    for key, text in english.items():
        fields, others = (
            {field for _, field, _, _ in string.Formatter().parse(one) if field}
            for one in (text, italian[key])
        )
        assert fields == others, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_code_of_the_api_has_its_words(language: str) -> None:
    """A code without words is found, and so are words without a code."""
    wanted = CODES if language == "en" else {**CODES, "file": set(get_args(FileCode))}
    known = codes(language)

    assert {kind: set(texts) for kind, texts in known.items()} == wanted
    assert all(text.strip() for texts in known.values() for text in texts.values())


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "it_IT.UTF-8"}, "it"),
        ({"LANG": "de_DE"}, "en"),
        ({}, "en"),
        ({"LC_ALL": "C", "LANG": "it_IT"}, "en"),
    ],
)
def test_the_language_is_the_user_s(environment: dict[str, str], language: str) -> None:
    """LC_ALL goes before LANG."""
    assert language_of(environment) == language
