"""Fetch an attachment of a message from its sender's host."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from lib.domain.identity.access import Access
from lib.domain.remote_content.addresses import attachment_path
from lib.domain.remote_content.conditional import Validators
from lib.domain.remote_content.errors import AttachmentPathError, NotAPdfError
from lib.domain.remote_content.judgement import attachment_faults
from lib.domain.shared.identifiers import MessageId
from lib.use_cases.remote_content.call_sender import NOT_MODIFIED, CallSender
from lib.use_cases.remote_content.find_announcement import FindAnnouncement

_PART: Final = "Attachment"


class Attachment(NamedTuple):
    """A PDF document; `content` is None where the copy of the app is still valid."""

    content: bytes | None
    validators: Validators


class ReadAttachment:
    """Return an attachment, a PDF document of at most `most` bytes.

    Cost: one point read, and those of CallSender. The document is held whole, since the platform
    takes an answer as a whole; CallSender's hosts limit the bytes of all at a time.
    """

    def __init__(self, find: FindAnnouncement, call: CallSender, *, most: int) -> None:
        self._find = find
        self._call = call
        self._most = most

    async def __call__(
        self,
        access: Access,
        message_id: MessageId,
        path: str,
        query: str,
        conditions: Mapping[str, str],
    ) -> Attachment:
        """Return the attachment. `path`, `query`: as attachment_path takes them.

        Raise AttachmentPathError, NotAPdfError, and the errors of FindAnnouncement and CallSender.
        """
        below = attachment_path(path, query)
        if below is None:
            raise AttachmentPathError
        announced = await self._find(access, message_id)
        sender = await self._call.sender(announced)
        call = sender.calls.attachment(below, self._most, conditions)
        answer = await self._call(sender, call, _PART)
        validators = Validators(answer.etag, answer.last_modified)
        if answer.status == NOT_MODIFIED:
            return Attachment(None, validators)
        if attachment_faults(answer.media_type, answer.body):
            raise NotAPdfError
        return Attachment(answer.body, validators)
