"""A service that translates for the sandbox: it marks each text, and posts it to its address."""

from lib.adapters.outbound.guarded_http import GuardedHTTP
from lib.domain.profiles.choices import Language
from lib.ports.errors import UnavailableError

_OK = 200


class ScriptedTranslator:
    """A service that answers at once."""

    def __init__(self, http: GuardedHTTP) -> None:
        self._http = http

    @property
    def engine(self) -> str:
        """The name of the service."""
        return "Sandbox"

    async def ask(self, text: str, source: Language, target: Language, answer_to: str) -> None:
        """Translate; see lib.ports.translation.translator."""
        form = {"target-language": target, "translated-text": f"[{source} > {target}] {text}"}
        status, _ = await self._http.post(answer_to, {}, form)
        if status != _OK:
            raise UnavailableError(f"the sandbox's own address answered {status}")

    async def close(self) -> None:
        """Release the connections."""
        await self._http.close()
