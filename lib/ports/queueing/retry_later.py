"""How a use case says that its queue item is to come back changed after an outage."""

from lib.ports.errors import UnavailableError
from lib.ports.queueing.items import Item


class RetryLaterError(UnavailableError):
    """An outage, and the item that remembers what the next attempt must know."""

    def __init__(self, item: Item) -> None:
        super().__init__("to be tried again")
        self.item = item
