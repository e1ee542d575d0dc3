"""Mark an e-mail address as the citizen's own, by the link that was sent there."""

from lib.mail.links import Grant, Links
from lib.ports.clock import Clock
from lib.ports.documents import DocumentStore
from lib.repositories.recipients import Recipients


class ValidateEmail:
    """One point read and one conditional patch."""

    def __init__(self, store: DocumentStore, links: Links | None, clock: Clock) -> None:
        self._recipients = Recipients(store)
        self._links = links
        self._clock = clock

    def opens(self, token: str) -> bool:
        """Tell whether the token is one of ours, without a look at the citizen's settings."""
        return self._grant(token) is not None

    async def __call__(self, token: str) -> bool:
        """Tell whether the address is validated now; it is not where it is another one by now.

        Raise UnavailableError.
        """
        grant = self._grant(token)
        if grant is None or self._links is None:
            return False
        stored = await self._recipients.stored_profile(grant.fiscal_code)
        email = stored and stored.document.get("email")
        if not email or not self._links.is_for(grant.address, email):
            return False
        return await self._recipients.mark_validated(grant.fiscal_code, email)

    def _grant(self, token: str) -> Grant | None:
        if self._links is None:
            return None
        return self._links.read("validate", token, self._clock.now())
