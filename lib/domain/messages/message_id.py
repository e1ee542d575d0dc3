"""The ids of messages: ULIDs whose first random bits are the lane of their acceptance."""

from datetime import datetime
from typing import Final

from ulid import ULID
from ulid.base32 import ENCODE

from lib.domain.shared.identifiers import MessageId

LANES: Final = 16
LANE_MILLISECONDS: Final = 128
"""The time after which accepted messages get the next lane: a lane gets 700 of 5,600 a second."""

_TIME: Final = 10
"""The number of characters of a ULID that hold the time; the other characters are random."""
_LENGTH: Final = 26
_RANDOM: Final = 6
"""The first random byte of a ULID."""


def new_message_id(begins: datetime, now: datetime) -> MessageId:
    """Return an id for a message that is accepted now and begins now or at its set time.

    Messages that are accepted within the same LANE_MILLISECONDS have the same lane, so that their
    writes can share a request. The lane is not the time in the id, since all messages for a set
    time have that time in common.
    """
    octets = bytearray(ULID.from_datetime(begins).bytes)
    lane = int(now.timestamp() * 1000) // LANE_MILLISECONDS % LANES
    octets[_RANDOM] = lane << 4 | octets[_RANDOM] & 0x0F
    return MessageId(str(ULID(bytes(octets))))


def lane_of(id_: MessageId) -> int:
    """Return the lane of any message's id, 0 to 15."""
    # the first four of the five bits of the character after the time
    return ENCODE.index(id_[_TIME]) >> 1


def first_id_of(moment: datetime) -> MessageId:
    """Return the least id that a message of this time can have."""
    try:
        return MessageId(str(ULID.from_datetime(moment))[:_TIME].ljust(_LENGTH, "0"))
    except (ValueError, OverflowError):
        # a time before 1970
        return MessageId("0" * _LENGTH)
