"""The settings of the storage account, and of the scanner of files; part of Settings."""

from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

type Address = Annotated[str, Field(pattern=r"^(https?://[^/?#]+/?)?$")]


class StorageSettings(BaseSettings):
    """The connection `AzureWebJobsStorage`, which the app and its triggers share."""

    storage_connection: Annotated[SecretStr, Field(validation_alias="AzureWebJobsStorage")] = (
        SecretStr("")
    )
    """The connection string of an emulator, with its endpoints and key.

    It is ignored where both addresses are set: Azure sometimes adds a connection string itself.
    """
    storage_queue_uri: Annotated[
        Address, Field(validation_alias="AzureWebJobsStorage__queueServiceUri")
    ] = ""
    """The address of the queues; the queue triggers listen to the same account."""
    storage_blob_uri: Annotated[
        Address, Field(validation_alias="AzureWebJobsStorage__blobServiceUri")
    ] = ""

    @property
    def ignores_connection(self) -> bool:
        """Whether both addresses are set, so that the connection string beside them is not used.

        The app then connects with its identity.
        """
        addresses = self.storage_queue_uri and self.storage_blob_uri
        return bool(addresses and self.storage_connection.get_secret_value())

    @property
    def emulator_connection(self) -> str:
        """The connection string of the emulator; empty where both addresses are set."""
        return "" if self.ignores_connection else self.storage_connection.get_secret_value()

    @property
    def storage_addresses(self) -> tuple[str, str]:
        """The addresses of blobs and queues; each is empty where the connection string lacks it."""
        parts = connection_parts(self.emulator_connection)
        if parts:
            return parts.get("BlobEndpoint", ""), parts.get("QueueEndpoint", "")
        return self.storage_blob_uri, self.storage_queue_uri


class ScanningSettings(BaseSettings):
    """The address of the scanner ClamAV."""

    clamd_address: Annotated[
        str, Field(pattern=r"^(tcp://[A-Za-z0-9.\[\]:-]{1,260}|unix:///[^?#\s]{1,100})?$")
    ] = ""
    """`tcp://host:3310` or `unix:///run/clamav/clamd.ctl`; empty: senders can upload no files."""


def connection_parts(connection: str) -> dict[str, str]:
    """Parse a connection string: `Name=value;Name=value`."""
    named = (part.partition("=") for part in connection.split(";"))
    return {name.strip(): value.strip() for name, _, value in named if value}
