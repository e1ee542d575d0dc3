"""The choice of the telemetry."""

from lib.composition.settings import Settings
from lib.telemetry.invocation import Off, Telemetry


def telemetry_of(settings: Settings) -> Telemetry:
    """Open the telemetry that the settings name."""
    if settings.telemetry == "off":
        return Off()
    from lib.telemetry.setup import open_telemetry

    return open_telemetry(settings)
