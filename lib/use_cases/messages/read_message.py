"""Read one message of the inbox. As in IO, this does not mark the message as read."""

from lib.domain.identity.access import Access
from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.messages.message import Message
from lib.domain.shared.identifiers import MessageId
from lib.ports.clock import Clock
from lib.repositories.messages.messages import Messages


class ReadMessage:
    """Return a citizen's message as stored, also from the bin. Cost: one point read."""

    def __init__(self, messages: Messages, clock: Clock) -> None:
        self._messages = messages
        self._clock = clock

    async def __call__(self, access: Access, message_id: MessageId) -> Message:
        """Return the message.

        Raise MessageNotFoundError where the message is not in this citizen's inbox or bin.
        """
        message = await self._messages.get(access.subject, message_id)
        if not (message.is_in_inbox or message.is_in_bin(self._clock.now())):
            raise MessageNotFoundError
        return message
