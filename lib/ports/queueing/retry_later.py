"""The error that puts a changed queue item back after an outage."""

from lib.ports.errors import UnavailableError
from lib.ports.queueing.item import Item


class RetryLaterError(UnavailableError):
    """An outage, with the item that the next attempt needs."""

    def __init__(self, item: Item) -> None:
        super().__init__("to be tried again")
        self.item = item
