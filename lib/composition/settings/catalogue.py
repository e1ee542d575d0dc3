"""The settings of what an installation says about itself, in documents and to the app."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings

_VERSION = Field(pattern=r"^[0-9]+(\.[0-9]+){2,3}$")
_URL = Field(pattern=r"^(https://[^\s]+)?$")


class CatalogueSettings(BaseSettings):
    """The contact and the terms in the OpenAPI documents; the national catalogue asks for them."""

    api_contact_url: Annotated[str, _URL] = ""
    """The page on which the installation's administration says how it can be reached."""
    api_contact_email: Annotated[str, Field(pattern=r"^([^@\s]+@[^@\s]+)?$")] = ""
    """The address of the people who answer questions about the API."""
    accessibility_email: Annotated[str, Field(pattern=r"^([^@\s]+@[^@\s]+)?$")] = ""
    """The address for those who cannot use a page; without one the address for the API is named."""
    api_terms_url: Annotated[str, _URL] = ""
    """The page with the terms under which the API may be used."""
    min_app_version_ios: Annotated[str, _VERSION] = "0.0.0"
    """The least version of the app on iOS; an older one asks its user for an update."""
    min_app_version_android: Annotated[str, _VERSION] = "0.0.0"
    """The least version of the app on Android."""
