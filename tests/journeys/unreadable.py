"""Store a profile that fan-out cannot read, so that messages to its citizen fail for good."""

from infra.local.sandbox.seed import a_profile
from lib.composition.app import build_app
from lib.ports.schema.citizens import PROFILES
from tests.builders.settings import named_settings, settings_for
from tests.journeys.support import Journeys


async def make_unreadable(journeys: Journeys, fiscal_code: str) -> None:
    """Replace the citizen's profile in the host's store, beside the running host."""
    app = build_app(settings_for(journeys.host.folder, **named_settings(journeys.settings)))
    try:
        await app.start()
        broken = a_profile(fiscal_code, service_preferences_settings="unreadable")
        await app.ports.store.upsert(PROFILES, broken)
    finally:
        await app.close()
