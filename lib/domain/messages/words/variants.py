"""The text of a message in other languages than Italian, and the choice among them."""

from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Any, Final, Literal, NamedTuple, get_args

from pydantic import AfterValidator, ConfigDict

from lib.domain.messages.words.text_rules import MARKDOWN_LENGTH, SUBJECT_LENGTH, one_line
from lib.domain.profiles.choices import DEFAULT_LANGUAGE, Language
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.shared.values import NOT_NULL, IOType

SecondLanguage = Literal["en_GB", "es_ES", "de_DE", "fr_FR", "sl_SI", "lld_IT", "fur_IT"]
VARIANTS: Final = "variants"
SECOND_LANGUAGE: Final = "second_language"
MAY_BE_TRANSLATED: Final = "may_be_translated"
OF_OURS: Final = frozenset({VARIANTS, SECOND_LANGUAGE, MAY_BE_TRANSLATED})
"""The members of a content that IO does not have."""


class Variant(Model):
    """Subject and text of a message in one language."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    subject: Annotated[
        str,
        SUBJECT_LENGTH,
        AfterValidator(one_line),
        says("The subject in this language: one line of plain text, without control characters."),
    ]
    markdown: Annotated[
        str, MARKDOWN_LENGTH, says("The text of the message in this language, in Markdown.")
    ]


def _in(language: str) -> tuple[object, ...]:
    return (
        NOT_NULL,
        IOType(("Variant",)),
        says(f"The message in {language}. Absent: it is not written in {language}."),
    )


class Variants(Model):
    """The message in other languages than Italian."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    en_GB: Annotated[Variant | None, *_in("English")] = None  # noqa: N815
    es_ES: Annotated[Variant | None, *_in("Spanish")] = None  # noqa: N815
    de_DE: Annotated[Variant | None, *_in("German")] = None  # noqa: N815
    fr_FR: Annotated[Variant | None, *_in("French")] = None  # noqa: N815
    sl_SI: Annotated[Variant | None, *_in("Slovene")] = None  # noqa: N815
    lld_IT: Annotated[Variant | None, *_in("Ladin")] = None  # noqa: N815
    fur_IT: Annotated[Variant | None, *_in("Friulian")] = None  # noqa: N815

    @property
    def by_language(self) -> dict[Language, Variant]:
        """The variants that there are."""
        languages: tuple[Language, ...] = get_args(SecondLanguage)
        return {name: one for name in languages if (one := getattr(self, name))}

    @property
    def titles(self) -> dict[Language, str] | None:
        """The subjects of the variants; None where there are none."""
        return {language: one.subject for language, one in self.by_language.items()} or None


class Wording(NamedTuple):
    """The words in which a message is delivered.

    `markdown`: the whole text, where it is not one of the variants. `title`: the subject, where it
    is not the sender's own.
    """

    language: Language
    markdown: str | None = None
    title: str | None = None


def best_of(offered: Collection[Any], preferred: Iterable[Language]) -> Language | None:
    """Return the first preferred language that the message has, or None; Italian it always has."""
    return next((one for one in preferred if one in offered or one == DEFAULT_LANGUAGE), None)


def in_language(fields: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Return the members of a content in one language: in Italian where there is no variant."""
    variant = (fields.get(VARIANTS) or {}).get(language, {})
    return {name: one for name, one in {**fields, **variant}.items() if name not in OF_OURS}


def subject_of(fields: Mapping[str, Any]) -> str:
    """Return the subject of a content, or of one of its variants."""
    subject: str = fields.get("subject", "")
    return subject


def markdown_of(fields: Mapping[str, Any]) -> str:
    """Return the text of a content, or of one of its variants."""
    markdown: str = fields.get("markdown", "")
    return markdown
