"""A template of messages: its text in Italian and in other languages, and its versions."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final, Literal, NamedTuple, get_args

from pydantic import AfterValidator, ConfigDict

from lib.domain.messages.words.text_rules import one_line
from lib.domain.profiles.choices import DEFAULT_LANGUAGE, Language
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import ServiceId
from lib.domain.shared.model import Model
from lib.domain.shared.values import NOT_NULL, TextOf

MAX_TEMPLATES: Final = 200
"""The most templates of a service, without deleted ones."""
MAX_VERSIONS: Final = 999
TEMPLATE_NAME_PATTERN: Final = "^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$"


class TemplateText(Model):
    """The text of a template in one language."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    subject: Annotated[
        str,
        TextOf(1, 500),
        AfterValidator(one_line),
        says(
            "The subject of the messages, in one line, with placeholders such as {{ nome }}. "
            "With the values of a row it must be 10 to 120 UTF-16 code units long."
        ),
    ]
    markdown: Annotated[
        str,
        TextOf(1, 15_000),
        says(
            "The text of the messages in Markdown, with placeholders. With the values of a row it "
            "must be 80 to 10,000 UTF-16 code units long."
        ),
    ]


def _variant(language: str) -> object:
    return says(f"The text in {language}. Absent: citizens who read {language} get the Italian.")


class Variants(Model):
    """The texts of a template in other languages than Italian."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    en_GB: Annotated[TemplateText | None, NOT_NULL, _variant("English")] = None  # noqa: N815
    es_ES: Annotated[TemplateText | None, NOT_NULL, _variant("Spanish")] = None  # noqa: N815
    de_DE: Annotated[TemplateText | None, NOT_NULL, _variant("German")] = None  # noqa: N815
    fr_FR: Annotated[TemplateText | None, NOT_NULL, _variant("French")] = None  # noqa: N815
    sl_SI: Annotated[TemplateText | None, NOT_NULL, _variant("Slovene")] = None  # noqa: N815
    lld_IT: Annotated[TemplateText | None, NOT_NULL, _variant("Ladin")] = None  # noqa: N815
    fur_IT: Annotated[TemplateText | None, NOT_NULL, _variant("Friulian")] = None  # noqa: N815


class LanguageText(NamedTuple):
    """The text in one language. `pointer`: the JSON pointer of the text in the template."""

    language: Language
    pointer: str
    text: TemplateText


class TemplateForm(TemplateText):
    """The text of a template in Italian, and in other languages."""

    variants: Annotated[
        Variants | None,
        NOT_NULL,
        says("The texts in other languages. Absent: every citizen gets the Italian text."),
    ] = None

    def texts(self) -> Iterator[LanguageText]:
        """Yield the text in each language, Italian first."""
        yield LanguageText(DEFAULT_LANGUAGE, "", self)
        for language in get_args(Language):
            text = getattr(self.variants, language, None)
            if text is not None:
                yield LanguageText(language, f"/variants/{language}", text)


@dataclass(frozen=True, slots=True)
class Template:
    """A version of a template of a service.

    `user_id`: the account that made the first version. `created_at`: the time of the first version,
    `changed_at` the time of this one, as `values.timestamp` writes them.
    """

    name: str
    service_id: ServiceId
    user_id: str
    version: int
    created_at: str
    changed_at: str
    form: TemplateForm

    @property
    def tag(self) -> str:
        """The tag of this version, by which a sender says that it has read it."""
        return str(self.version)


class ListedTemplate(NamedTuple):
    """A template in the list of its service."""

    name: str
    version: int
    subject: str
    languages: tuple[Language, ...]
    changed_at: str


FaultCode = Literal["VALUE_MISSING", "NOT_AN_AMOUNT", "NOT_A_DAY", "WRONG_LENGTH"]


class RowFault(NamedTuple):
    """A reason why a row gives no message.

    `field`: the canonical name of the value, or `subject` or `markdown`. No fault has a value of
    the row.
    """

    field: str
    code: FaultCode
    detail: str


class Rendered(NamedTuple):
    """The message that a template gives for a row.

    A placeholder without a value stands in the text as it is written in the template. `faults`:
    the reasons why the message may not be sent; none if it may.
    """

    subject: str
    markdown: str
    faults: tuple[RowFault, ...] = ()
