"""Call a sender's host as the app will, and say which rules its answers break."""

import time
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import quote

from lib.domain.remote_content.checking import FISCAL_CODE_HEADER
from lib.domain.remote_content.configuration import (
    Authentication,
    Configuration,
    EnvironmentName,
    environment_for,
)
from lib.domain.remote_content.errors import NoEnvironmentError, TooManyTestsError
from lib.domain.remote_content.judgement import (
    EndpointFault,
    attachment_faults,
    message_faults,
    precondition_faults,
    status_faults,
)
from lib.domain.remote_content.secrets import Secrets, client_key_pointer, key_pointer
from lib.domain.services.subscription import Manager
from lib.ports.clock import Clock
from lib.ports.senders.hosts import (
    CallFault,
    MutualTLS,
    RemoteAnswer,
    RemoteCall,
    RemoteCallError,
    RemoteContentHosts,
)
from lib.repositories.remote_content.configurations import Configurations
from lib.repositories.remote_content.counted_trials import CountedTrials
from lib.use_cases.remote_content.read_configurations import ReadConfigurations

MOST_BYTES: Final = 256 * 1024
BEGINNING_BYTES: Final = 1024
_MINUTE: Final = 60
_NO_ANSWER: Final[dict[CallFault, str]] = {
    "HOST_NOT_FOUND": "the host name of base_url has no address",
    "HOST_NOT_PUBLIC": "the host of base_url has an address that is not public",
    "UNREACHABLE": "the host did not accept the connection, or closed it without an answer",
    "TLS": "the connection could not be secured: check the host's certificate, and cert",
    "TIMEOUT": "the host did not answer within 5 seconds",
    "TOO_LONG": f"the answer has more than {MOST_BYTES} bytes",
}

StepName = Literal["PRECONDITION", "MESSAGE", "ATTACHMENT"]


@dataclass(frozen=True, slots=True)
class Trial:
    """A message of the sender to try: its id at the sender, a citizen, and an attachment's url."""

    id: str
    fiscal_code: str
    attachment: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A request of a test to the host, and its result. `status`: None without an answer."""

    name: StepName
    url: str
    status: int | None
    milliseconds: int
    faults: tuple[EndpointFault, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The calls of a test, and the environment that they went to."""

    environment: EnvironmentName
    steps: tuple[Step, ...]


class TryEndpoint:
    """Try the host of a configuration, a limited number of times a minute for an organisation.

    Cost: one point read and one patch; a create more for the first test in a minute.
    """

    def __init__(
        self,
        read: ReadConfigurations,
        configurations: Configurations,
        counted: CountedTrials,
        hosts: RemoteContentHosts,
        clock: Clock,
    ) -> None:
        self._read = read
        self._configurations = configurations
        self._counted = counted
        self._hosts = hosts
        self._clock = clock

    async def __call__(self, manager: Manager, id_: str, trial: Trial) -> Outcome:
        """Return the calls with their faults.

        Raise UnknownConfigurationError, NotAllowedError, NoEnvironmentError, SecretLostError,
        RemoteContentOffError, TooManyTestsError.
        """
        stored = await self._read(manager, id_)
        name = environment_for(stored.content, trial.fiscal_code)
        if name is None:
            raise NoEnvironmentError
        secrets = self._configurations.opened(stored, stored.sealed)
        now = self._clock.now()
        if not await self._counted.admit(manager.organization_fiscal_code, now):
            raise TooManyTestsError(_MINUTE - now.second)
        return Outcome(name, await self._steps(stored.content, name, secrets, trial))

    async def _steps(
        self, content: Configuration, name: EnvironmentName, secrets: Secrets, trial: Trial
    ) -> tuple[Step, ...]:
        caller = _Caller(self._hosts, content, name, secrets, trial)
        steps = list[Step]()
        if content.has_precondition != "NEVER":
            steps.append(await caller.step("PRECONDITION", "/precondition"))
        steps.append(await caller.step("MESSAGE", ""))
        if trial.attachment is not None:
            path = quote(trial.attachment.removeprefix("/"), safe="/")
            steps.append(await caller.step("ATTACHMENT", f"/{path}"))
        return tuple(steps)


class _Caller:
    """Makes the calls of one test."""

    def __init__(
        self,
        hosts: RemoteContentHosts,
        content: Configuration,
        name: EnvironmentName,
        secrets: Secrets,
        trial: Trial,
    ) -> None:
        environment = content.environments[name]
        authentication = environment.details_authentication
        self._hosts = hosts
        self._trial = trial
        self._base = f"{environment.base_url.rstrip('/')}/messages/{quote(trial.id, safe='')}"
        self._headers = {
            authentication.header_key_name: secrets[key_pointer(name)],
            FISCAL_CODE_HEADER: str(trial.fiscal_code),
            "Accept": "*/*",
        }
        self._tls = _tls(authentication, secrets, name)
        self._is_unsigned = (
            content.is_lollipop_enabled and trial.fiscal_code not in content.disable_lollipop_for
        )

    async def step(self, name: StepName, path: str) -> Step:
        """Make one call, and judge its answer."""
        is_file = name == "ATTACHMENT"
        call = RemoteCall(
            url=self._base + path,
            headers=self._headers,
            tls=self._tls,
            most=BEGINNING_BYTES if is_file else MOST_BYTES,
            beginning_only=is_file,
        )
        begun, status, faults = time.monotonic(), None, list[EndpointFault]()
        try:
            answer = await self._hosts.get(call)
        except RemoteCallError as error:
            faults.append(EndpointFault(error.fault, _NO_ANSWER[error.fault]))
        else:
            status = answer.status
            faults = status_faults(status, is_unsigned=self._is_unsigned)
            faults = faults or self._faults(name, answer)
        took = round((time.monotonic() - begun) * 1000)
        return Step(name, call.url, status, took, tuple(faults))

    def _faults(self, name: StepName, answer: RemoteAnswer) -> list[EndpointFault]:
        match name:
            case "PRECONDITION":
                return precondition_faults(answer.body)
            case "MESSAGE":
                return message_faults(answer.body, self._trial.attachment)
            case _:
                return attachment_faults(answer.media_type, answer.body)


def _tls(
    authentication: Authentication, secrets: Secrets, name: EnvironmentName
) -> MutualTLS | None:
    cert = authentication.cert
    if cert is None:
        return None
    return MutualTLS(cert.client_cert, secrets[client_key_pointer(name)], cert.server_ca)
