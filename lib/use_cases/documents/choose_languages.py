"""Choose the languages of a paper for its citizen."""

from lib.domain.identity.access import Access
from lib.domain.profiles.choices import DEFAULT_LANGUAGE, Language
from lib.repositories.profiles.profiles import Profiles


class ChooseLanguages:
    """Return the languages of a paper: Italian, since it is shown at counters, and the citizen's.

    Cost: one point read, without an asked language.
    """

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles

    async def __call__(self, access: Access, asked: Language | None) -> tuple[Language, ...]:
        """Return the languages. `asked`: the citizen's wish for this paper."""
        second = await self.of_citizen(access, asked)
        return tuple(dict.fromkeys((DEFAULT_LANGUAGE, second)))

    async def of_citizen(self, access: Access, asked: Language | None) -> Language:
        """Return the language of a text that the citizen alone reads."""
        if asked is not None:
            return asked
        profile = await self._profiles.profile(access.subject)
        return DEFAULT_LANGUAGE if profile is None else profile.language
