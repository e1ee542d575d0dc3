"""Show citizens their own settings."""

import contextlib
from typing import Final

from lib.domain.profiles.profile import NEW
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import NotFoundError, PreconditionFailedError, UnavailableError
from lib.repositories.profiles.recipients import Recipients
from lib.use_cases.profiles.email_owners import EmailOwners

ALREADY_TAKEN: Final = "is_email_already_taken"


class ReadProfile:
    """Return the settings; claim a validated address that has no owner yet.

    Cost: one point read. An address that is not validated is looked up: one point read more, and
    one for its owner. Of a validated address that is not claimed: one create and one patch, once.
    """

    def __init__(self, store: DocumentStore, owners: EmailOwners) -> None:
        self._recipients = Recipients(store)
        self._owners = owners

    async def __call__(self, fiscal_code: str) -> Document:
        """Return the profile as stored; of a citizen who has none the new one, with version 0.

        `is_email_already_taken` is added where another citizen validated the address.
        """
        stored = await self._recipients.stored_profile(fiscal_code)
        if stored is None:
            return {**NEW}
        profile = stored.document
        email = profile.get("email")
        if email and not profile.get("is_email_validated"):
            if await self._owners.is_taken(email, fiscal_code):
                return {**profile, ALREADY_TAKEN: True}
        elif await self._owners.claim_late(profile, fiscal_code):
            # a read must not fail by a write; the next one claims again
            with contextlib.suppress(NotFoundError, PreconditionFailedError, UnavailableError):
                mark = self._owners.claim_mark
                await self._recipients.mark_validated(fiscal_code, mark, stored.etag)
        return profile
