"""The effective choice for one service: the citizen's own, or the default of the mode."""

from dataclasses import replace

from lib.domain.profiles.choices import Channel, Mode, Profile, ServicePreference
from lib.domain.shared.identifiers import ServiceId


def choice(
    profile: Profile, preference: ServicePreference | None, service_id: ServiceId
) -> ServicePreference:
    """Return the choice in effect, outside LEGACY mode: the stored choice or the mode's default."""
    version = profile.settings_version
    if preference is not None and preference.settings_version == version:
        return preference
    if profile.mode is Mode.MANUAL:
        return ServicePreference(
            version,
            is_inbox_enabled=False,
            is_email_enabled=False,
            is_webhook_enabled=False,
            access_read_message_status="DENY",
        )
    blocked = profile.blocked.get(service_id, frozenset())
    return ServicePreference(
        version,
        is_inbox_enabled=Channel.INBOX not in blocked,
        is_email_enabled=Channel.EMAIL not in blocked,
        is_webhook_enabled=Channel.WEBHOOK not in blocked,
        access_read_message_status="DENY" if Channel.INBOX in blocked else "UNKNOWN",
    )


def reminders_off(profile: Profile | None, preference: ServicePreference | None) -> bool:
    """Tell whether the citizen wants no reminders of the service; a void choice has no effect."""
    if profile is None or preference is None:
        return False
    version = profile.settings_version
    return preference.settings_version == version and preference.is_reminder_enabled is False


def with_choice(before: ServicePreference, wanted: ServicePreference) -> ServicePreference:
    """Return the preference to store: UNKNOWN keeps the access; without the inbox ALLOW is DENY.

    None keeps the choice about reminders.
    """
    access = wanted.access_read_message_status
    if access == "UNKNOWN":
        access = before.access_read_message_status
    if access == "ALLOW" and not wanted.is_inbox_enabled:
        access = "DENY"
    reminds = wanted.is_reminder_enabled
    if reminds is None:
        reminds = before.is_reminder_enabled
    return replace(wanted, access_read_message_status=access, is_reminder_enabled=reminds)


def read_status_shared(
    profile: Profile | None,
    preference: ServicePreference | None,
    service_id: ServiceId,
    minimum_version: tuple[int, ...],
) -> bool:
    """Tell whether the sender may learn that its message was read.

    The sender may not learn it in these cases: the app of the citizen is older than
    `minimum_version` and so has never asked the citizen; the mode is LEGACY; the citizen refused;
    the citizen never admitted the service.
    """
    if profile is None or profile.mode is Mode.LEGACY or profile.settings_version < 0:
        return False
    try:
        version = tuple(int(part) for part in profile.last_app_version.split("."))
    except ValueError:
        return False
    if version < minimum_version:
        return False
    return choice(profile, preference, service_id).access_read_message_status != "DENY"
