"""The endpoints of logins, tokens and logouts; those of sessions are the citizen's."""

from functions.http.contract.endpoint import AnyEndpoint
from functions.http.sign_in import logins, logouts, metadata, pages, tokens

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    *logins.ENDPOINTS,
    *tokens.ENDPOINTS,
    *logouts.ENDPOINTS,
    *metadata.ENDPOINTS,
    *pages.ENDPOINTS,
)
