"""The settings of push notifications; part of lib.composition.settings.Settings."""

from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr

from lib.composition.settings.mail import LOOPBACK
from lib.composition.settings.secrets import SecretSettings
from lib.composition.settings.storage import connection_parts

SANDBOX_PUBLIC_KEY: Final = (
    "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"
)
"""The base point of P-256, with which a page of the sandbox can subscribe: its private key is 1."""


def _key(text: str) -> str:
    if not text:
        return ""
    from lib.domain.devices.web_push import public_key  # noqa: PLC0415 - few processes need it

    return public_key(text)


class PushSettings(SecretSettings):
    """The notification hub, and the key of web push. Without a hub nothing is pushed."""

    notification_hub_connection: SecretStr = SecretStr("")
    """The connection string of the notification hub, with the rights Listen and Send."""
    notification_hub_name: Annotated[
        str, Field(pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]{0,259})?$")
    ] = ""
    """The name of the hub in its namespace; empty: no notification is pushed."""
    web_push_public_key: Annotated[str, AfterValidator(_key)] = ""
    """The public key of web push (VAPID), whose private key the hub has; empty: no web push."""

    def check_push(self, *, on_azure: bool) -> None:
        """Raise ValueError for a hub or a key that cannot be used. `on_azure`: by STACK azure."""
        connection = self.notification_hub_connection.get_secret_value()
        if bool(connection) != bool(self.notification_hub_name):
            raise ValueError("NOTIFICATION_HUB_CONNECTION and NOTIFICATION_HUB_NAME go together")
        self._check_key()
        if not connection:
            return
        if not on_azure or self.sandbox:
            raise ValueError("NOTIFICATION_HUB_NAME: the sandbox and STACK embedded push nothing")
        parts = connection_parts(connection)
        endpoint = urlsplit(parts.get("Endpoint", ""))
        if not (parts.get("SharedAccessKeyName") and parts.get("SharedAccessKey")) or not (
            endpoint.hostname and (endpoint.scheme == "sb" or endpoint.hostname in LOOPBACK)
        ):
            raise ValueError(
                "NOTIFICATION_HUB_CONNECTION must name Endpoint=sb://..., SharedAccessKeyName and "
                "SharedAccessKey"
            )

    def _check_key(self) -> None:
        if self.sandbox or not self.web_push_public_key:
            return
        if not self.notification_hub_name:
            raise ValueError("WEB_PUSH_PUBLIC_KEY needs NOTIFICATION_HUB_NAME: the hub pushes")
        if self.web_push_public_key == SANDBOX_PUBLIC_KEY:
            raise ValueError("WEB_PUSH_PUBLIC_KEY is a sandbox's, and SANDBOX is false")
