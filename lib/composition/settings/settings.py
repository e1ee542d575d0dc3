"""All settings of the app, read once from the environment; a wrong one prevents the start."""

import logging
import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import SettingsConfigDict

from lib.composition.settings.catalogue import CatalogueSettings
from lib.composition.settings.identity_providers import IdentityProviderSettings
from lib.composition.settings.mail import LOOPBACK
from lib.composition.settings.push import PushSettings
from lib.composition.settings.registers import RegisterSettings
from lib.composition.settings.sign_in import SignInSettings
from lib.composition.settings.storage import (
    Address,
    ScanningSettings,
    StorageSettings,
    connection_parts,
)
from lib.composition.settings.translation import TranslationSettings
from lib.composition.settings.vouchers import VoucherSettings
from lib.domain.shared.identifiers import NO_SERVICE_ID, ServiceId

SET_BY_THE_PLATFORM: Final = frozenset(
    {
        "website_site_name",
        "functions_coretools_environment",
        "python_applicationinsights_enable_telemetry",
    }
)

LEAST_RETENTION_DAYS: Final = 365
_LOGGER = logging.getLogger("recapito")
_CONNECTION_STRING: Final = re.compile(
    r"(^|;)\s*InstrumentationKey\s*=\s*[0-9a-f-]{36}\s*(;|$)", re.IGNORECASE
)


class SettingsError(Exception):
    """The settings are wrong. The text names each wrong setting and its rule, without the value."""


