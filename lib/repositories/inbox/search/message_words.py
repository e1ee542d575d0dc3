"""The words by which a message is found, from its document."""

from typing import Any, Final

from lib.domain.inbox.words import plain_text, words_of
from lib.domain.messages.words.about import ABOUT
from lib.domain.messages.words.variants import VARIANTS
from lib.domain.shared.identifiers import ContentId
from lib.ports.documents import Document
from lib.repositories.messages.contents import Contents
from lib.repositories.messages.message_mapping import SUMMARY_FIELDS

TEXT_FIELDS: Final = (*SUMMARY_FIELDS, "content", "content_id", "status", "status_history")
"""The fields that MessageWords reads, and the state of the message."""


class MessageWords:
    """Read the words of a message: title, names of the sender, text, notice number, subject matter.

    Of a message that its sender withdrew, the reason counts in place of the text. Cost: none, or
    one point read for a shared content that the process does not keep.
    """

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    async def of(self, document: Document) -> frozenset[str]:
        """Return the words of a document with the TEXT_FIELDS. Raise UnavailableError."""
        names = ("message_title", "service_name", "organization_name")
        content: dict[str, Any] = document.get("content") or {}
        texts = [*(document[name] for name in names), *_notice_number(content)]
        about: dict[str, str] = document.get(ABOUT) or {}
        texts += [about[name] for name in ("label", "identifier") if name in about]
        withdrawal = document.get("withdrawal")
        if withdrawal is not None:
            texts.append(withdrawal.get("reason") or "")
        else:
            texts += await self._shown(document, content)
        return words_of(texts)

    async def _shown(self, document: Document, content: dict[str, Any]) -> list[str]:
        """Return the texts in all languages, with the subjects of the variants."""
        content_id = document.get("content_id")
        if content_id is not None and "markdown" not in content:
            content = {**await self._contents.get(ContentId(content_id)), **content}
        variants: dict[str, dict[str, str]] = content.get(VARIANTS) or {}
        wordings = [content, *variants.values()]
        texts = [plain_text(str(one.get("markdown") or "")) for one in wordings]
        return texts + [str(one.get("subject") or "") for one in variants.values()]


def _notice_number(content: dict[str, Any]) -> tuple[str, ...]:
    payment = content.get("payment_data")
    return (payment["notice_number"],) if payment else ()
