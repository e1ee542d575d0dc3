"""The texts of the pages that links in e-mails open.

The reader of a link is not logged in, so a page is in the language that the browser asks for, with
Italian and English below it.
"""

from collections.abc import Callable, Iterable
from typing import Final

from lib.domain.profiles.choices import DEFAULT_LANGUAGE, Language
from lib.rendering.pages.link_page import LinkPage, Section
from lib.rendering.texts.document_phrases import PagePhrases
from lib.rendering.texts.languages import phrases_of

_OF_EVERY_PAGE: Final[tuple[Language, ...]] = (DEFAULT_LANGUAGE, "en_GB")

type PageText = Callable[[str, PagePhrases], Section]
"""Makes the section of a page in one language, by its tag and phrases."""


def link_page(text: PageText, preferred: Iterable[Language] = ()) -> LinkPage:
    """Return the page, first in the first preferred language that has texts."""
    written = (phrases_of(language) for language in (*tuple(preferred)[:1], *_OF_EVERY_PAGE))
    by_tag = {phrases.tag: phrases.pages for phrases in written}
    return LinkPage(tuple(text(tag, words) for tag, words in by_tag.items()))


def invalid_link(tag: str, words: PagePhrases) -> Section:
    """Say that the link is not valid."""
    return Section(tag, words.invalid_link, (words.invalid_link_help,))


def confirm_unsubscribe(tag: str, words: PagePhrases) -> Section:
    """Ask whether the e-mails shall stop."""
    lines = (words.unsubscribe_help,)
    return Section(tag, words.unsubscribe, lines, button=words.unsubscribe_button)


def unsubscribed(tag: str, words: PagePhrases) -> Section:
    """Say that the e-mails have stopped."""
    return Section(tag, words.unsubscribed, (words.unsubscribed_help,))


def confirm_address(tag: str, words: PagePhrases) -> Section:
    """Ask whether the address is the reader's."""
    return Section(tag, words.confirm_address, button=words.confirm_button)


def address_confirmed(tag: str, words: PagePhrases) -> Section:
    """Say that the address is confirmed."""
    return Section(tag, words.confirmed)


def address_taken(tag: str, words: PagePhrases) -> Section:
    """Say that another citizen has the address."""
    return Section(tag, words.taken, (words.taken_help,))
