"""The EU's eTranslation, by its REST interface: a text for each call, the result by callback."""

from typing import Final

import orjson

from lib.adapters.outbound.guarded_http import GuardedHTTP
from lib.domain.profiles.choices import Language
from lib.ports.errors import UnavailableError

SECONDS: Final = 10
_OK: Final = 200
_DOMAIN: Final = "GEN"
"""The domain of the engine: texts of any kind."""


class ETranslation:
    """The client of eTranslation. `application`: the name that the Commission gave, its user too.

    `http`: a client that logs in with it (Digest).
    """

    def __init__(self, url: str, application: str, http: GuardedHTTP) -> None:
        self._url, self._application, self._http = url, application, http

    @property
    def engine(self) -> str:
        """The name of the service."""
        return "eTranslation"

    async def ask(self, text: str, source: Language, target: Language, answer_to: str) -> None:
        """Ask for a translation; see lib.ports.translation.translator."""
        body = {
            "priority": 0,
            "callerInformation": {
                "application": self._application,
                "username": self._application,
            },
            "textToTranslate": text,
            "sourceLanguage": _code(source),
            "targetLanguages": [_code(target)],
            "domain": _DOMAIN,
            "requesterCallback": answer_to,
            "errorCallback": answer_to,
        }
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        status, content = await self._http.post(self._url, headers, orjson.dumps(body))
        # the id of the request, or the negative code of an error
        if status != _OK or not content.strip().isdigit():
            raise UnavailableError(f"eTranslation answered {status} and gave no id")

    async def close(self) -> None:
        """Release the connections."""
        await self._http.close()


def _code(language: Language) -> str:
    return language.partition("_")[0].upper()
