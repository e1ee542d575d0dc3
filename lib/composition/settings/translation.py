"""The settings of the service that translates messages; part of Settings."""

from typing import Annotated, Self

from pydantic import Field, SecretStr, model_validator

from lib.composition.settings.mail import MailSettings


class TranslationSettings(MailSettings):
    """The account at eTranslation. Without it nothing is translated; the sandbox has a script."""

    translation_url: Annotated[str, Field(pattern=r"^(https://[^?#]+)?$")] = ""
    """The address to which requests are posted; empty: no service."""
    translation_application: Annotated[str, Field(pattern=r"^[\x21-\x7e]*$")] = ""
    """The name of the application at eTranslation."""
    translation_password: SecretStr = SecretStr("")
    """The password of the application."""

    @model_validator(mode="after")
    def _check_translation(self) -> Self:
        if not self.translation_url:
            return self
        if not (self.translation_application and self.translation_password.get_secret_value()):
            raise ValueError(
                "TRANSLATION_APPLICATION and TRANSLATION_PASSWORD are needed with TRANSLATION_URL"
            )
        if not self.has_links:
            raise ValueError("PUBLIC_URL and LINK_SECRET are needed with TRANSLATION_URL")
        return self
