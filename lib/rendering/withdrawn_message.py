"""The text of a message that its sender withdrew or cancelled, in the citizen's language."""

from typing import Final

from lib.domain.messages.message_parts import Withdrawal
from lib.domain.profiles.choices import DEFAULT_LANGUAGE, Language
from lib.domain.shared.deadline import in_rome
from lib.domain.shared.plain_text import markdown_of
from lib.domain.shared.values import parse_timestamp, utf16_length
from lib.rendering.texts import formatting
from lib.rendering.texts.languages import phrases_of

LONGEST: Final = 10_000
"""The longest text of a message, in UTF-16 code units; IO's app refuses a longer one."""


def withdrawn_markdown(markdown: str, withdrawal: Withdrawal) -> str:
    """Return the text of the message below the fact that its sender withdrew it, when and why.

    The reason is escaped as plain text. The end of the message is cut where both are too long.
    """
    language = withdrawal.language or DEFAULT_LANGUAGE
    words = phrases_of(language).withdrawals
    moment = in_rome(parse_timestamp(withdrawal.at))
    paragraphs = [words.withdrawn.format(moment=formatting.moment(moment, language))]
    if withdrawal.reason:
        reason = markdown_of(withdrawal.reason).replace("\n\n", " ")
        paragraphs.append(words.reason.format(reason=reason))
    if withdrawal.superseded_by is not None:
        paragraphs.append(words.superseded)
    return _below(paragraphs, markdown)


def cancelled_markdown(markdown: str, language: Language) -> str:
    """Return the text of a payment notice below the fact that its sender cancelled it.

    The end of the text is cut where both are too long.
    """
    return _below([phrases_of(language).withdrawals.cancelled], markdown)


def _below(paragraphs: list[str], markdown: str) -> str:
    written = "\n\n".join((*paragraphs, "---", markdown))
    while utf16_length(written) > LONGEST:
        written = written[: LONGEST - 1 - (utf16_length(written) - len(written))].rstrip() + "…"
    return written
