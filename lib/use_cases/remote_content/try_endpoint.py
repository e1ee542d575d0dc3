"""Call a sender's host as the app will, and say which rules its answers break."""

import time
from dataclasses import dataclass
from typing import Final, Literal

from lib.domain.remote_content.addresses import listed_path
from lib.domain.remote_content.configuration import (
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
from lib.domain.remote_content.secrets import Secrets
from lib.domain.services.subscription import Manager
from lib.ports.clock import Clock
from lib.ports.senders.hosts import (
    CallFault,
    RemoteAnswer,
    RemoteCall,
    RemoteCallError,
    RemoteContentHosts,
)
from lib.repositories.remote_content.configurations import Configurations
from lib.repositories.remote_content.counted_trials import CountedTrials
from lib.use_cases.remote_content.read_configurations import ReadConfigurations
from lib.use_cases.remote_content.sender_calls import MOST_BYTES, SenderCalls

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
        calls = caller.calls
        if content.has_precondition != "NEVER":
            steps.append(await caller.step("PRECONDITION", calls.precondition()))
        steps.append(await caller.step("MESSAGE", calls.message()))
        # one that is not below its message is a fault of the message
        path = listed_path(trial.attachment or "")
        if path is not None:
            steps.append(await caller.step("ATTACHMENT", calls.beginning(path)))
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
        self._hosts = hosts
        self._attachment = trial.attachment
        self.calls = SenderCalls(content, name, secrets, trial.id, trial.fiscal_code)
        self._is_unsigned = (
            content.is_lollipop_enabled and trial.fiscal_code not in content.disable_lollipop_for
        )

    async def step(self, name: StepName, call: RemoteCall) -> Step:
        """Make one call, and judge its answer."""
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
                return message_faults(answer.body, self._attachment)
            case _:
                return attachment_faults(answer.media_type, answer.body)
