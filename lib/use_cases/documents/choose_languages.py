"""Choose the languages of a document for its citizen."""

from lib.domain.documents.documents import of_paper
from lib.domain.identity.access import Access
from lib.domain.profiles.choices import DEFAULT_LANGUAGE, Language
from lib.repositories.profiles.profiles import Profiles


class ChooseLanguages:
    """Return the languages of a document. Cost: one point read, without an asked language."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles

    async def __call__(
        self, access: Access, asked: Language | None, offered: tuple[Language, ...]
    ) -> tuple[Language, ...]:
        """Return the languages of a paper: Italian, and the citizen's or else the sender's second.

        `asked`: the citizen's wish for this paper. `offered`: the languages by the sender's wish.
        """
        own = of_paper(await self.of_citizen(access, asked))
        return own if asked is not None or len(own) > 1 else offered

    async def of_citizen(self, access: Access, asked: Language | None) -> Language:
        """Return the language of a text that the citizen alone reads."""
        if asked is not None:
            return asked
        profile = await self._profiles.profile(access.subject)
        return DEFAULT_LANGUAGE if profile is None else profile.language
