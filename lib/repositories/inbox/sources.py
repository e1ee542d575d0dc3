"""Choose the queries that find the messages of a filter: by the index that serves it best."""

from collections.abc import Collection
from typing import Final

from lib.domain.inbox.inbox_filter import InboxFilter, Place
from lib.domain.shared.identifiers import ServiceId
from lib.ports.documents import Condition, Document

type Where = tuple[Condition, ...]

_FOLDERS: Final[dict[Place, tuple[Where, ...]]] = {
    "INBOX": ((Condition("status", "=", "PROCESSED"), Condition("is_archived", "=", value=False)),),
    "ARCHIVE": (
        (Condition("status", "=", "PROCESSED"), Condition("is_archived", "=", value=True)),
    ),
    # a message keeps its former folder, to which it can be restored
    "BIN": (
        (Condition("status", "=", "BINNED"), Condition("is_archived", "=", value=False)),
        (Condition("status", "=", "BINNED"), Condition("is_archived", "=", value=True)),
    ),
}
_PAYMENT_STATUSES: Final = ("NOT_PAID", "PAID", "CANCELLED")


def is_in(place: Place, document: Document) -> bool:
    """Tell whether a message is in a place, by its document."""
    return any(
        all(document[condition.field] == condition.value for condition in folder)
        for folder in _FOLDERS[place]
    )


def by_id(wanted: InboxFilter) -> tuple[Where, ...]:
    """Return the conditions of the queries by id that find all messages of the filter.

    Each query binds one filter at most, the one that few messages satisfy as a rule: no index
    serves two. The caller checks the other filters. Where a caller may see some services alone,
    there is one query for each, so that no query finds a message of another.
    """
    narrowed = _narrow(wanted)
    return tuple((*folder, *one) for folder in _FOLDERS[wanted.place] for one in narrowed)


def by_due_date(wanted: InboxFilter) -> tuple[Where, ...]:
    """Return the conditions of the queries by due date that find all messages of the filter."""
    bounds = (
        *((Condition("due_date", ">=", wanted.due_since),) if wanted.due_since else ()),
        *((Condition("due_date", "<", wanted.due_until),) if wanted.due_until else ()),
    )
    permitted = of_services(None if wanted.service_ids is None else wanted.services)
    return tuple((*folder, *one, *bounds) for folder in _FOLDERS[wanted.place] for one in permitted)


def of_services(service_ids: Collection[ServiceId] | None) -> tuple[Where, ...]:
    """Return one condition for each service; an empty one for all services, which None means."""
    if service_ids is None:
        return ((),)
    return tuple((Condition("sender_service_id", "=", one),) for one in sorted(service_ids))


def _narrow(wanted: InboxFilter) -> tuple[Where, ...]:
    if wanted.service_ids is not None:
        return of_services(wanted.services)
    values = (
        (wanted.is_starred, "is_starred", (True,)),
        (wanted.is_to_pay, "payment_status", ("NOT_PAID",)),
        (wanted.is_unread, "is_read", (False,)),
        (wanted.service_id, "sender_service_id", (wanted.service_id,)),
        (wanted.organization, "organization_fiscal_code", (wanted.organization,)),
        # a message of this category has a payment, in one of these statuses
        (wanted.category == "PAYMENT", "payment_status", _PAYMENT_STATUSES),
    )
    for is_wanted, field, bound in values:
        if is_wanted:
            return tuple((Condition(field, "=", value),) for value in bound)
    return ((),)
