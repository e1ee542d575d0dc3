"""Open one message of the inbox, as the citizen reads it."""

from lib.domain.identity.access import Access
from lib.domain.messages.message import Message
from lib.domain.shared.identifiers import MessageId
from lib.repositories.messages.contents import Contents
from lib.use_cases.messages.known_payment import KnownPayment
from lib.use_cases.messages.read_message import ReadMessage


class OpenMessage:
    """Return a citizen's message with the current status of its payment.

    Cost: one point read; one more where the message's payment is not marked as paid, and one for
    a shared content that the process does not keep.
    """

    def __init__(self, read: ReadMessage, contents: Contents, known_payment: KnownPayment) -> None:
        self._read = read
        self._contents = contents
        self._known_payment = known_payment

    async def __call__(self, access: Access, message_id: MessageId) -> Message:
        """Return the message.

        Raise MessageNotFoundError where the message is not in this citizen's inbox.
        """
        message = await self._read(access, message_id)
        return await self._known_payment(await self._contents.whole(message))
