"""Content that senders keep, as the app reads it: IO's fields."""

from typing import Annotated, Any

from pydantic import Field

from functions.http.views.inbox.opened import MessageAnswer, opened
from lib.domain.remote_content.judgement import DOCUMENT, RemotePrecondition
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.shared.values import NonEmpty
from lib.use_cases.remote_content.read_remote_message import OpenedContent


class PreconditionAnswer(Model):
    """IO's ThirdPartyMessagePrecondition."""

    title: Annotated[str, says("The title of the notice that the citizen confirms.")]
    markdown: Annotated[str, says("The text of the notice, in Markdown.")]


class RemoteAttachment(Model):
    """IO's ThirdPartyAttachment."""

    id: Annotated[NonEmpty, says("The id of the attachment at its sender.")]
    url: Annotated[NonEmpty, says("The path by which the attachment is downloaded.")]
    content_type: Annotated[
        NonEmpty | None, says("The media type, as the sender says. Absent: it is not told.")
    ] = None
    name: Annotated[NonEmpty | None, says("The name of the file. Absent: it has none.")] = None
    category: Annotated[str, says("The kind of the attachment, in the sender's words.")] = DOCUMENT


class RemoteContentAnswer(Model):
    """IO's ThirdPartyMessage."""

    attachments: Annotated[
        list[RemoteAttachment],
        says(
            "The attachments of the host, if the message announces any, and then the files that "
            "are stored here. The `url` of one of these is its id."
        ),
    ]
    details: Annotated[
        dict[str, Any],
        Field(json_schema_extra={"additionalProperties": True}),
        says("The members `subject` and `markdown` to show, and others of the sender's host."),
    ]


class RemoteMessageAnswer(MessageAnswer):
    """IO's ThirdPartyMessageWithContent."""

    third_party_message: Annotated[
        RemoteContentAnswer, says("The content of the sender's host, and the stored files.")
    ]


def precondition_view(precondition: RemotePrecondition) -> PreconditionAnswer:
    """Return the answer for a precondition."""
    return PreconditionAnswer(title=precondition.title, markdown=precondition.markdown)


def remote_message_view(found: OpenedContent) -> RemoteMessageAnswer:
    """Return the answer for a message, the content at its sender, and the files stored here."""
    known = RemoteAttachment.model_fields
    attachments = [
        RemoteAttachment(**{name: value for name, value in one.items() if name in known})
        for one in found.attachments
    ]
    attachments += [
        RemoteAttachment(id=one.id, url=one.id, content_type=one.media_type, name=one.name)
        for one in found.message.attachments
    ]
    message = opened(found.message, found.language, public=False)
    details = found.details
    if details is None:
        details = {name: message.content[name] for name in ("subject", "markdown")}
    content = RemoteContentAnswer(attachments=attachments, details=details)
    return RemoteMessageAnswer(**dict(message), third_party_message=content)
