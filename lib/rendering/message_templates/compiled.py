"""Check a template, and render it for rows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from lib.domain.batches.errors import InvalidTemplateError, TemplateFault
from lib.domain.batches.templates.names import RESERVED
from lib.domain.batches.templates.template import Rendered, RowFault, TemplateForm
from lib.domain.messages.words.text_rules import MARKDOWN_LENGTH, SUBJECT_LENGTH
from lib.domain.profiles.choices import DEFAULT_LANGUAGE, Language
from lib.domain.shared.values import TextOf, utf16_length
from lib.rendering.message_templates.blocks import Block, read_block
from lib.rendering.message_templates.operands import Run

MAX_FAULTS: Final = 50
"""The most faults of a template that are told at once."""
_OF_EVERY_ROW: Final = frozenset({"fiscal_code", "instalments"})
_LENGTHS: Final[Mapping[str, TextOf]] = {"subject": SUBJECT_LENGTH, "markdown": MARKDOWN_LENGTH}


class _Text(NamedTuple):
    subject: Block
    markdown: Block

    @property
    def names(self) -> set[str]:
        return self.subject.names | self.markdown.names


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """A template that can be rendered; `compile_template` makes it.

    `needed`: the names that every row must have a value for, in one of the languages at least.
    """

    texts: Mapping[Language, _Text]
    names: frozenset[str]
    needed: frozenset[str]

    @property
    def placeholders(self) -> frozenset[str]:
        """The names without those of RESERVED: each is a column of the list."""
        return self.names - RESERVED.keys()

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages of the template, Italian first."""
        return tuple(self.texts)

    @property
    def needs_rendering(self) -> bool:
        """Tell whether rows have different messages; if not, `render({})` returns the one."""
        return bool(self.names)

    def language_for(self, preferred: Iterable[Language]) -> Language:
        """Return the first of a citizen's languages that the template has, or Italian."""
        return next((one for one in preferred if one in self.texts), DEFAULT_LANGUAGE)

    def missing(self, columns: Iterable[str]) -> list[str]:
        """Return the names that every row must have a value for, and that no column has.

        `columns`: the canonical names of a list's columns.
        """
        return sorted(self.needed.difference(columns, _OF_EVERY_ROW))

    def render(self, values: Mapping[str, str], language: Language = DEFAULT_LANGUAGE) -> Rendered:
        """Return the message for a row, with its faults.

        `values`: by canonical names, with those of `reserved_values`. Each value is text: nothing
        in it becomes Markdown.
        """
        text, run = self.texts[language], Run(values)
        subject, markdown = text.subject.render(run), text.markdown.render(run)
        faults = tuple(run.faults.values()) or _wrong_lengths(subject, markdown)
        return Rendered(subject, markdown, faults)

    def faults(self, values: Mapping[str, str]) -> tuple[RowFault, ...]:
        """Return the faults of a row in all languages, each once."""
        found = {
            (one.field, one.code): one
            for language in self.texts
            for one in self.render(values, language).faults
        }
        return tuple(found.values())

    def too_long_for(self, most: int, values: Mapping[str, str]) -> tuple[RowFault, ...]:
        """Return the fault of a text with more than `most` UTF-16 code units, in any language."""
        longest = max(
            utf16_length(self.render(values, language).markdown) for language in self.texts
        )
        if longest <= most:
            return ()
        rule = f"must be at most {most} UTF-16 code units long beside instalments, is {longest}"
        return (RowFault("markdown", "WRONG_LENGTH", rule),)


@lru_cache(maxsize=32)
def compile_template(form: TemplateForm) -> MessageTemplate:
    """Return the template that can be rendered. Raise InvalidTemplateError with all faults.

    Cost: a millisecond or two for a letter, once in a while for each template.
    """
    texts: dict[Language, _Text] = {}
    faults: list[TemplateFault] = []
    for language, pointer, text in form.texts():
        read = _Text(
            read_block(text.subject, language, is_markdown=False),
            read_block(text.markdown, language, is_markdown=True),
        )
        texts[language] = read
        for name, block in read._asdict().items():
            faults += [TemplateFault(f"{pointer}/{name}", *one) for one in block.faults]
        faults += _foreign(pointer, read, texts[DEFAULT_LANGUAGE])
    if not faults:
        faults = list(_wrong_plain_texts(form, texts))
    if faults:
        raise InvalidTemplateError(tuple(faults[:MAX_FAULTS]))
    blocks = [block for text in texts.values() for block in text]
    return MessageTemplate(
        texts=texts,
        names=frozenset().union(*(one.names for one in blocks)),
        needed=frozenset().union(*(one.needed for one in blocks)),
    )


def _foreign(pointer: str, read: _Text, italian: _Text) -> Iterator[TemplateFault]:
    """Yield a fault for each name that the Italian text does not have."""
    if any(block.faults for block in italian):
        # not all of its names are known
        return
    for name, block in read._asdict().items():
        for foreign in sorted(block.names - italian.names - RESERVED.keys()):
            rule = f"{{{{ {foreign} }}}} is not in the Italian text"
            yield TemplateFault(f"{pointer}/{name}", 0, 0, rule)


def _wrong_plain_texts(
    form: TemplateForm, texts: Mapping[Language, _Text]
) -> Iterator[TemplateFault]:
    """Yield a fault for each text that is the same for every row, and has a wrong length."""
    for language, pointer, _ in form.texts():
        for name, block in texts[language]._asdict().items():
            if block.is_plain:
                for rule in _wrong_length(name, block.render(Run({}))):
                    yield TemplateFault(f"{pointer}/{name}", 0, 0, rule)


def _wrong_length(name: str, text: str) -> Iterator[str]:
    try:
        _LENGTHS[name].check(text)
    except ValueError as error:
        yield str(error)


def _wrong_lengths(subject: str, markdown: str) -> tuple[RowFault, ...]:
    return tuple(
        RowFault(name, "WRONG_LENGTH", rule)
        for name, text in (("subject", subject), ("markdown", markdown))
        for rule in _wrong_length(name, text)
    )
