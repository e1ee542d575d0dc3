"""The facts about a message that its sender may know, beside the status."""

from typing import Final, Literal

from lib.domain.notifications.delivery import Claim, DeliveryStatus
from lib.domain.profiles.choices import Rejection

type ChannelStatus = Literal["PENDING", "SENT", "NOT_SENT", "UNKNOWN"]

NOT_REACHABLE: Final = "NOT_REACHABLE"
"""The reason of a rejection that is the citizen's own.

A missing profile, a closed inbox and a blocked service look the same here: all of them are choices
of the citizen, and IO does not tell them apart.
"""
CITIZENS_OWN: Final = frozenset({Rejection.USER_NOT_FOUND, Rejection.SERVICE_NOT_ALLOWED})
"""The reasons of a rejection that are choices of the citizen."""
_STATUSES: Final[dict[DeliveryStatus, ChannelStatus]] = {
    DeliveryStatus.IN_PROGRESS: "PENDING",
    DeliveryStatus.RELEASED: "PENDING",
    DeliveryStatus.HELD: "PENDING",
    DeliveryStatus.SENT: "SENT",
    DeliveryStatus.UNCONFIRMED: "UNKNOWN",
    DeliveryStatus.FAILED: "NOT_SENT",
    DeliveryStatus.EXPIRED: "NOT_SENT",
    DeliveryStatus.OBSOLETE: "NOT_SENT",
}


def rejection_shown(stored: str | None) -> str | None:
    """Return the reason of a rejection as the sender sees it; None without a rejection."""
    return NOT_REACHABLE if stored in CITIZENS_OWN else stored


def channel_status(claim: Claim) -> ChannelStatus:
    """Return the status of a delivery as the sender sees it.

    A needless, a late and a refused notification look the same: a notification is needless, for
    example, because the citizen has read the message, and few senders may know that.
    """
    return _STATUSES[claim.status]
