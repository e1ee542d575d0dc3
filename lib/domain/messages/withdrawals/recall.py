"""A recall: a request to withdraw many messages."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final, NamedTuple

from pydantic import AfterValidator, Field, StringConstraints

from lib.domain.messages.withdrawals.message_owner import MessageOwner
from lib.domain.messages.withdrawals.selection import Selection
from lib.domain.messages.withdrawals.withdrawal_request import WithdrawalReason
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import (
    FISCAL_CODE_PATTERN,
    ORGANIZATION_FISCAL_CODE_PATTERN,
    ULID_PATTERN,
    FiscalCode,
    MessageId,
)
from lib.domain.shared.model import Model
from lib.domain.shared.values import IOType, Masked

MAX_MESSAGES: Final = 10_000
MESSAGES_OF_CHUNK: Final = 500
"""The most messages that one queue item withdraws."""


_TARGET_PATTERN: Final = (
    f"^({FISCAL_CODE_PATTERN[1:-1]}|{ORGANIZATION_FISCAL_CODE_PATTERN[1:-1]})/{ULID_PATTERN[1:]}"
)
RecalledMessage = Annotated[
    str,
    StringConstraints(pattern=_TARGET_PATTERN),
    AfterValidator(Masked),
    IOType(
        (f'string that matches the pattern "{_TARGET_PATTERN}"',),
        "must be a fiscal code, a slash and the id of a message, as in the path of the message",
    ),
]


class NewRecall(Model):
    """The body of a recall."""

    reason: WithdrawalReason
    messages: Annotated[
        list[RecalledMessage],
        Field(min_length=1, max_length=MAX_MESSAGES),
        says(
            "The messages to withdraw, 1 to 10,000, each as in its path: the recipient's fiscal "
            "code, a slash, and the id."
        ),
    ]


class RecallOutcome(StrEnum):
    """The outcome of one message of a recall. NOTICE: the message belongs to a payment notice."""

    WITHDRAWN = "WITHDRAWN"
    NOT_FOUND = "NOT_FOUND"
    NOT_OWN = "NOT_OWN"
    NOTICE = "NOTICE"


class Target(NamedTuple):
    """The recipient and the id of a message to withdraw."""

    fiscal_code: str
    message_id: MessageId

    @classmethod
    def of(cls, written: str) -> "Target":
        """Return the target of a `RecalledMessage`."""
        fiscal_code, _, id_ = written.partition("/")
        return cls(FiscalCode(fiscal_code), MessageId(id_))


@dataclass(frozen=True, slots=True)
class Recall:
    """A recall; `created_at` as `values.timestamp` writes it.

    `selection`: the sent messages that it withdraws, None for a recall that names its messages.
    `total`: the number of the messages that it names.
    """

    id: str
    owner: MessageOwner
    reason: str
    created_at: str
    total: int = 0
    selection: Selection | None = None


@dataclass(frozen=True, slots=True)
class RecallProgress:
    """A recall and the number of its messages by outcome.

    `not_withdrawn`: the messages that were not withdrawn, by id; of a selection some of them.
    `found_all`: every part of a selection was searched to its end.
    """

    recall: Recall
    counts: Mapping[str, int]
    not_withdrawn: Mapping[MessageId, str]
    found_all: bool = False

    @property
    def done(self) -> int:
        """The number of messages that have an outcome."""
        return sum(self.counts.values())

    @property
    def total(self) -> int:
        """The number of messages that the recall names, or has found so far."""
        return self.done if self.recall.selection else self.recall.total

    @property
    def is_done(self) -> bool:
        """Whether every message has an outcome."""
        return self.found_all if self.recall.selection else self.done >= self.recall.total
