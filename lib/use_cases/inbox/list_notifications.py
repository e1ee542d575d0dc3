"""List the notifications that were sent to a citizen."""

from lib.domain.identity.access import Access
from lib.repositories.inbox.own_notifications import NotificationPage, OwnNotifications


class ListNotifications:
    """Return a page of the notifications of the last 90 days. Cost: one query."""

    def __init__(self, notifications: OwnNotifications) -> None:
        self._notifications = notifications

    async def __call__(self, access: Access, *, size: int, cursor: str | None) -> NotificationPage:
        """Return a page; see OwnNotifications.page."""
        return await self._notifications.page(access.subject, size, cursor)
