"""A payment notice as accepted: its sums, its messages and its amendments."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from lib.domain.payment_notices.errors import NoticeConflictError
from lib.domain.payment_notices.notice_request import NoticeTerms, Term, check_deadline, pointers
from lib.domain.profiles.choices import Language
from lib.domain.shared.values import parse_timestamp

MAX_AMENDMENTS: Final = 10
"""The latest ones, which citizen and sender see."""
REOPENED: Final = "reopened"
"""What changed by a reopening, among the names of fields."""
INSTALMENT_LEAD: Final = timedelta(days=30)
"""How long before its due date a later instalment becomes a message of its own."""


class Amendment(NamedTuple):
    """The time of a version of the notice (as `values.timestamp`) and the fields that changed."""

    version: int
    at: str
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A payment notice. `fiscal_code` is the debtor's; the repr leaves it out.

    `terms`: the whole sum, where `has_whole`, and the instalments. The notice's own message asks
    for the first term; each later term becomes a message when its due date is near. `message_ids`
    stand beside the terms, None for a term that is no message yet. Times are as `values.timestamp`
    writes them. `reopened_at` and `version_reopened` are of the last reopening; `undone_at` is the
    time of the cancellation that it undid.
    """

    payee: str
    fiscal_code: str
    service_id: str
    user_id: str
    created_at: str
    language: Language
    subject: str
    description: str | None
    invalid_after_due_date: bool
    terms: tuple[Term, ...]
    message_ids: tuple[str | None, ...]
    has_whole: bool
    version: int = 1
    amendments: tuple[Amendment, ...] = ()
    cancelled_at: str | None = None
    reopened_at: str | None = None
    version_reopened: int = 0
    undone_at: str | None = None

    @property
    def rpt_id(self) -> str:
        """The key of the notice: payee and notice number of its first term."""
        return self.rpt_id_of(0)

    @property
    def message_id(self) -> str:
        """The id of the notice's own message."""
        return self.message_ids[0] or ""

    @property
    def instalments(self) -> tuple[Term, ...]:
        """The instalments; none where there is one sum only."""
        return self.terms[self.has_whole :]

    def rpt_id_of(self, index: int) -> str:
        """Return the name of a term's payment at pagoPA."""
        return f"{self.payee}{self.terms[index].notice_number}"

    def becoming(self, index: int, message_id: str) -> "Notice":
        """Return the notice with the message of a term."""
        ids = (*self.message_ids[:index], message_id, *self.message_ids[index + 1 :])
        return replace(self, message_ids=ids)

    def sends_from(self, index: int) -> datetime:
        """Return when a later term is to become a message."""
        return parse_timestamp(self.terms[index].due_date) - INSTALMENT_LEAD

    def reopened(self, at: str, undoes: str) -> "Notice":
        """Return the notice as valid again, after its cancellation at the time `undoes`."""
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
        self, asked: NoticeTerms, terms: tuple[Term, ...], now: datetime, at: str
    ) -> "Notice":
        """Return the notice with the requested change; the same notice where nothing changes.

        Raise NoticeConflictError where the request names other payments, NoticeInvalidError for a
        new due date that is not plausible.
        """
        if [one.notice_number for one in terms] != [one.notice_number for one in self.terms]:
            raise NoticeConflictError(
                "The notice stands under other notice numbers, which cannot change: "
                "cancel it and send a new one."
            )
        changed = tuple(name for name, is_new in self._differences(asked, terms).items() if is_new)
        if not changed:
            return self
        check_due_dates(terms, now, whole=self.has_whole, before=self.terms)
        version = self.version + 1
        amendments = (*self.amendments, Amendment(version, at, changed))
        return replace(
            self,
            subject=asked.subject,
            description=asked.description,
            invalid_after_due_date=asked.invalid_after_due_date,
            terms=terms,
            version=version,
            amendments=amendments[-MAX_AMENDMENTS:],
        )

    def _differences(self, asked: NoticeTerms, terms: tuple[Term, ...]) -> dict[str, bool]:
        whole = self.has_whole
        return {
            "subject": asked.subject != self.subject,
            "description": asked.description != self.description,
            "invalid_after_due_date": asked.invalid_after_due_date != self.invalid_after_due_date,
            "amount_cents": whole and terms[0].amount != self.terms[0].amount,
            "due_date": whole and _due(terms[0]) != _due(self.terms[0]),
            "instalments": terms[whole:] != self.instalments,
        }


def check_due_dates(
    terms: tuple[Term, ...], now: datetime, *, whole: bool, before: Sequence[Term] = ()
) -> None:
    """Check each new due date against today's date."""
    known = {(one.notice_number, _due(one)) for one in before}
    for pointer, one in pointers(terms, whole=whole):
        if (one.notice_number, _due(one)) not in known:
            check_deadline(one.deadline, now, f"{pointer}/due_date")


def _due(term: Term) -> tuple[str, str | None]:
    return term.due_date, term.due_day
