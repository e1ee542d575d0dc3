"""Build the identity providers at which citizens log in; each one loads at its first use."""

from collections.abc import Mapping

from lib.composition.settings import Settings
from lib.ports.clock import Clock
from lib.ports.identity_provider import OfferedProvider


def identity_providers(_settings: Settings, _clock: Clock) -> Mapping[str, OfferedProvider]:
    """Return the providers by their ids, in the order in which they are offered."""
    return {}
