"""The rights of a service that an operator alone grants."""

from dataclasses import dataclass
from typing import Literal

ServiceCategory = Literal["STANDARD", "SPECIAL"]


@dataclass(frozen=True, slots=True)
class ServiceRights:
    """The rights of a service beyond those that its approval gives.

    `category`: a SPECIAL service itself activates the citizens to whom it writes.
    `reads_subscriptions_feed`: whether its keys may read who subscribed on a day.
    """

    category: ServiceCategory
    reads_subscriptions_feed: bool
