"""Count what an organisation does in a day, up to a cap."""

from lib.domain.shared.identifiers import OrganizationFiscalCode
from lib.ports.documents import Condition, DocumentStore, PatchOperation
from lib.ports.errors import ConflictError, NotFoundError, PreconditionFailedError
from lib.ports.schema.senders import ORGANIZATION_DAYS


class OrganizationDays:
    """Count by organisation, kind and day; a count is deleted after ten days.

    `kind`: a word such as `messages`. `day`: a day such as `2027-06-30`.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def add(
        self, organization: OrganizationFiscalCode, kind: str, day: str, *, cap: int
    ) -> bool:
        """Count one more of the day; return False, and count nothing, at the cap.

        Cost: one patch; one create more for the first of a day.
        """
        if cap < 1:
            return False
        id_ = _id(kind, day)
        below = Condition("count", "<", cap)
        more = PatchOperation("incr", "/count", 1)
        try:
            await self._store.patch(ORGANIZATION_DAYS, organization, id_, (more,), where=(below,))
        except PreconditionFailedError:
            return False
        except NotFoundError:
            first = {"id": id_, "organization_fiscal_code": organization, "count": 1}
            try:
                await self._store.create(ORGANIZATION_DAYS, first)
            except ConflictError:
                return await self.add(organization, kind, day, cap=cap)
        return True

    async def count(self, organization: OrganizationFiscalCode, kind: str, day: str) -> int:
        """Return the count of the day. Cost: one point read."""
        try:
            stored = await self._store.read(ORGANIZATION_DAYS, organization, _id(kind, day))
        except NotFoundError:
            return 0
        count: int = stored.document["count"]
        return count


def _id(kind: str, day: str) -> str:
    return f"{kind}-{day}"
