"""The messages that a citizen asks for: one place of the inbox, narrowed by filters."""

from dataclasses import dataclass
from typing import Literal

from lib.domain.inbox.errors import ImpossibleFilterError
from lib.domain.inbox.words import SearchedWords
from lib.domain.messages.message_parts import CategoryTag
from lib.domain.messages.message_summary import MessageSummary
from lib.domain.messages.words.about import AboutKind
from lib.domain.shared.identifiers import MessageId, OrganizationFiscalCode, ServiceId

Place = Literal["INBOX", "ARCHIVE", "BIN"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxFilter:
    """The messages of one place that satisfy all filters; None and False are no filter.

    `since` and `until` bound the ids, as `first_id_of` makes them of times: since <= id < until.
    `due_since` and `due_until` bound the due date, as `values.timestamp` writes it, in the same
    way. `service_ids`: the services that the caller may see; None for all. Raise
    ImpossibleFilterError for filters that no message satisfies.
    """

    place: Place = "INBOX"
    service_ids: frozenset[ServiceId] | None = None
    service_id: ServiceId | None = None
    organization: OrganizationFiscalCode | None = None
    category: CategoryTag | None = None
    about: AboutKind | None = None
    is_unread: bool = False
    is_starred: bool = False
    is_to_pay: bool = False
    since: MessageId | None = None
    until: MessageId | None = None
    due_since: str | None = None
    due_until: str | None = None
    words: SearchedWords | None = None

    def __post_init__(self) -> None:
        """Refuse filters that contradict each other."""
        if self.since and self.until and self.since >= self.until:
            raise ImpossibleFilterError("#/query/to", "must not be before `from`")
        if self.due_since and self.due_until and self.due_since >= self.due_until:
            raise ImpossibleFilterError("#/query/due_to", "must not be before `due_from`")
        if self.is_to_pay and self.category not in {None, "PAYMENT"}:
            raise ImpossibleFilterError(
                "#/query/category", "must be PAYMENT or absent with `to_pay`"
            )

    @property
    def services(self) -> tuple[ServiceId, ...] | None:
        """The services of which messages are asked for; None for all of them."""
        if self.service_ids is None:
            return None if self.service_id is None else (self.service_id,)
        return tuple(sorted(one for one in self.service_ids if self.service_id in {None, one}))

    @property
    def has_due(self) -> bool:
        """Whether the due date is bounded."""
        return self.due_since is not None or self.due_until is not None

    def admits(self, message: MessageSummary, now: str) -> bool:
        """Tell whether a message of the place satisfies all filters but bounds of ids and words.

        `now`: the time, as `values.timestamp` writes it.
        """
        until = message.binned_until
        return (
            (self.place != "BIN" or (until is not None and until > now))
            and (self.services is None or message.sender.service_id in self.services)
            and self.organization in {None, message.sender.organization_fiscal_code}
            and self.category in {None, message.category.tag}
            and (self.about is None or (message.about or (None,))[0] == self.about)
            and not (self.is_unread and message.is_read)
            and (message.is_starred or not self.is_starred)
            and (is_to_pay(message) or not self.is_to_pay)
            and self._is_due(message.due_date)
        )

    def _is_due(self, due: str | None) -> bool:
        if due is None:
            return not self.has_due
        since, until = self.due_since, self.due_until
        return (since is None or due >= since) and (until is None or due < until)


def is_to_pay(message: MessageSummary) -> bool:
    """Tell whether the message asks for a payment that is still open."""
    return message.payment_status == "NOT_PAID" and message.withdrawal is None
