"""Read the content of a message from its sender's host."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lib.domain.identity.access import Access
from lib.domain.messages.content import ThirdPartyData
from lib.domain.messages.message import Message
from lib.domain.messages.words.variants import in_language, subject_of
from lib.domain.profiles.choices import Language
from lib.domain.remote_content.conditional import Validators
from lib.domain.remote_content.errors import (
    HostFailedError,
    InvalidContent,
    InvalidRemoteContentError,
)
from lib.domain.remote_content.judgement import RemoteMessage, announced_faults, read_message
from lib.domain.shared.identifiers import MessageId, ServiceId
from lib.repositories.messages.contents import Contents
from lib.use_cases.remote_content.call_sender import NOT_MODIFIED, CallSender
from lib.use_cases.remote_content.find_announcement import FindAnnouncement
from lib.use_cases.remote_content.read_precondition import PART

_NAMES: Final[dict[str, InvalidContent]] = {
    "/attachments": "ATTACHMENTS_NOT_PRESENT",
    "/details": "REMOTE_CONTENT_NOT_PRESENT",
    "/details/markdown": "MARKDOWN_VALIDATION_ERROR",
    "/details/subject": "SUBJECT_VALIDATION_ERROR",
}


@dataclass(frozen=True, slots=True)
class OpenedContent:
    """A message with the content of its sender's host. `language`: of the message itself.

    `details`: None for a message that announces no content at a host.
    """

    message: Message
    language: Language
    details: dict[str, Any] | None = field(default=None, repr=False)
    attachments: list[dict[str, Any]] = field(default_factory=list, repr=False)
    validators: Validators = field(default_factory=Validators)


class ReadRemoteMessage:
    """Return a message with what its sender's host has about it, if it announces anything there.

    `exempt`: the service whose content is passed on without a look at what was announced, as in IO;
    "" for none.
    Cost: one point read, and those of CallSender; without content at a host one more for a shared
    content that the process does not keep.
    """

    def __init__(
        self, find: FindAnnouncement, contents: Contents, call: CallSender, exempt: ServiceId
    ) -> None:
        self._find = find
        self._contents = contents
        self._call = call
        self._exempt = exempt

    async def __call__(
        self,
        access: Access,
        message_id: MessageId,
        accepted: tuple[Language, ...],
        conditions: Mapping[str, str],
    ) -> OpenedContent | Validators:
        """Return the content, or the validators of the copy that the app has.

        `accepted`: the languages of the reader. The host does not know them, so what it says about
        a copy does not count for a message in several languages.
        Raise InvalidRemoteContentError, and the errors of FindAnnouncement and CallSender.
        """
        message, third_party = await self._find(access, message_id)
        language = message.read_language(accepted)
        if third_party is None:
            return OpenedContent(await self._contents.whole(message), language)
        sender = await self._call.sender(third_party, message.fiscal_code)
        has_variants = bool(message.variants)
        call = sender.calls.message({} if has_variants else conditions)
        answer = await self._call(sender, call, PART)
        validators = Validators()
        if not has_variants:
            validators = Validators(answer.etag, answer.last_modified)
        if answer.status == NOT_MODIFIED:
            return validators
        remote, faults = read_message(answer.body)
        if faults:
            raise HostFailedError("The sender's host gave no message.")
        if message.sender.service_id != self._exempt:
            remote = _as_announced(remote, third_party, message, language)
        details, attachments = remote.details or {}, remote.attachments or []
        return OpenedContent(message, language, details, attachments, validators)


def _as_announced(
    remote: RemoteMessage, told: ThirdPartyData, message: Message, language: Language
) -> RemoteMessage:
    """Return what the message announced and nothing else; raise InvalidRemoteContentError.

    The subject and the text that the sender sent stand in place of those that were not announced.
    """
    faults = announced_faults(
        remote, has_attachments=told.has_attachments, has_remote_content=told.has_remote_content
    )
    if faults:
        raise InvalidRemoteContentError(_NAMES[faults[0].pointer])
    details = remote.details or {}
    if not told.has_remote_content:
        content = message.content
        own = in_language(content.fields if content else {}, language)
        details = {**details, "markdown": own.get("markdown"), "subject": subject_of(own)}
    return RemoteMessage(details, remote.attachments if told.has_attachments else [])
