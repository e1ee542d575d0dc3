"""A register of digital domiciles for the sandbox: a list of made-up citizens."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from lib.domain.shared.values import Masked, parse_timestamp, timestamp
from lib.ports.clock import Clock
from lib.ports.errors import NotFoundError, UnavailableError

DOMICILES: Final[Mapping[str, str]] = {
    "VRDLCU85M41F205J": "lucia.verdi@pec.example.org",
    "SNZDMC80A01H501H": "senza.app@pec.example.org",
}
"""The domiciles; each other citizen has none."""
SILENT: Final = "SLNTXX80A01H501U"
"""The fiscal code for which the register does not answer."""
PREPARED_AFTER: Final = timedelta(seconds=3)
KEPT: Final = timedelta(hours=48)


class ScriptedDigitalDomiciles:
    """A register with DOMICILES alone. The id of a list is the time at which it was asked for."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def ask(self, fiscal_codes: Sequence[str], reference: str) -> str:
        """Return the id of a list; see lib.ports.registers.digital_domiciles."""
        if SILENT in fiscal_codes or not reference:
            raise UnavailableError("the register of digital domiciles did not answer in time")
        return timestamp(self._clock.now())

    async def answer(
        self, list_id: str, fiscal_codes: Sequence[str]
    ) -> Mapping[str, Masked] | None:
        """Return the domiciles once PREPARED_AFTER has passed, for the time KEPT."""
        try:
            age = self._clock.now() - parse_timestamp(list_id)
        except ValueError:
            raise NotFoundError from None
        if age >= KEPT:
            raise NotFoundError
        if age < PREPARED_AFTER:
            return None
        return {one: Masked(DOMICILES[one]) for one in fiscal_codes if one in DOMICILES}

    async def close(self) -> None:
        """Do nothing, since there is no connection."""
