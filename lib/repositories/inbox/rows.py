"""The messages that a page of the inbox is made of, as their sources give them."""

from typing import NamedTuple, Protocol

from lib.domain.messages.message_summary import MessageSummary
from lib.domain.shared.identifiers import MessageId
from lib.ports.documents import Condition, Document
from lib.repositories.inbox.sources import Where
from lib.repositories.messages.message_mapping import summary_of


class Span(NamedTuple):
    """The ids from `first` (included) or `above` (not included) to `below` (not included)."""

    above: MessageId | None
    first: MessageId | None
    below: MessageId | None
    upwards: bool

    def conditions(self) -> Where:
        """Return the bounds as conditions of a query."""
        bounds = (
            Condition("id", ">", self.above),
            Condition("id", ">=", self.first),
            Condition("id", "<", self.below),
        )
        return tuple(bound for bound in bounds if bound.value is not None)

    def has(self, id_: MessageId) -> bool:
        """Tell whether an id is in the span."""
        return (
            (self.above is None or id_ > self.above)
            and (self.first is None or id_ >= self.first)
            and (self.below is None or id_ < self.below)
        )

    def after(self, id_: MessageId) -> "Span":
        """Return the rest of the span after an id of it."""
        return self._replace(above=id_) if self.upwards else self._replace(below=id_)

    def up_to(self, id_: MessageId) -> "Span":
        """Return the part of the span before an id of it; `first` includes the id."""
        return self._replace(below=id_) if self.upwards else self._replace(first=id_)


class Row(NamedTuple):
    """A message, and its document."""

    message: MessageSummary
    document: Document

    @property
    def id(self) -> MessageId:
        """The id of the message."""
        return self.message.id


class Part(NamedTuple):
    """The rows of the begin of a span, in its order.

    `end`: the id up to which messages were examined; None for the whole span. `examined`: the
    number of messages that were examined, of which some are no rows.
    """

    rows: list[Row]
    end: MessageId | None
    examined: int


class Source(Protocol):
    """Finds the next messages of a place; a few filters may hold for them all."""

    async def __call__(self, span: Span, limit: int) -> Part:
        """Return the next part of a span, of about `limit` messages at most."""
        ...


def row_of(document: Document) -> Row:
    """Return the row of a document that has at least the fields of a summary."""
    return Row(summary_of(document), document)


def ordered(rows: list[Row], span: Span) -> list[Row]:
    """Return the rows in the order of the span."""
    return sorted(rows, key=lambda one: one.id, reverse=not span.upwards)
