"""A sender's request to withdraw a message."""

from typing import Annotated

from pydantic import AfterValidator

from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.shared.plain_text import shows_nothing
from lib.domain.shared.values import TextOf


def _with_visible_text(text: str) -> str:
    if shows_nothing(text):
        raise ValueError("must have something to see in it")
    return text


WithdrawalReason = Annotated[
    str,
    TextOf(1, 500),
    AfterValidator(_with_visible_text),
    says(
        "Why the message is withdrawn, in plain text. A citizen who has read the message reads it "
        "above the text of the message."
    ),
]


class NewWithdrawal(Model):
    """The body of a withdrawal."""

    reason: WithdrawalReason
