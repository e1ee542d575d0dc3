"""Calls about payment notices."""

from urllib.parse import quote

from recapito.decoding import decode, encode
from recapito.models.messages import DryRun
from recapito.models.notices import NewNotice, Notice, NoticeReceipt, NoticeTerms
from recapito.transport import Transport

_PATH = "/api/v1/payment-notices"


class Notices:
    """Send payment notices, amend, cancel and reopen them.

    The same notice again sends nothing, so each call may be repeated.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def send(self, notice: NewNotice) -> NoticeReceipt:
        """Send a notice; the same notice with other terms amends the first."""
        return decode(
            NoticeReceipt, self._transport.call("POST", _PATH, encode(notice), repeats=True)
        )

    def dry_run(self, notice: NewNotice) -> DryRun:
        """Check a notice without sending it."""
        path = "/api/v1/dry-runs/payment-notices"
        return decode(DryRun, self._transport.call("POST", path, encode(notice), repeats=True))

    def read(self, rpt_id: str) -> Notice:
        """Read a notice as it is now."""
        return decode(Notice, self._transport.call("GET", f"{_PATH}/{quote(rpt_id)}"))

    def amend(self, rpt_id: str, version: int, terms: NoticeTerms) -> NoticeReceipt:
        """Change a notice. `version`: that of the notice that you read last."""
        body = {"version": version, **encode(terms)}
        return decode(NoticeReceipt, self._transport.call("PUT", f"{_PATH}/{quote(rpt_id)}", body))

    def cancel(self, rpt_id: str) -> Notice:
        """Cancel a notice; a second cancellation changes nothing."""
        return decode(Notice, self._transport.call("DELETE", f"{_PATH}/{quote(rpt_id)}"))

    def reopen(self, rpt_id: str) -> Notice:
        """Make a cancelled notice valid again; an open notice is unchanged."""
        path = f"{_PATH}/{quote(rpt_id)}/reopening"
        return decode(Notice, self._transport.call("POST", path, repeats=True))
