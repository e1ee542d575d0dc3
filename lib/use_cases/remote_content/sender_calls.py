"""The calls of a sender's host about one message: addresses, headers and certificate."""

from collections.abc import Mapping
from typing import Final

from lib.domain.remote_content.addresses import message_address
from lib.domain.remote_content.checking import FISCAL_CODE_HEADER
from lib.domain.remote_content.configuration import Configuration, EnvironmentName
from lib.domain.remote_content.judgement import PDF_BEGINS
from lib.domain.remote_content.secrets import Secrets, client_key_pointer, key_pointer
from lib.ports.senders.hosts import CALL_SECONDS, MutualTLS, RemoteCall

MOST_BYTES: Final = 256 * 1024
"""The most bytes of a precondition or a message."""
BEGINNING_BYTES: Final = 1024
ATTACHMENT_SECONDS: Final = 20.0


class SenderCalls:
    """Makes the calls about a message, for a test of a configuration and for a citizen alike.

    `secrets`: of the configuration, in clear. `id_`: the message's id at its sender.
    """

    def __init__(
        self,
        content: Configuration,
        name: EnvironmentName,
        secrets: Secrets,
        id_: str,
        fiscal_code: str,
    ) -> None:
        environment = content.environments[name]
        authentication, cert = environment.details_authentication, None
        if (given := authentication.cert) is not None:
            key = secrets[client_key_pointer(name)]
            cert = MutualTLS(given.client_cert, key, given.server_ca)
        self._tls = cert
        self._address = message_address(environment.base_url, id_)
        self._headers = {
            authentication.header_key_name: secrets[key_pointer(name)],
            FISCAL_CODE_HEADER: str(fiscal_code),
            "Accept": "*/*",
        }

    def precondition(self) -> RemoteCall:
        """Return the call for the precondition."""
        return self._call("/precondition", MOST_BYTES)

    def message(self, more: Mapping[str, str] | None = None) -> RemoteCall:
        """Return the call for the message. `more`: headers of a conditional request."""
        return self._call("", MOST_BYTES, more)

    def beginning(self, path: str) -> RemoteCall:
        """Return the call for the beginning of an attachment. `path`: as attachment_path has it."""
        return RemoteCall(
            self._address + path, self._headers, self._tls, BEGINNING_BYTES, beginning_only=True
        )

    def attachment(self, path: str, most: int, more: Mapping[str, str]) -> RemoteCall:
        """Return the call for an attachment of at most so many bytes."""
        return self._call(path, most, more, PDF_BEGINS, ATTACHMENT_SECONDS)

    def _call(
        self,
        path: str,
        most: int,
        more: Mapping[str, str] | None = None,
        begins: bytes = b"",
        seconds: float = CALL_SECONDS,
    ) -> RemoteCall:
        return RemoteCall(
            url=self._address + path,
            headers={**self._headers, **(more or {})},
            tls=self._tls,
            most=most,
            begins=begins,
            seconds=seconds,
        )
