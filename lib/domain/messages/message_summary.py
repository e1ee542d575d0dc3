"""A message as the list of the inbox shows it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lib.domain.messages.content import Precondition
from lib.domain.messages.message_parts import Category, MessageSender, Withdrawal
from lib.domain.messages.words.about import About
from lib.domain.messages.words.variants import best_of
from lib.domain.payments.payment import PaymentStatus
from lib.domain.profiles.choices import DEFAULT_LANGUAGE, Language
from lib.domain.shared.identifiers import FiscalCode, MessageId


@dataclass(slots=True, kw_only=True, repr=False)
class MessageSummary:
    """The fields of a message in the list of the inbox; times as `values.timestamp` writes them.

    `time_to_live`: the seconds during which the arrival of the message is announced. `due_date` and
    `amount` (euro cents) are None in a rejected message, and where the message has none.
    `payment_status` is None where the message asks for no payment. `binned_until`: the end of its
    time in the bin, None for a message outside. `amended_at`: the latest times
    at which the sender amended the payment notice, the oldest first. `withdrawal` is None for a
    message that its sender did not withdraw. `titles`: in other languages, where the language of
    the message was not chosen at its delivery. `about`: None where its sender does not say it.
    `kept_until`: None for a message that is kept for good.
    """

    id: MessageId
    fiscal_code: FiscalCode
    created_at: str
    sender: MessageSender
    time_to_live: int
    title: str
    is_read: bool
    is_archived: bool
    category: Category
    has_attachments: bool
    precondition: Precondition
    due_date: str | None
    amount: int | None
    payment_status: PaymentStatus | None
    amended_at: tuple[str, ...]
    withdrawal: Withdrawal | None = None
    is_starred: bool = False
    binned_until: str | None = None
    titles: Mapping[Language, str] | None = None
    about: About | None = None
    kept_until: str | None = None

    def __repr__(self) -> str:
        """Return the id of the message only: the rest is personal data."""
        return f"{type(self).__name__}(id={self.id!r})"

    def title_for(self, preferred: Iterable[Language]) -> str:
        """Return the title in the first of the preferred languages that there is."""
        titles = self.titles or {}
        return titles.get(best_of(titles, preferred) or DEFAULT_LANGUAGE, self.title)

    @property
    def has_precondition(self) -> bool:
        """Whether opening the message needs a step first: ALWAYS, or ONCE and not yet read.

        A withdrawn message opens without it, since it shows its withdrawal.
        """
        if self.withdrawal is not None:
            return False
        return self.precondition == "ALWAYS" or (self.precondition == "ONCE" and not self.is_read)
