"""The things that the rows of a chunk share while they are sent."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lib.domain.batches.batch import Batch
from lib.domain.batches.recipients.row import Row
from lib.domain.batches.rows.row_message import row_message, row_message_id
from lib.domain.batches.rows.row_values import values_of
from lib.domain.batches.templates.template import Rendered
from lib.domain.messages.message import Message
from lib.domain.messages.message_parts import InlineContent
from lib.domain.profiles.choices import DEFAULT_LANGUAGE, Language, Profile, ServicePreference
from lib.domain.services.service import Sender
from lib.domain.shared.values import parse_timestamp
from lib.rendering.message_templates.compiled import MessageTemplate


@dataclass(frozen=True, slots=True)
class Citizens:
    """The choices of the recipients, by fiscal code; absent ones have made none."""

    profiles: Mapping[str, Profile]
    preferences: Mapping[str, ServicePreference]


@dataclass(frozen=True, slots=True)
class Run:
    """A batch that is sent now.

    `sender`: with its present rights; None where the sender has none any more. `commons`: the
    message in each language of the template, with a shared content where the text is the same for
    all rows. `chunk`: the number of the chunk. `is_repeated`: an earlier run began with the rows.
    """

    batch: Batch
    chunk: int
    sender: Sender
    template: MessageTemplate
    commons: Mapping[Language, Message]
    citizens: Citizens
    is_repeated: bool

    def message(self, row: Row) -> Message:
        """Return the accepted message of a row, in its citizen's language.

        The rules of a template's text were checked with the list; a text that breaks them by now
        is sent as it is.
        """
        profile = self.citizens.profiles.get(row.fiscal_code)
        language = DEFAULT_LANGUAGE
        if profile is not None:
            language = self.template.language_for(profile.preferred_languages)
        common = self.commons[language]
        if self.template.needs_rendering:
            common = self._rendered(common, row, language)
        service = self.sender.service
        return row_message(
            common,
            row,
            row_message_id(
                self.batch.id, row.number, self.chunk, parse_timestamp(common.created_at)
            ),
            payee=service.organization_fiscal_code,
            policy=service.duplicate_policy,
        )

    def text(self, row: Row, language: Language) -> Rendered:
        """Return the text of a row in a language of the template."""
        return self.template.render(values_of(row, self.batch.form), language)

    def _rendered(self, common: Message, row: Row, language: Language) -> Message:
        text = self.text(row, language)
        fields = {} if common.content is None else common.content.fields
        content = InlineContent(
            text.subject, None, {**fields, "subject": text.subject, "markdown": text.markdown}
        )
        return replace(common, title=text.subject, content=content)
