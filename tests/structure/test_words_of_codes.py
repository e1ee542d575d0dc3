"""Each code that the API can answer has its words on the pages, in each of their languages."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final, get_args

import pytest

from functions.http.contract.problems import FieldCode, OwnCode
from lib.domain.batches.doubts import (
    SENT_BEFORE,
    TEST_TEXT,
    UNUSED_PAYMENT_COLUMNS,
    UNUSUALLY_LARGE,
)
from lib.domain.batches.outcome import ABOVE_TRIAL_CAP, FAULT, RowOutcome
from lib.domain.batches.recipients.problem import FileCode, RowCode
from lib.domain.batches.status import BatchStatus
from lib.domain.messages.checks.warning import WarningCode
from lib.domain.messages.withdrawals.recall import RecallOutcome
from lib.domain.operations.dead_letters import FailureKind
from lib.domain.profiles.choices import Rejection
from lib.domain.remote_content.judgement import FaultCode
from lib.ports.queueing.names import QUEUES
from lib.use_cases.batches.checking.predict_rows import REACHABLE
from lib.use_cases.batches.notice_rows import DUE_DATE_PAST
from lib.use_cases.batches.recalling.cancel_notice import CANCELLED, PARTLY_PAID, UNKNOWN

TEXTS: Final = Path(__file__).parents[2] / "web" / "src" / "texts"
LANGUAGES: Final = {"it", "en", "de", "fr", "sl"}
NO_KIND: Final = "INVALID"
"""The code of a rule without a kind of its own: the pages show the words of the API."""
REASONS: Final = {
    *(set(Rejection) | set(RowOutcome)),
    *(set(RecallOutcome) - {RecallOutcome.WITHDRAWN}),
    *(ABOVE_TRIAL_CAP, FAULT, DUE_DATE_PAST, CANCELLED, PARTLY_PAID, UNKNOWN, REACHABLE),
}
CODES: Final[Mapping[str, tuple[str, set[str]]]] = {
    "a field": ("common/faults", set(get_args(OwnCode.__value__)) - {NO_KIND}),
    "a warning": ("console/warnings", set(get_args(WarningCode)) - {"WRONG_LENGTH"}),
    "a batch": ("console/batch.status_", set(BatchStatus)),
    "rows": ("console/batch.outcome_", REASONS),
    "a row's rule": ("console/batch.rule_", set(get_args(RowCode))),
    "a list's rule": ("console/batch.file_", set(get_args(FileCode))),
    "a doubt": (
        "console/batch.doubt_",
        {UNUSUALLY_LARGE, SENT_BEFORE, TEST_TEXT, UNUSED_PAYMENT_COLUMNS},
    ),
    "a host": ("console/remote.fault_", set(get_args(FaultCode))),
    "a queue": ("console/queues.name_", set(QUEUES)),
    "the work of a queue": ("console/queues.text_", set(QUEUES)),
    "a dead letter": ("console/queues.kind_", set(FailureKind)),
}
"""The codes of the server, and the file and the beginning of the keys of their words."""


def words(name: str) -> dict[str, dict[str, str]]:
    """Return the words of a file of texts, by their keys."""
    texts: dict[str, dict[str, str]] = json.loads((TEXTS / f"{name}.json").read_text())
    return texts


@pytest.mark.parametrize("what", CODES)
def test_each_code_has_its_words(what: str) -> None:
    """In all languages, each with a text."""
    place, codes = CODES[what]
    file, _, prefix = place.partition(".")
    texts = words(file)

    assert sorted(code for code in codes if f"{prefix}{code}" not in texts) == []
    for code in codes:
        forms = texts[f"{prefix}{code}"]
        assert set(forms) == LANGUAGES
        assert all(text.strip() for text in forms.values()), code


def test_no_words_are_without_a_code() -> None:
    """A code that the server lost loses its words: of fields and of warnings."""
    known = {*get_args(OwnCode.__value__), *get_args(WarningCode)}

    assert get_args(FieldCode.__value__)
    assert (words("common/faults").keys() | words("console/warnings").keys()) - known == set()


def test_no_queue_has_the_name_of_another() -> None:
    """Words of a queue that the server lost leave the file."""
    texts = words("console/queues")
    names = {key: forms for key, forms in texts.items() if key.startswith("name_")}

    for language in LANGUAGES:
        assert len({forms[language] for forms in names.values()}) == len(QUEUES)
    codes = {key.partition("_")[2] for key in texts}
    assert codes == {*QUEUES, *FailureKind}
