"""Endpoints of remote content for organisations: configurations, and a test of their hosts."""

from typing import Annotated, Final

from functions.http.contract import problems
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Managers
from functions.http.views.remote_content import (
    ConfigurationAnswer,
    ConfigurationListAnswer,
    CreatedConfigurationAnswer,
    TrialAnswer,
    TrialRequest,
    configuration_view,
    created_view,
    trial_view,
)
from lib.domain.identity.errors import NotAllowedError
from lib.domain.remote_content.configuration import Configuration
from lib.domain.remote_content.errors import (
    InvalidConfigurationError,
    NoEnvironmentError,
    RemoteContentOffError,
    SecretLostError,
    TooManyConfigurationsError,
    TooManyTestsError,
    UnknownConfigurationError,
)
from lib.domain.remote_content.secrets import masked
from lib.domain.services.service import Group
from lib.domain.services.subscription import Manager
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import UlidField
from lib.use_cases.remote_content.try_endpoint import Trial

PATH: Final = "/api/v1/messages-sending/remote-contents/configurations"
ONE: Final = f"{PATH}/{{configurationId}}"
POLICY: Final = Managers(frozenset((Group.REMOTE_CONTENT_WRITE,)))
BODY_LIMIT: Final = 128 * 1024
_PARAMETERS: Final = {
    "configurationId": Annotated[UlidField, says("The id of the configuration.")],
}

EXAMPLE: Final = {
    "name": "Fascicolo del cittadino",
    "description": "Contenuti dal fascicolo dei tributi",
    "has_precondition": "NEVER",
    "disable_lollipop_for": [],
    "is_lollipop_enabled": False,
    "test_environment": {
        "base_url": "https://prova.comune.example/io",
        "details_authentication": {
            "header_key_name": "X-Api-Key",
            "key": "the-key-of-the-test-host",
            "type": "API-KEY",
        },
        "test_users": ["RSSMRA80A01H501U"],
    },
    "prod_environment": {
        "base_url": "https://servizi.comune.example/io",
        "details_authentication": {
            "header_key_name": "X-Api-Key",
            "key": "the-key-of-the-host",
            "type": "API-KEY",
        },
    },
}


async def _create(call: Call[Manager, Configuration, None]) -> Answer:
    id_ = await call.app.remote_content.create(call.caller, call.body)
    body = created_view(id_, masked(call.body))
    return Answer(201, body, {"Location": f"{PATH}/{id_}"})


async def _list(call: Call[Manager, None, None]) -> Answer:
    found = await call.app.remote_content.read.all_of(call.caller)
    listed = [configuration_view(one) for one in found]
    return Answer(200, ConfigurationListAnswer.model_construct(rc_config_list=listed))


async def _read(call: Call[Manager, None, None]) -> Answer:
    found = await call.app.remote_content.read(call.caller, call.path["configurationId"])
    return Answer(200, configuration_view(found))


async def _replace(call: Call[Manager, Configuration, None]) -> Answer:
    await call.app.remote_content.replace(call.caller, call.path["configurationId"], call.body)
    return Answer(204)


async def _test(call: Call[Manager, TrialRequest, None]) -> Answer:
    asked = call.body
    outcome = await call.app.remote_content.try_endpoint(
        call.caller,
        call.path["configurationId"],
        Trial(asked.id, asked.fiscal_code, asked.attachment),
    )
    return Answer(200, trial_view(outcome))


_BODY: Final = Body[Configuration](
    Configuration, name="NewRCConfigurationPublic", limit=BODY_LIMIT, example=EXAMPLE
)

create_configuration = Endpoint(
    name="create_remote_content_configuration",
    method="POST",
    path=PATH,
    summary="Create a configuration of remote content",
    description=(
        "Messages of all services of your organisation may name the configuration. Secrets (`key` "
        "and `cert.client_key`) are stored encrypted and are never returned: answers have "
        "`********` in their place."
    ),
    tag="sender",
    policy=POLICY,
    body=_BODY,
    handler=_create,
    answers={201: CreatedConfigurationAnswer},
    outage=problems.try_again,
    refusals=(InvalidConfigurationError, TooManyConfigurationsError, RemoteContentOffError),
)

list_configurations = Endpoint(
    name="list_remote_content_configurations",
    method="GET",
    path=PATH,
    summary="List the configurations of remote content of your organisation",
    description="The list has every configuration whose creation was answered.",
    tag="sender",
    policy=POLICY,
    handler=_list,
    answers={200: ConfigurationListAnswer},
    outage=problems.try_again,
)

read_configuration = Endpoint(
    name="read_remote_content_configuration",
    method="GET",
    path=ONE,
    summary="Read a configuration of remote content",
    description="The configuration of your organisation, with `********` in place of each secret.",
    tag="sender",
    policy=POLICY,
    parameters=_PARAMETERS,
    handler=_read,
    answers={200: ConfigurationAnswer},
    outage=problems.try_again,
    refusals=(UnknownConfigurationError, NotAllowedError),
)

replace_configuration = Endpoint(
    name="replace_remote_content_configuration",
    method="PUT",
    path=ONE,
    summary="Change a configuration of remote content as a whole",
    description=(
        "A secret that is sent as `********` stays as it is stored, as long as the host of its "
        "`base_url` stays the same; with another host the secret must be sent again."
    ),
    tag="sender",
    policy=POLICY,
    parameters=_PARAMETERS,
    body=_BODY,
    handler=_replace,
    answers={204: None},
    outage=problems.try_again,
    refusals=(
        UnknownConfigurationError,
        NotAllowedError,
        InvalidConfigurationError,
        TooManyConfigurationsError,
        SecretLostError,
        RemoteContentOffError,
    ),
)

test_configuration = Endpoint(
    name="test_remote_content_configuration",
    is_ours=True,
    method="POST",
    path=f"{ONE}/test",
    summary="Check your host of remote content as the app will call it",
    description=(
        "Recapito calls the precondition (unless `has_precondition` is NEVER), the message, and "
        "an attachment if you name one, with the header and the certificate of the configuration "
        "and the header `fiscal_code`. Each call may take 5 seconds. The answer lists the faults "
        "point by point, and has no secret and no content of your host's answers. An organisation "
        "may make ten tests a minute."
    ),
    tag="sender",
    policy=POLICY,
    parameters=_PARAMETERS,
    body=Body(
        TrialRequest,
        name="TrialRequest",
        example={"id": "fascicolo-1", "fiscal_code": "RSSMRA80A01H501U", "attachment": "1.pdf"},
    ),
    handler=_test,
    answers={200: TrialAnswer},
    refusals=(
        UnknownConfigurationError,
        NotAllowedError,
        NoEnvironmentError,
        SecretLostError,
        RemoteContentOffError,
        TooManyTestsError,
    ),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    create_configuration,
    list_configurations,
    read_configuration,
    replace_configuration,
    test_configuration,
)
