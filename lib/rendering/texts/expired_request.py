"""The message about a request for a certificate that nobody answered, in every language."""

from typing import Final

from lib.domain.messages.content import Content
from lib.domain.messages.new_message import NewMessage
from lib.domain.messages.words.variants import Variant, Variants
from lib.domain.profiles.choices import DEFAULT_LANGUAGE, Language
from lib.domain.shared.plain_text import markdown_of
from lib.domain.shared.values import utf16_length
from lib.rendering.texts.languages import phrases_of, written_languages

_LONGEST_SUBJECT: Final = 120


def expiry_message(title: str, organization: str) -> NewMessage:
    """Return the message. `title`: of the certificate; names are escaped as plain text."""
    words = {one: _in(one, title, organization) for one in written_languages()}
    italian = words.pop(DEFAULT_LANGUAGE)
    content = Content(
        subject=italian.subject, markdown=italian.markdown, variants=Variants.model_validate(words)
    )
    return NewMessage(content=content)


def _in(language: Language, title: str, organization: str) -> Variant:
    words = phrases_of(language).certificates
    markdown = words.expired.format(title=_plain(title), organization=_plain(organization))
    return Variant(subject=_subject(words.expired_title, title), markdown=markdown)


def _subject(phrase: str, title: str) -> str:
    subject = phrase.format(title=title)
    while utf16_length(subject) > _LONGEST_SUBJECT:
        title = title[:-2].rstrip() + "…"
        subject = phrase.format(title=title)
    return subject


def _plain(text: str) -> str:
    return markdown_of(text).replace("\n\n", " ")
