"""Find the message whose content its sender keeps."""

from typing import NamedTuple

from lib.domain.identity.access import Access
from lib.domain.messages.content import ThirdPartyData
from lib.domain.messages.message import Message
from lib.domain.remote_content.errors import NoRemoteContentError, RemoteContentWithdrawnError
from lib.domain.shared.identifiers import MessageId
from lib.use_cases.messages.read_message import ReadMessage


class Announcement(NamedTuple):
    """A message in the inbox, and what it says about its content at the sender."""

    message: Message
    third_party: ThirdPartyData


class FindAnnouncement:
    """Return a citizen's message with remote content. Cost: one point read."""

    def __init__(self, read: ReadMessage) -> None:
        self._read = read

    async def __call__(self, access: Access, message_id: MessageId) -> Announcement:
        """Return the message.

        Raise MessageNotFoundError, RemoteContentWithdrawnError, NoRemoteContentError.
        """
        message = await self._read(access, message_id)
        if message.withdrawal is not None:
            raise RemoteContentWithdrawnError
        fields = message.content.fields if message.content else {}
        announced = fields.get("third_party_data")
        if announced is None:
            raise NoRemoteContentError
        return Announcement(message, ThirdPartyData.model_validate(announced))
