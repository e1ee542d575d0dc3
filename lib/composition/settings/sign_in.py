"""The settings of the app's own login for apps and browsers; part of Settings."""

from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from lib.composition.settings.mail import MailSettings
from lib.composition.settings.tokens import TokenSettings
from lib.domain.sign_in.clients import parse_clients


class SignInSettings(TokenSettings, MailSettings):
    """The clients that may log citizens in, and the lives of their sessions.

    Without SIGN_IN_SECRET this app logs nobody in.
    """

    app_clients: Annotated[str, Field(max_length=50_000)] = ""
    """The clients as a JSON list, see `AppClient`."""
    session_days: Annotated[int, Field(ge=1, le=730)] = 30
    """The life of an app's session in days, however often it is used."""
    browser_session_hours: Annotated[int, Field(ge=1, le=720)] = 12
    """The life of a browser's session in hours, however often it is used.

    12: a computer is lent within a family and in a library, so a login lasts a day at most. The
    sandbox has 720: its clock is moved by days, and each move would end the sessions.
    """

    @model_validator(mode="after")
    def _check_sign_in(self) -> Self:
        try:
            clients = parse_clients(self.app_clients)
        except ValueError as error:
            raise ValueError(f"APP_CLIENTS: {error}") from None
        if not self.has_sign_in:
            return self
        public = urlsplit(self.public_url)
        if not public.hostname or public.path:
            raise ValueError("PUBLIC_URL is needed with SIGN_IN_SECRET, without a path")
        for client in clients:
            pages = (*client.redirect_uris, *client.logout_uris)
            if client.kind == "browser" and not all(
                page.startswith(f"{self.public_url}/") for page in pages
            ):
                raise ValueError(
                    f"APP_CLIENTS: {client.id}: the pages of a browser must lie under PUBLIC_URL"
                )
        return self

    @property
    def has_sign_in(self) -> bool:
        """Whether this app logs citizens in."""
        return bool(self.sign_in_secret.get_secret_value())
