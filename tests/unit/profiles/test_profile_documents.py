"""Profiles as stored are read and written without loss."""

from typing import Any, Final

import pytest

from lib.domain.profiles.profile import ProfileUpdate
from lib.domain.profiles.settings import ProfileSettings
from lib.repositories.profiles.profile_documents import document_of, profile_of, settings_of

CITIZEN: Final = "AAAAAA00A00A000A"
NEW: Final = {
    "id": "profile",
    "fiscal_code": CITIZEN,
    "version": 0,
    "is_inbox_enabled": False,
    "is_email_enabled": True,
    "is_webhook_enabled": False,
    "service_preferences_settings": {"mode": "LEGACY", "version": -1},
}
FULL: Final = {
    **NEW,
    "version": 7,
    "is_inbox_enabled": True,
    "email": "ada@example.org",
    "is_email_validated": True,
    "email_claim": "mark",
    "blocked_inbox_or_channels": {"service": ["EMAIL", "WEBHOOK"]},
    "preferred_languages": ["de_DE", "it_IT"],
    "accepted_tos_version": 2,
    "reminder_status": "DISABLED",
    "push_notifications_content_type": "FULL",
    "last_app_version": "3.2.1",
    "quiet_hours": {"from": "22:00", "to": "07:30"},
    "max_daily_notifications": 3,
    "last_update": "fingerprint",
    "email_validation": {
        "id": "01HZZZZZZZZZZZZZZZZZZZZZZZ",
        "at": "2027-03-01T08:00:00.000Z",
        "address": "fingerprint",
        "sent": ["2027-03-01T08:00:00.000Z"],
    },
    "email_changes": [{"id": "01HZZZZZZZZZZZZZZZZZZZZZZZ", "address": "old@example.org"}],
    "email_claim_ended_at": "2027-03-01T08:00:00.000Z",
    "stored_by": "another version",
}
IMPORTED: Final = {
    "id": "profile",
    "fiscal_code": CITIZEN,
    "version": 3,
    "is_inbox_enabled": True,
    "service_preferences_settings": {"mode": "AUTO", "version": 0},
    "push_notifications_content_type": "UNSET",
    "reminder_status": "UNSET",
    "last_app_version": "UNKNOWN",
    "quiet_hours": None,
    "max_daily_notifications": None,
}


@pytest.mark.parametrize("document", [NEW, FULL])
def test_a_profile_is_written_as_it_was_read(document: dict[str, Any]) -> None:
    """Fields that this version of the app does not know are kept."""
    assert document_of(CITIZEN, "profile", settings_of(document)) == document


def test_a_new_profile_is_the_default() -> None:
    """A citizen without a profile has these settings."""
    assert settings_of(NEW) == ProfileSettings()


def test_a_missing_choice_is_read_as_none() -> None:
    """An import of profiles may have stored it in several forms."""
    settings = settings_of(IMPORTED)

    assert settings.push_notifications_content_type is None
    assert settings.reminder_status is None
    assert settings.last_app_version is None
    assert not settings.is_email_enabled


@pytest.mark.parametrize("document", [NEW, FULL, IMPORTED])
def test_both_ways_to_a_decision_are_the_same(document: dict[str, Any]) -> None:
    """The short form for the fan-out leaves nothing out."""
    assert settings_of(document).profile == profile_of(document)


def test_no_address_is_printed() -> None:
    """The repr shows neither the present nor a former address."""
    assert "example.org" not in repr(settings_of(FULL))


def test_an_update_keeps_other_members() -> None:
    """A null removes a setting."""
    update = ProfileUpdate.model_validate({"version": 7, "quiet_hours": None})
    after = settings_of(FULL).updated(update)
    kept = {name: value for name, value in FULL.items() if name != "quiet_hours"}

    stored = document_of(CITIZEN, "profile", after)
    assert stored == {**kept, "version": 8, "last_update": after.last_update}
    assert after.made_by(update)
