"""Select the sent messages of a recall by their times."""

from datetime import datetime, timedelta
from typing import Final

from lib.domain.messages.errors import EmptySelectionError
from lib.domain.messages.message_id import first_id_of
from lib.domain.messages.withdrawals.selection import NewSelectionRecall, Selection
from lib.domain.services.errors import RecipientForbiddenError
from lib.domain.services.service import Group, Sender
from lib.domain.shared.values import parse_timestamp

LEEWAY: Final = timedelta(seconds=1)
"""By so much the clock of a process that accepts messages may be ahead of the caller's process."""


def selection_of(sender: Sender, body: NewSelectionRecall, now: datetime) -> Selection:
    """Return the messages that a body selects, of those that were accepted by now.

    Raise EmptySelectionError, and RecipientForbiddenError for a sender that may write to some
    citizens alone: messages to others may be among those of its service.
    """
    if Group.LIMITED_MESSAGE_WRITE in sender.groups:
        raise RecipientForbiddenError
    since, until = parse_timestamp(body.since), parse_timestamp(body.until)
    if since >= until:
        raise EmptySelectionError
    return Selection(first_id_of(since), first_id_of(min(until, now + LEEWAY)), body.reference)
