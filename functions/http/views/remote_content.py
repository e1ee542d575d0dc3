"""Remote content as senders see it: configurations without their secrets, and results of tests."""

from typing import Annotated

from pydantic import Field

from lib.domain.remote_content.configuration import Configuration
from lib.domain.remote_content.judgement import FaultCode
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import FiscalCodeField, UlidField
from lib.domain.shared.model import Model
from lib.domain.shared.values import NOT_NULL, NonEmpty
from lib.repositories.remote_content.configurations import StoredConfiguration
from lib.use_cases.remote_content.try_endpoint import Outcome, StepName

_ID = says("The id of the configuration, which messages name in `third_party_data`.")


class CreatedConfigurationAnswer(Configuration):
    """IO's RCConfigurationPublic: a new configuration."""

    configuration_id: Annotated[UlidField, _ID]


class ConfigurationAnswer(CreatedConfigurationAnswer):
    """IO's RCConfigurationResponse: a configuration and the account that made it."""

    user_id: Annotated[NonEmpty, says("The account that made the configuration.")]


class ConfigurationListAnswer(Model):
    """IO's RCConfigurationListResponse."""

    rc_config_list: Annotated[
        list[ConfigurationAnswer],
        Field(alias="rcConfigList"),
        says("All configurations of your organisation, the oldest first."),
    ]


class TrialRequest(Model):
    """A message of the sender by which its host is tested."""

    id: Annotated[
        NonEmpty,
        Field(max_length=512),
        says("The id of a message in your own system, as in `third_party_data`."),
    ]
    fiscal_code: Annotated[
        FiscalCodeField,
        says(
            "The citizen to whom the message is. It decides about the environment: one of your "
            "test users gets the test environment."
        ),
    ]
    attachment: Annotated[
        Annotated[NonEmpty, Field(max_length=2048)] | None,
        NOT_NULL,
        says("The `url` of an attachment of the message. Absent: no attachment is fetched."),
    ] = None


class EndpointFaultAnswer(Model):
    """A rule that the host breaks."""

    code: Annotated[FaultCode, says("The kind of the fault, for programs.")]
    pointer: Annotated[
        str, says("The JSON pointer of the member in your host's answer; empty for the whole.")
    ]
    detail: Annotated[str, says("The fault in words, without any value of your host's answer.")]


class CallAnswer(Model):
    """A request of the test to the sender's host, and its result."""

    name: Annotated[StepName, says("The part of the message that was asked for.")]
    url: Annotated[str, says("The address that was called.")]
    status: Annotated[
        int | None, says("The HTTP status of the answer. Absent: the host gave no answer.")
    ] = None
    milliseconds: Annotated[int, Field(ge=0), says("The time until the answer was complete.")]
    is_passed: Annotated[bool, says("Whether the call has no fault.")]
    faults: Annotated[list[EndpointFaultAnswer], says("The rules that the host breaks.")]


class TrialAnswer(Model):
    """The result of a test."""

    environment: Annotated[str, says("The environment that was called, by its name.")]
    is_passed: Annotated[bool, says("Whether no call has a fault.")]
    calls: Annotated[list[CallAnswer], says("The calls, in their order.")]


def created_view(configuration_id: str, content: Configuration) -> CreatedConfigurationAnswer:
    """Return the answer for a new configuration. `content`: with its secrets masked."""
    members = dict(content)
    return CreatedConfigurationAnswer.model_construct(**members, configuration_id=configuration_id)


def configuration_view(stored: StoredConfiguration) -> ConfigurationAnswer:
    """Return the answer for a stored configuration."""
    members = dict(stored.content)
    return ConfigurationAnswer.model_construct(
        **members, configuration_id=stored.id, user_id=stored.user_id
    )


def trial_view(outcome: Outcome) -> TrialAnswer:
    """Return the answer for a test."""
    calls = [
        CallAnswer(
            name=step.name,
            url=step.url,
            status=step.status,
            milliseconds=step.milliseconds,
            is_passed=not step.faults,
            faults=[
                EndpointFaultAnswer(code=one.code, pointer=one.pointer, detail=one.detail)
                for one in step.faults
            ],
        )
        for step in outcome.steps
    ]
    is_passed = all(call.is_passed for call in calls)
    return TrialAnswer(environment=outcome.environment, is_passed=is_passed, calls=calls)
