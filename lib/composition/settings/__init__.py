"""All settings of the app."""

from lib.composition.settings.settings import (
    SET_BY_THE_PLATFORM,
    Settings,
    SettingsError,
    read_settings,
)

__all__ = ("SET_BY_THE_PLATFORM", "Settings", "SettingsError", "read_settings")