class Settings(
    SignInSettings,
    VoucherSettings,
    IdentityProviderSettings,
    StorageSettings,
    PushSettings,
    CatalogueSettings,
    RegisterSettings,
    ScanningSettings,
    TranslationSettings,
):
    """The app's settings; the environment has the same names in upper case."""

    model_config = SettingsConfigDict(
        extra="ignore", frozen=True, hide_input_in_errors=True, populate_by_name=True
    )

    stack: Literal["embedded", "azure"]
    """The engines behind the ports; for emulators it is `azure` with loopback addresses."""
    data_folder: Path = Path(".data")
    """The folder with all data of the embedded stack."""
    sender_cache_seconds: Annotated[float, Field(ge=0, le=60)] = 60
    """The life of cached keys, in seconds: so long a revoked key may still be accepted."""
    trusted_proxies: Annotated[int, Field(ge=1, le=5)] = 1
    """Hops in front of the app that append to X-Forwarded-For: 1 = the platform's front end."""
    rejected_retention_days: Annotated[int, Field(ge=1, le=3650)] = 90
    """The days during which the sender can read that a message was rejected."""
    message_retention_days: Annotated[int, Field(ge=0, le=36_500)] = 0
    """The days for which a delivered message is kept: 0 for good, otherwise 365 at least."""
    batch_retention_days: Annotated[int, Field(ge=1, le=365)] = 90
    """The days for which the list, the rows and the results of a batch are kept after its end."""
    days_in_bin: Annotated[int, Field(ge=1, le=365)] = 30
    """The days during which a citizen can bring a deleted message back."""
    erasure_grace_days: Annotated[int, Field(ge=0, le=30)] = 7
    """The days during which a citizen can abort the deletion of all data."""
    access_log_days: Annotated[int, Field(ge=30, le=3650)] = 365
    """The days for which a citizen can read an entry of the access log."""
    trial_daily_messages: Annotated[int, Field(ge=0, le=10_000)] = 50
    """The messages that an organisation on trial may send in a day of Italy."""
    remote_attachment_megabytes: Annotated[int, Field(ge=1, le=50)] = 20
    """The most MiB of an attachment that the app fetches from a sender's host for a citizen.

    A process reads at most twice as many bytes of all attachments at a time. An answer takes four
    times its size in the worker, and more in the host: 50 needs an instance of 2048 MB.
    """
    cosmos_endpoint: Address = ""
    """The address of the Azure Cosmos DB account, or of an emulator."""
    cosmos_database: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{2,62}$")] = "recapito"
    cosmos_key: SecretStr = SecretStr("")
    """The key of an emulator. In Azure, the app's managed identity opens the account."""
    cosmos_preferred_regions: str = ""
    """Names of regions, separated by commas, the nearest first: `Italy North, West Europe`."""
    azure_client_id: str = ""
    """The client id of the user-assigned managed identity of the app."""
    payment_node_url: Annotated[str, Field(pattern=r"^(https?://[^?#]+)?$")] = ""
    """The base address of pagoPA's payment node; empty: the app cannot ask about notices."""
    payment_node_key: SecretStr = SecretStr("")
    """The subscription key of the payment node."""
    telemetry: Literal["off", "console", "otlp", "azure"] = "off"
    """The target of traces, metrics and events; `otlp` reads the OTEL_EXPORTER_OTLP_* variables."""
    traces_ratio: Annotated[float, Field(ge=0, le=1)] = 1
    """The share of the traces that the app keeps; a trace is kept whole or not at all."""
    applicationinsights_connection_string: SecretStr = SecretStr("")
    """The Application Insights resource for TELEMETRY azure; the managed identity opens it."""
    website_site_name: str = ""
    """The name of the site, which only Azure sets."""
    functions_coretools_environment: str = ""
    """Set by Azure Functions Core Tools, which do not support the embedded queues."""
    python_applicationinsights_enable_telemetry: bool = False
    """Azure's switch by which its worker exports all logs of libraries, without the app's masks."""
    send_service_id: Annotated[ServiceId, Field(pattern=r"^[0-9A-Za-z_-]{0,255}$")] = NO_SERVICE_ID
    """The SPECIAL service of SEND, which citizens switch on; empty: there is no SEND."""
    min_app_version_with_read_auth: Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+){1,3}$")] = (
        "2.14.0"
    )
    """The first app version that asks the citizen whether senders may see read messages."""

    @model_validator(mode="after")
    def _fits_where_it_runs(self) -> Self:
        if self.sandbox and (self.in_azure or (self.stack == "azure" and not self.on_emulators)):
            raise ValueError("SANDBOX is for the local host and the emulators alone")
        if self.stack == "azure":
            self._check_azure()
        elif self.in_azure:
            raise ValueError("STACK: embedded keeps everything on a disk that Azure throws away")
        elif self.functions_coretools_environment:
            raise ValueError("STACK: embedded needs the local host (make run); func start: azure")
        self.check_push(on_azure=self.stack == "azure")
        self._check_telemetry()
        self._check_payment_node()
        if 0 < self.message_retention_days < LEAST_RETENTION_DAYS:
            raise ValueError("MESSAGE_RETENTION_DAYS must be 0, for good, or at least 365")
        return self

    def _check_payment_node(self) -> None:
        node = urlsplit(self.payment_node_url)
        if node.scheme == "http" and node.hostname not in LOOPBACK:
            raise ValueError("PAYMENT_NODE_URL must be an https address")
        if node.scheme and not self.payment_node_key.get_secret_value():
            raise ValueError("PAYMENT_NODE_KEY is needed with PAYMENT_NODE_URL")

    def _check_telemetry(self) -> None:
        if self.telemetry == "azure" and not _CONNECTION_STRING.search(
            self.applicationinsights_connection_string.get_secret_value()
        ):
            raise ValueError(
                "APPLICATIONINSIGHTS_CONNECTION_STRING with an InstrumentationKey is needed with "
                "TELEMETRY azure"
            )
        if self.python_applicationinsights_enable_telemetry:
            raise ValueError(
                "PYTHON_APPLICATIONINSIGHTS_ENABLE_TELEMETRY must not be set: TELEMETRY azure does "
                "it, and masks what it sends"
            )

    def _check_azure(self) -> None:
        connection = self.emulator_connection
        if not self.cosmos_endpoint:
            raise ValueError("COSMOS_ENDPOINT is needed with STACK azure")
        if not connection and not (self.storage_queue_uri and self.storage_blob_uri):
            raise ValueError(
                "AzureWebJobsStorage__queueServiceUri and AzureWebJobsStorage__blobServiceUri are "
                "needed with STACK azure (for an emulator: AzureWebJobsStorage)"
            )
        if connection and not {"AccountName", "AccountKey", "BlobEndpoint", "QueueEndpoint"} <= (
            connection_parts(connection).keys()
        ):
            raise ValueError(
                "AzureWebJobsStorage must name AccountName, AccountKey, BlobEndpoint, QueueEndpoint"
            )
        hosts = {urlsplit(address).hostname for address in self._addresses}
        if self.in_azure or not hosts & LOOPBACK:
            self._check_no_keys()
        elif not hosts <= LOOPBACK:
            raise ValueError("COSMOS_ENDPOINT and AzureWebJobsStorage: emulators go with emulators")
        elif not self.cosmos_key.get_secret_value():
            raise ValueError("COSMOS_KEY is needed with an emulator")

    def _check_no_keys(self) -> None:
        if self.cosmos_key.get_secret_value() or self.emulator_connection:
            raise ValueError("COSMOS_KEY and AzureWebJobsStorage are for emulators alone: no keys")
        if not all(address.startswith("https://") for address in self._addresses):
            raise ValueError("COSMOS_ENDPOINT and AzureWebJobsStorage__* must be https addresses")

    @property
    def _addresses(self) -> tuple[str, ...]:
        return self.cosmos_endpoint, *self.storage_addresses

    @property
    def in_azure(self) -> bool:
        """Whether Azure runs the app."""
        return bool(self.website_site_name)

    @property
    def on_emulators(self) -> bool:
        """Whether the azure stack runs on emulators on this machine."""
        return all(urlsplit(address).hostname in LOOPBACK for address in self._addresses)

    @property
    def rejected_ttl(self) -> int:
        """`rejected_retention_days` in seconds."""
        return self.rejected_retention_days * 24 * 60 * 60

    @property
    def sender_cache(self) -> timedelta:
        """`sender_cache_seconds` as a duration."""
        return timedelta(seconds=self.sender_cache_seconds)

    @property
    def remote_attachment_bytes(self) -> int:
        """`remote_attachment_megabytes` in bytes."""
        return self.remote_attachment_megabytes * 1024 * 1024


def read_settings() -> Settings:
    """Read the environment; raise a SettingsError that names each wrong setting."""
    try:
        settings = Settings()
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(_environment_name(str(part)) for part in problem['loc'])}: {problem['msg']}"
            for problem in error.errors(include_input=False, include_url=False)
        )
        msg = f"settings: {problems}"
        raise SettingsError(msg) from None
    if settings.ignores_connection:
        _LOGGER.warning(
            "AzureWebJobsStorage is ignored, since the addresses AzureWebJobsStorage__* are set. "
            "Delete the setting: triggers would use it, and the account's keys are switched off"
        )
    return settings


def _environment_name(name: str) -> str:
    """Return a setting's name as it is in the environment."""
    return name.upper() if name.islower() else name
