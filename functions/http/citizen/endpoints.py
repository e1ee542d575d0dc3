"""The API of the citizen's app, by area."""

from functions.http.citizen import (
    documents,
    email_validation,
    logos,
    messages,
    payments,
    preferences,
    profiles,
    reminders,
)
from functions.http.citizen.access_log import accesses
from functions.http.citizen.catalog import endpoints as catalog
from functions.http.citizen.certificates import requests as certificates
from functions.http.citizen.communication import older, remote_messages, send_activation
from functions.http.citizen.devices import installations, web_push
from functions.http.citizen.files import attachments, kept
from functions.http.citizen.inbox import (
    changes_feed,
    counters,
    many,
    notifications,
    search,
    translations,
)
from functions.http.citizen.parties import delegations, parties
from functions.http.citizen.personal_data import requests as user_data
from functions.http.contract.endpoint import AnyEndpoint
from functions.http.sign_in import pages, sessions

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    *messages.ENDPOINTS,
    *changes_feed.ENDPOINTS,
    *counters.ENDPOINTS,
    *many.ENDPOINTS,
    *search.ENDPOINTS,
    *translations.ENDPOINTS,
    *notifications.ENDPOINTS,
    *reminders.ENDPOINTS,
    *documents.ENDPOINTS,
    *attachments.ENDPOINTS,
    *kept.ENDPOINTS,
    *certificates.ENDPOINTS,
    *remote_messages.ENDPOINTS,
    *profiles.ENDPOINTS,
    *preferences.ENDPOINTS,
    *email_validation.ENDPOINTS,
    *profiles.AT_OLDER_PATHS,
    *preferences.AT_OLDER_PATHS,
    *email_validation.AT_OLDER_PATHS,
    *user_data.ENDPOINTS,
    *user_data.AT_OLDER_PATHS,
    *sessions.ENDPOINTS,
    *pages.OF_CITIZENS,
    *accesses.ENDPOINTS,
    *delegations.ENDPOINTS,
    *parties.ENDPOINTS,
    *installations.ENDPOINTS,
    *web_push.ENDPOINTS,
    *payments.ENDPOINTS,
    *older.ENDPOINTS,
    *send_activation.ENDPOINTS,
    *logos.ENDPOINTS,
    *catalog.ENDPOINTS,
    *catalog.AT_OLDER_PATHS,
)
