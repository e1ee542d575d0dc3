"""Find the message that has content beside its own: at its sender's host, or stored here."""

from typing import NamedTuple

from lib.domain.attachments.attached_file import AttachedFile
from lib.domain.identity.access import Access
from lib.domain.messages.content import ThirdPartyData
from lib.domain.messages.message import Message
from lib.domain.remote_content.announced import at_host
from lib.domain.remote_content.errors import NoRemoteContentError, RemoteContentWithdrawnError
from lib.domain.shared.identifiers import MessageId
from lib.use_cases.messages.read_message import ReadMessage


class Announcement(NamedTuple):
    """A message in the inbox, and what it says about its content at the sender.

    `third_party`: None for a message that has files stored here alone.
    """

    message: Message
    third_party: ThirdPartyData | None

    def stored(self, path: str) -> AttachedFile | None:
        """Return the file that is stored here under a path of attachments, which is its id."""
        wanted = path.removeprefix("/")
        return next((one for one in self.message.attachments if one.id == wanted), None)


class FindAnnouncement:
    """Return a citizen's message with such content. Cost: one point read."""

    def __init__(self, read: ReadMessage) -> None:
        self._read = read

    async def __call__(self, access: Access, message_id: MessageId) -> Announcement:
        """Return the message.

        Raise MessageNotFoundError, RemoteContentWithdrawnError, NoRemoteContentError.
        """
        message = await self._read(access, message_id)
        third_party = at_host(message)
        if third_party is None and not message.attachments:
            withdrawn = message.withdrawal is not None
            raise RemoteContentWithdrawnError if withdrawn else NoRemoteContentError
        return Announcement(message, third_party)
