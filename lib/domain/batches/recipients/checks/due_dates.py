"""Due dates as rows have them: each text is read once, since many rows share a few dates."""

import re
from datetime import datetime
from typing import Final, NamedTuple

from lib.domain.payment_notices.errors import NoticeInvalidError
from lib.domain.payment_notices.notice_request import check_deadline
from lib.domain.shared.deadline import DueMoment, deadline_at
from lib.domain.shared.due_date import day_or_moment, due_moment
from lib.domain.shared.values import parse_timestamp

_ITALIAN: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_MOST_KEPT: Final = 4096
_FORM: Final = (
    "must be a day such as 2027-06-30 or 30/06/2027, or a date and time such as "
    "2027-06-30T10:00:00Z"
)


class Due(NamedTuple):
    """A due date, and the time in UTC from which it is past."""

    moment: DueMoment
    end: datetime


class DueDates:
    """The due dates of a file. `now`: a due date before it is refused."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._read: dict[str, Due | str] = {}

    def read(self, text: str) -> Due | str:
        """Return the due date; a text that breaks a rule gives the rule in words."""
        known = self._read.get(text)
        if known is not None:
            return known
        if len(self._read) >= _MOST_KEPT:
            self._read.clear()
        self._read[text] = due = self._due(text)
        return due

    def _due(self, text: str) -> Due | str:
        try:
            moment = due_moment(text) if "T" in text else day_or_moment(_iso(text))
            deadline = deadline_at(parse_timestamp(moment), moment.day)
            check_deadline(deadline, self._now, "")
        except NoticeInvalidError as error:
            return error.detail
        except ValueError:
            return _FORM
        return Due(moment, deadline.end)


def _iso(text: str) -> str:
    """Return a day as 2027-06-30 where it is written as in Italy; another text as it is."""
    if found := _ITALIAN.fullmatch(text):
        return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}"
    return text
