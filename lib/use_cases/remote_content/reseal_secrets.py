"""Encrypt the secrets of configurations anew while the secret of the app is being replaced."""

from typing import Final

from lib.repositories.remote_content.secret_sweeps import SecretSweeps

CONFIGURATIONS_PER_QUERY: Final = 100


class ResealSecrets:
    """Encrypt secrets under the current secret, so that the previous one can be given up.

    Cost: nothing unless a secret is being replaced; then one query over all partitions, and one
    point read and one replace for each configuration found.
    """

    def __init__(self, sweeps: SecretSweeps) -> None:
        self._sweeps = sweeps

    async def __call__(self) -> int:
        """Return the number of configurations that were found; the next run finds others."""
        found = await self._sweeps.sealed_before(CONFIGURATIONS_PER_QUERY)
        for configuration in found:
            await self._sweeps.reseal(configuration)
        return len(found)
