"""Read an attachment of a message: from its sender's host, or one that is stored here."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from lib.domain.attachments.errors import AttachmentNotFoundError
from lib.domain.identity.access import Access
from lib.domain.remote_content.addresses import attachment_path
from lib.domain.remote_content.conditional import Validators
from lib.domain.remote_content.errors import AttachmentPathError, NotAPdfError
from lib.domain.remote_content.judgement import attachment_faults
from lib.domain.shared.identifiers import MessageId
from lib.use_cases.attachments.read_file import ByteRange, FilePart, ReadFile
from lib.use_cases.remote_content.call_sender import NOT_MODIFIED, CallSender
from lib.use_cases.remote_content.find_announcement import FindAnnouncement

_PART: Final = "Attachment"


class Attachment(NamedTuple):
    """A PDF document of a host; `content` is None where the copy of the app is still valid."""

    content: bytes | None
    validators: Validators


class ReadAttachment:
    """Return an attachment. One of a host is a PDF document of at most `most` bytes.

    The id of a file that is stored here is its path. A host's attachment of the same path would not
    be reached: such an id is new for each file.
    Cost: one point read, and those of CallSender or of ReadFile. A host's document is held whole,
    since the platform takes an answer as a whole; CallSender's hosts limit the bytes of all at a
    time.
    """

    def __init__(
        self, find: FindAnnouncement, read_file: ReadFile, call: CallSender, *, most: int
    ) -> None:
        self._find = find
        self._read_file = read_file
        self._call = call
        self._most = most

    async def __call__(
        self,
        access: Access,
        message_id: MessageId,
        path: str,
        query: str,
        conditions: Mapping[str, str],
        asked: ByteRange | None = None,
    ) -> Attachment | FilePart:
        """Return the attachment of a host, or bytes of a file that is stored here.

        `path`, `query`: as attachment_path takes them. `asked`: the range of a stored file.
        Raise AttachmentPathError, AttachmentNotFoundError, NotAPdfError, and the errors of
        FindAnnouncement, CallSender and ReadFile.
        """
        below = attachment_path(path, query)
        if below is None:
            raise AttachmentPathError
        announced = await self._find(access, message_id)
        file = announced.stored(path)
        if file is not None:
            return await self._read_file.part(file, asked)
        message, third_party = announced
        if third_party is None:
            raise AttachmentNotFoundError
        sender = await self._call.sender(third_party, message.fiscal_code)
        call = sender.calls.attachment(below, self._most, conditions)
        answer = await self._call(sender, call, _PART)
        validators = Validators(answer.etag, answer.last_modified)
        if answer.status == NOT_MODIFIED:
            return Attachment(None, validators)
        if attachment_faults(answer.media_type, answer.body):
            raise NotAPdfError
        return Attachment(answer.body, validators)
