"""Turn a stored message into its submission again, to check it by the rules of submissions."""

from lib.domain.messages.content import Content
from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.messages.message import Message
from lib.domain.messages.new_message import NewMessage


def as_submitted(message: Message) -> NewMessage:
    """Return what the sender asked for, without recipient, set time and superseded message.

    The acceptance adds the sender's own organisation as the payee; it is left out again, since a
    payee in a submission needs a right of its own. Raise MessageNotFoundError without a content.
    `message`: with all members of its content (Contents.whole).
    """
    if message.content is None:
        raise MessageNotFoundError
    content = Content.model_validate(message.content.fields)
    payment, own = content.payment_data, message.sender.organization_fiscal_code
    if payment and payment.payee and payment.payee.fiscal_code == own:
        unnamed = payment.model_copy(update={"payee": None})
        content = content.model_copy(update={"payment_data": unnamed})
    return NewMessage(
        time_to_live=message.time_to_live,
        feature_level_type=message.feature_level,
        content=content,
    )
