"""The settings of the scanner for malware."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings


class ScanningSettings(BaseSettings):
    """The address of the scanner ClamAV."""

    clamd_address: Annotated[
        str, Field(pattern=r"^(tcp://[A-Za-z0-9.\[\]:-]{1,260}|unix:///[^?#\s]{1,100})?$")
    ] = ""
    """`tcp://host:3310` or `unix:///run/clamav/clamd.ctl`; empty: senders can upload no files."""
