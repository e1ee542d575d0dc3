"""An opened message in answers to the app: its content in a language, its files and languages."""

from typing import Annotated

from functions.http.contract.answers import StoredContent
from functions.http.views.files.items import AttachmentItem, shown_file
from functions.http.views.inbox.items import InboxItem
from functions.http.views.inbox.members import members_of
from functions.http.views.words.translations import TranslationView, translation_view
from lib.domain.messages.message import Message
from lib.domain.messages.words.variants import in_language, subject_of
from lib.domain.profiles.choices import DEFAULT_LANGUAGE, Language
from lib.domain.remote_content import announced as third_party
from lib.domain.shared.described import says
from lib.rendering.withdrawn_message import cancelled_markdown, withdrawn_markdown


class MessageAnswer(InboxItem):
    """An opened message. The fields of the list are present only with `public_message`."""

    attachments: Annotated[
        list[AttachmentItem] | None,
        says("The files that came with the message. Absent: none is stored here."),
    ] = None
    content: Annotated[
        StoredContent, says("What the citizen reads, with its payment, attachments and due date.")
    ]
    language: Annotated[
        Language | None,
        says(
            "The language of the content. Absent: the sender wrote in Italian alone, or an earlier "
            "version stored none."
        ),
    ] = None
    translation: Annotated[
        TranslationView | None,
        says(
            "Present where the content is a translation by machine, which was asked for with "
            "`language`."
        ),
    ] = None
    languages: Annotated[
        list[Language] | None,
        says(
            "The languages that the sender wrote in, Italian first: pass one of them as "
            "`language`. Absent: in Italian alone."
        ),
    ] = None


def opened(message: Message, language: Language, *, public: bool) -> MessageAnswer:
    """Return the answer for one message of the inbox, in one of its languages."""
    fields = in_language(message.content.fields if message.content else {}, language)
    translation = message.translated_into(language)
    if translation is not None:
        fields |= {"subject": translation.subject, "markdown": translation.markdown}
    if message.withdrawal is not None:
        # apps that do not know the members of a withdrawal show the text
        markdown = withdrawn_markdown(fields.get("markdown", ""), message.withdrawal)
        fields = {**fields, "markdown": markdown}
    elif message.is_notice and message.payment_status == "CANCELLED":
        # and apps that do not ask for `payment_status`
        markdown = cancelled_markdown(fields.get("markdown", ""), message.written_language)
        fields = {**fields, "markdown": markdown}
    fields = {name: value for name, value in fields.items() if name != third_party.FIELD}
    if (announced := third_party.shown(message)) is not None:
        fields[third_party.FIELD] = announced
    files = [AttachmentItem(**shown_file(one)) for one in message.attachments] or None
    variants = message.variants
    members = members_of(message, (language,), enrich=public)
    if public and (variants or translation):
        members |= {"message_title": subject_of(fields)}
    return MessageAnswer(
        **members,
        attachments=files,
        content=fields,
        language=language if variants or translation else message.language,
        translation=None if translation is None else translation_view(translation),
        languages=[DEFAULT_LANGUAGE, *variants] if variants else None,
    )
