"""Rules for a configuration that its fields alone do not show."""

import re
from typing import Final

from lib.domain.remote_content.certificates import faults_of
from lib.domain.remote_content.configuration import Configuration
from lib.domain.remote_content.errors import FieldFault, InvalidConfigurationError
from lib.domain.remote_content.secrets import Secrets, client_key_pointer, key_pointer

FISCAL_CODE_HEADER: Final = "fiscal_code"
_OURS: Final = frozenset(
    {
        *("accept", "accept-encoding", "connection", "content-length", "content-type", "cookie"),
        *("expect", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"),
        *("user-agent", FISCAL_CODE_HEADER, "signature", "signature-input"),
    }
)
"""Headers that this app or its HTTP client sets, in lower case."""
_LOLLIPOP: Final = "x-pagopa-lollipop-"
_HEADER_VALUE: Final = re.compile(r"[!-~](?:[ -~]*[!-~])?")


def check(configuration: Configuration, secrets: Secrets, *, on_this_machine: bool) -> None:
    """Refuse a configuration with which no call can be made.

    `secrets`: its secrets, in clear. `on_this_machine`: URLs of this machine are accepted, as in
    the sandbox. Raise InvalidConfigurationError, whose faults repeat no secret.
    """
    faults = list[FieldFault]()
    for name, environment in configuration.environments.items():
        authentication = environment.details_authentication
        place = f"/{name}/details_authentication"
        if environment.base_url.startswith("http:") and not on_this_machine:
            faults.append(FieldFault(f"/{name}/base_url", "must be an https URL of a public host"))
        header = authentication.header_key_name.lower()
        if header in _OURS or header.startswith(_LOLLIPOP):
            rule = "must be another header, since this app sets this one"
            faults.append(FieldFault(f"{place}/header_key_name", rule))
        if not _HEADER_VALUE.fullmatch(secrets[key_pointer(name)]):
            rule = "must be visible ASCII characters, with spaces between them at most"
            faults.append(FieldFault(key_pointer(name), rule))
        if authentication.cert is not None:
            client_key = secrets[client_key_pointer(name)]
            faults += faults_of(authentication.cert, client_key, f"{place}/cert")
    if faults:
        raise InvalidConfigurationError(tuple(faults))
