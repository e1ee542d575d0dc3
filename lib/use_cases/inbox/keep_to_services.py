"""Keep a delegate to the messages of the services that the delegation names."""

from lib.domain.identity.access import Access
from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.shared.identifiers import MessageId
from lib.repositories.messages.messages import Messages


class KeepToServices:
    """Refuse messages of other services as if they did not exist.

    Cost: one point read for a delegate of some services; nothing for all others.
    """

    def __init__(self, messages: Messages) -> None:
        self._messages = messages

    async def __call__(self, access: Access, message_id: MessageId) -> None:
        """Raise MessageNotFoundError for a message that the delegation does not include."""
        if access.service_ids is None:
            return
        message = await self._messages.get(access.subject, message_id)
        if not access.sees(message.sender.service_id):
            raise MessageNotFoundError
