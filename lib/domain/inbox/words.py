"""The words of messages and of searches: without case, accents and markup."""

import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

LEAST_LETTERS: Final = 3
"""The letters of the shortest word that an index has; most messages have shorter words."""
MOST_INDEXED: Final = 5
"""The whole words of a search that are looked up in an index."""
_LONGEST: Final = 40
"""The letters that count of a word: longer ones are addresses and keys."""
_NOTICE_DIGITS: Final = 18

_WORD: Final = re.compile(r"[^\W_]+")
_FRONT_MATTER: Final = re.compile(r"\A---[ \t]*\n.*?\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_LINK: Final = re.compile(r"\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\s*\)")
_EMPHASIS: Final = re.compile(r"[*~`\\]+")
_SPECIAL: Final = str.maketrans({0xE6: "ae", 0xF8: "o", 0x111: "d", 0x142: "l", 0x153: "oe"})
"""Letters with a stroke and pairs of letters, which Unicode does not take apart."""
_FREQUENT: Final = frozenset(
    word
    for line in (
        "che con per del dal dei dai agli alla alle allo anche come dalla dalle dallo degli",
        "della delle dello ecc essere gli hai loro nei nel nella nelle nello non oppure piu",
        "presso puo puoi quale quali quanto questa questo qui sara sia sono sua sue sugli sul",
        "sulla sulle sullo suo suoi tale tra tuo tua una uno und der die das den dem des ein",
        "eine einen einer ist mit von fur nicht oder auf sie ihr ihre wir wird zum zur les une",
        "pour dans est sur avec vous votre vos nous que par aux los las para the and you your",
        "for are with from this that has have not will can",
    )
    for word in line.split()
)
"""Words without a meaning of their own, which most messages have: no index has them."""


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """Return the distinct words of plain texts."""
    return frozenset(word for text in texts for word in _words(text))


def plain_text(markdown: str) -> str:
    """Return the text that a reader of markdown sees: without addresses of links and markup.

    The block at the begin with which senders add buttons of IO's app is no text.
    """
    text = _FRONT_MATTER.sub("", markdown.replace("\r\n", "\n"))
    return html.unescape(_EMPHASIS.sub("", _LINK.sub("]", text)))


def is_indexed(word: str) -> bool:
    """Tell whether an index has the word."""
    return len(word) >= LEAST_LETTERS and word not in _FREQUENT


@dataclass(frozen=True, slots=True)
class SearchedWords:
    """The words of a search: whole words, and the begin of another word.

    The repr leaves out all of them, since a search is personal data.
    """

    whole: frozenset[str]
    prefix: str

    @classmethod
    def of(cls, text: str) -> Self | None:
        """Read the text of a search; None for a text without a word.

        The last word may be the begin of a word. The digits of a notice number may be in groups.
        """
        digits = text.replace(" ", "")
        if len(digits) == _NOTICE_DIGITS and digits.isdecimal():
            text = digits
        words = list(_words(text))
        if not words:
            return None
        return cls(frozenset(words[:-1]), words[-1])

    def __repr__(self) -> str:
        """Return the number of words only."""
        return f"{type(self).__name__}({len(self.whole) + 1})"

    def match(self, words: frozenset[str]) -> bool:
        """Tell whether a message with these words is found."""
        return self.whole <= words and any(word.startswith(self.prefix) for word in words)

    @property
    def indexed(self) -> tuple[str, ...]:
        """The longest of the whole words that an index has."""
        known = sorted(filter(is_indexed, self.whole), key=lambda one: (-len(one), one))
        return tuple(known[:MOST_INDEXED])

    @property
    def indexed_prefix(self) -> str:
        """The prefix; empty where words that no index has begin with it."""
        is_short = len(self.prefix) < LEAST_LETTERS
        if is_short or any(one.startswith(self.prefix) for one in _FREQUENT):
            return ""
        return self.prefix


def _words(text: str) -> Iterable[str]:
    folded = text.lower() if text.isascii() else _folded(text)
    return (word[:_LONGEST] for word in _WORD.findall(folded))


def _folded(text: str) -> str:
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(one for one in parts if not unicodedata.combining(one)).translate(_SPECIAL)
