"""Read what the citizen confirms before a message with remote content opens."""

from typing import Final

from lib.domain.identity.access import Access
from lib.domain.remote_content.errors import HostFailedError
from lib.domain.remote_content.judgement import RemotePrecondition, read_precondition
from lib.domain.shared.identifiers import MessageId
from lib.use_cases.remote_content.call_sender import CallSender
from lib.use_cases.remote_content.find_announcement import FindAnnouncement

PART: Final = "Message"
_NO_CONTENT: Final = 204


class ReadPrecondition:
    """Return the precondition of a message from its sender's host.

    Cost: one point read, and those of CallSender; with the precondition NEVER the host is not
    called. ONCE is asked for after the message was read, too: IO's app knows no better until its
    list is renewed, and takes an answer without a precondition for a failure.
    """

    def __init__(self, find: FindAnnouncement, call: CallSender) -> None:
        self._find = find
        self._call = call

    async def __call__(self, access: Access, message_id: MessageId) -> RemotePrecondition | None:
        """Return the precondition, None if there is none.

        Raise the errors of FindAnnouncement and CallSender.
        """
        message, third_party = await self._find(access, message_id)
        if third_party is None or message.precondition == "NEVER":
            return None
        sender = await self._call.sender(third_party, message.fiscal_code)
        answer = await self._call(sender, sender.calls.precondition(), PART)
        if answer.status == _NO_CONTENT:
            return None
        precondition, faults = read_precondition(answer.body)
        if faults:
            raise HostFailedError("The sender's host gave no precondition.")
        return precondition
