"""Decide whether a service reaches a citizen, for fan-out, reminders and requests of senders."""

from lib.domain.profiles.choices import Decision, Profile, ServicePreference, decide
from lib.domain.shared.identifiers import ServiceId
from lib.ports.clock import Clock
from lib.repositories.profiles.activations import Activations


class Reach:
    """Apply the rule of `decide`, with the activation of a SPECIAL service.

    Cost: one point read for a SPECIAL service, else none.
    """

    def __init__(self, activations: Activations, clock: Clock) -> None:
        self._activations = activations
        self._clock = clock

    async def __call__(
        self,
        fiscal_code: str,
        service_id: ServiceId,
        profile: Profile | None,
        preference: ServicePreference | None,
        *,
        special: bool,
    ) -> Decision:
        """Return the decision. `profile` and `preference` are those that the caller has read."""
        activation = await self._activations.get(fiscal_code, service_id) if special else None
        return decide(
            profile,
            preference,
            service_id,
            special=special,
            activation=activation,
            now=self._clock.now(),
        )
