"""A payment notice as accepted: its sums, its messages and its amendments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from lib.domain.payment_notices.errors import NoticeConflictError
from lib.domain.payment_notices.notice_request import NoticeTerms, Term, check_deadline, pointers
from lib.domain.profiles.choices import Language
from lib.domain.shared.identifiers import (
    NO_MESSAGE_ID,
    MessageId,
    OrganizationFiscalCode,
    Reference,
    RptId,
    ServiceId,
    rpt_id_of,
)
from lib.domain.shared.values import parse_timestamp

MAX_AMENDMENTS: Final = 10
"""The number of amendments that are stored: the latest ones. Citizen and sender see them."""
REOPENED: Final = "reopened"
"""The name of the change that a reopening makes, among the names of changed fields."""
INSTALMENT_LEAD: Final = timedelta(days=30)
"""The time before its due date at which a later instalment becomes a message of its own."""


class Amendment(NamedTuple):
    """The time of a version of the notice (as `values.timestamp`) and the fields that changed."""

    version: int
    at: str
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A payment notice. `fiscal_code` is the debtor's; the repr leaves it out.

    `terms`: the whole sum, where `has_whole`, and the instalments. The notice's own message asks
    for the first term; each later term becomes a message when its due date is near. `message_ids`:
    one id for each term, None for a term without a message yet. Times are as `values.timestamp`
    writes them. `reopened_at` and `version_reopened`: time and version of the last reopening;
    `undone_at`: the time of the cancellation that the last reopening undid. `markdown`: the
    sender's text in Markdown, of a row of a batch, in place of a description. `settings`: the
    members of a submission that the messages have, beside their text; empty for the defaults.
    """

    payee: OrganizationFiscalCode
    fiscal_code: str
    service_id: ServiceId
    user_id: str
    created_at: str
    language: Language
    subject: str
    description: str | None
    invalid_after_due_date: bool
    terms: tuple[Term, ...]
    message_ids: tuple[MessageId | None, ...]
    has_whole: bool
    version: int = 1
    amendments: tuple[Amendment, ...] = ()
    cancelled_at: str | None = None
    reopened_at: str | None = None
    version_reopened: int = 0
    undone_at: str | None = None
    reference: Reference | None = None
    intermediary: OrganizationFiscalCode | None = None
    markdown: str | None = field(default=None, repr=False)
    settings: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def rpt_id(self) -> RptId:
        """The key of the notice: payee and notice number of its first term."""
        return self.rpt_id_of(0)

    @property
    def message_id(self) -> MessageId:
        """The id of the notice's own message."""
        return self.message_ids[0] or NO_MESSAGE_ID

    @property
    def instalments(self) -> tuple[Term, ...]:
        """The instalments; empty for a notice of one sum."""
        return self.terms[self.has_whole :]

    def rpt_id_of(self, index: int) -> RptId:
        """Return the name of a term's payment at pagoPA."""
        return rpt_id_of(self.payee, self.terms[index].notice_number)

    def becoming(self, index: int, message_id: MessageId) -> "Notice":
        """Return the notice with the id of a term's message."""
        ids = (*self.message_ids[:index], message_id, *self.message_ids[index + 1 :])
        return replace(self, message_ids=ids)

    def sends_from(self, index: int) -> datetime:
        """Return the time at which a later term becomes a message."""
        return parse_timestamp(self.terms[index].due_date) - INSTALMENT_LEAD

    def reopened(self, at: str, undoes: str) -> "Notice":
        """Return the notice, valid again after its cancellation at the time `undoes`."""
        version = self.version + 1
        amendments = (*self.amendments, Amendment(version, at, (REOPENED,)))
        return replace(
            self,
            version=version,
            amendments=amendments[-MAX_AMENDMENTS:],
            cancelled_at=None,
            reopened_at=at,
            version_reopened=version,
            undone_at=undoes,
        )

    def amended(
        self, requested: NoticeTerms, terms: tuple[Term, ...], now: datetime, at: str
    ) -> "Notice":
        """Return the notice with the requested change; the same notice where nothing changes.

        A new description takes the place of the text in Markdown.
        Raise NoticeConflictError where the request names other payments, NoticeInvalidError for a
        new due date that is not plausible.
        """
        if [term.notice_number for term in terms] != [term.notice_number for term in self.terms]:
            raise NoticeConflictError(
                "The notice has other notice numbers, and they cannot change: cancel the notice "
                "and send a new one."
            )
        changed = tuple(
            name for name, is_new in self._differences(requested, terms).items() if is_new
        )
        if not changed:
            return self
        check_due_dates(terms, now, whole=self.has_whole, before=self.terms)
        version = self.version + 1
        amendments = (*self.amendments, Amendment(version, at, changed))
        return replace(
            self,
            subject=requested.subject,
            description=requested.description,
            markdown=None if "description" in changed else self.markdown,
            invalid_after_due_date=requested.invalid_after_due_date,
            terms=terms,
            version=version,
            amendments=amendments[-MAX_AMENDMENTS:],
        )

    def _differences(self, requested: NoticeTerms, terms: tuple[Term, ...]) -> dict[str, bool]:
        whole = self.has_whole
        return {
            "subject": requested.subject != self.subject,
            "description": requested.description != self.description,
            "invalid_after_due_date": requested.invalid_after_due_date
            != self.invalid_after_due_date,
            "amount_cents": whole and terms[0].amount != self.terms[0].amount,
            "due_date": whole and _due(terms[0]) != _due(self.terms[0]),
            "instalments": terms[whole:] != self.instalments,
        }


def check_due_dates(
    terms: tuple[Term, ...], now: datetime, *, whole: bool, before: Sequence[Term] = ()
) -> None:
    """Check each new due date against the current time. Raise NoticeInvalidError."""
    unchanged = {(term.notice_number, _due(term)) for term in before}
    for pointer, term in pointers(terms, whole=whole):
        if (term.notice_number, _due(term)) not in unchanged:
            check_deadline(term.deadline, now, f"{pointer}/due_date")


def _due(term: Term) -> tuple[str, str | None]:
    return term.due_date, term.due_day
