"""Random requests for every endpoint, valid and invalid, the same in each run."""

import http.client
import json
import time
from functools import cache, partial
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from schemathesis import Case, GenerationMode, openapi

from functions import ENDPOINTS
from functions.http.contract.endpoint import AnyEndpoint
from functions.http.contract.policies import Citizens
from functions.http.openapi.document import build
from functions.http.operations.dead_letters import OPERATORS
from functions.http.pa.reminders import MANAGERS
from functions.http.pagopa.payments import UPDATERS
from infra.local.sandbox.seed import (
    CITIZEN,
    MANAGE_KEY,
    OPERATOR_KEY,
    PAYMENTS_KEY,
    SENDER_KEY,
    SERVICE_ID,
)
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from tests.builders.messages import a_message
from tests.builders.payment_notices import a_notice, number
from tests.builders.payments import a_payment
from tests.builders.remote_content import a_configuration
from tests.journeys.support import Journeys

BOUNDED = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
UPDATES = {
    "update_profile": "NOPROF00A00A000A",
    "update_profile_v1": "NOPROF00B00A000A",
    "request_email_validation": "VALIDA00A00A000A",
    "request_email_validation_v1": "VALIDA00A00A000A",
    "change_service_preference": "RSSMRA80A01H501U",
    "change_service_preference_v1": "RSSMRA80A01H501U",
}
"""The citizen whose settings the call changes: those of CITIZEN must stay as they are."""
NOTICES = (
    "submit_payment_notice",
    "amend_payment_notice",
    "cancel_payment_notice",
    "reopen_payment_notice",
)
CONFIGURATIONS = (
    "create_remote_content_configuration",
    "replace_remote_content_configuration",
)
_RULES = {"pattern", "enum", "format", "minLength", "maxLength"}


def _has_a_rule(type_: Any) -> bool:
    return bool(_RULES & TypeAdapter(type_).json_schema().keys())


NEXT_YEAR = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 300 * 24 * 3600))
SENSIBLE = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
INPUTS = [
    (endpoint, mode)
    for endpoint in ENDPOINTS
    for mode in SENSIBLE
    if mode is GenerationMode.POSITIVE
    or endpoint.query
    or endpoint.body
    # of any text none is wrong
    or any(_has_a_rule(type_) for type_ in endpoint.parameters.values())
]


@cache
def declarations() -> Any:
    """Return the document of all endpoints as schemathesis reads it."""
    return openapi.from_dict(build(ENDPOINTS))


def cases(endpoint: AnyEndpoint, mode: GenerationMode, known: dict[str, str]) -> Any:
    """Yield random requests, requests with known values, and acceptable submissions."""
    operation = declarations().find_operation_by_id(endpoint.name)
    named = {name: value for name, value in known.items() if f"{{{name}}}" in endpoint.path}
    kinds = [operation.as_strategy(mode)]
    if named:
        kinds.append(operation.as_strategy(mode, path_parameters=named))
    if endpoint.name.startswith("submit_message"):
        kinds.append(kinds[-1].map(acceptable))
    if endpoint.name in NOTICES and endpoint.body:
        kinds.append(kinds[-1].map(payable))
    if endpoint.name in CONFIGURATIONS:
        kinds.append(kinds[-1].map(callable_hosts))
    if endpoint.name in UPDATES:
        kinds.append(kinds[-1].map(partial(settled, int(known["version"]))))
    return st.one_of(kinds)


def acceptable(case: Case[Any]) -> Case[Any]:
    """Correct the parts of a submission that the schema cannot express."""
    body: Any = case.body
    if isinstance(body, dict) and isinstance(body.get("content"), dict):
        content = {**body["content"], **a_message()["content"]}
        if isinstance(payment := content.get("payment_data"), dict):
            content["payment_data"] = {**payment, "amount": 1}
        body = {**body, "content": content, "feature_level_type": "ADVANCED"}
        body.pop("fiscal_code", None)
        case.body = body if case.path_parameters else {**body, "fiscal_code": CITIZEN}
    return case


def payable(case: Case[Any]) -> Case[Any]:
    """Correct the parts of a payment notice that the schema cannot express."""
    if isinstance(case.body, dict):
        right = a_notice(notice_number=number(7), amount_cents=1, due_date=NEXT_YEAR)
        names = ("amount_cents", "due_date", "subject", "description")
        named = ("fiscal_code", "notice_number", *names)
        case.body = (
            {"version": 1, **{name: right[name] for name in names}}
            if case.path_parameters
            else {name: right[name] for name in named}
        )
    return case


def callable_hosts(case: Case[Any]) -> Case[Any]:
    """Correct the addresses and secrets of a configuration, which the schema cannot express."""
    case.body = a_configuration()
    return case


def settled(version: int, case: Case[Any]) -> Case[Any]:
    """Correct the versions in a change of settings, which the schema cannot know."""
    if isinstance(case.body, dict):
        versions = {"version": version, "settings_version": 0}
        case.body |= {name: value for name, value in versions.items() if name in case.body}
    return case


def payable_content(notice_number: str) -> dict[str, Any]:
    """Return content with a payment of its own number: a citizen gets 20 of one number."""
    payment = a_payment(notice_number=notice_number)
    return {"payment_data": payment, "due_date": "2027-06-30T21:59:59Z"}


def version_of(journeys: Journeys, headers: dict[str, str]) -> int:
    """Return the version of the caller's profile, or 0 without a profile."""
    answer = journeys.call("GET", "/api/identity/v1/profile", headers=headers)
    return int(answer.json()["version"]) if answer.status_code == 200 else 0


def paid(journeys: Journeys) -> str:
    """Deliver a message whose payment is made; return its id."""
    number = "301000000000000033"
    at = journeys.call("GET", "/sandbox/clock").json()["now"]
    event = {"event_id": "receipt", "occurred_at": at, "outcome": "PAID"}
    path = f"/api/payments/v1/payments/01234567890{number}"
    assert journeys.as_sender("PUT", path, key=PAYMENTS_KEY, json=event).status_code == 200
    return journeys.deliver(content={"payment_data": a_payment(notice_number=number)})


def a_sent_notice(journeys: Journeys, of: int) -> str:
    """Send a payment notice; return its rpt_id."""
    headers = {"Ocp-Apim-Subscription-Key": SENDER_KEY}
    notice = a_notice(notice_number=number(of), due_date=NEXT_YEAR)
    answer = journeys.call("POST", "/api/v1/payment-notices", json=notice, headers=headers)
    assert answer.status_code in {200, 201}
    return str(answer.json()["rpt_id"])


def a_stored_configuration(journeys: Journeys) -> str:
    """Create a configuration of remote content; return its id."""
    path = "/api/v1/messages-sending/remote-contents/configurations"
    answer = journeys.as_sender("POST", path, key=MANAGE_KEY, json=a_configuration())
    return str(answer.json()["configuration_id"])


def credentials(journeys: Journeys, endpoint: AnyEndpoint) -> dict[str, str]:
    """Return the header of a caller that may call the endpoint."""
    if isinstance(endpoint.policy, Citizens):
        token = journeys.token(UPDATES.get(endpoint.name, CITIZEN))
        if endpoint.name.startswith("request_email_validation"):
            # an address to validate; the second time the profile has it already
            body = {"version": 0, "email": "valida@example.org"}
            journeys.as_citizen("POST", "/api/identity/v1/profile", token=token, json=body)
        return {"Authorization": f"Bearer {token}"}
    keys = ((MANAGERS, MANAGE_KEY), (OPERATORS, OPERATOR_KEY), (UPDATERS, PAYMENTS_KEY))
    by_scheme = {"ManageKey": MANAGE_KEY, "OperatorKey": OPERATOR_KEY}
    default = by_scheme.get(endpoint.policy.scheme or "", SENDER_KEY)
    key = next((key for policy, key in keys if endpoint.policy is policy), default)
    return {"Ocp-Apim-Subscription-Key": key}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("endpoint", "mode"), INPUTS, ids=[f"{one.name}-{mode.value}" for one, mode in INPUTS]
)
def test_nothing_is_answered_but_as_declared(
    journeys: Journeys, endpoint: AnyEndpoint, mode: GenerationMode
) -> None:
    """No answer has a 5xx, or a status, content type or body that is not declared."""
    headers = credentials(journeys, endpoint)
    of = INPUTS.index((endpoint, mode))
    known = {
        "fiscal_code": CITIZEN,
        "id": paid(journeys)
        if endpoint.name == "read_payment_receipt"
        else journeys.deliver(content=payable_content(number(2000 + of))),
        "queue": MESSAGE_SUBMITTED,
        "service_id": SERVICE_ID,
        "rptId": f"01234567890{number(2000 + of)}",
        "version": str(version_of(journeys, headers)),
        "rpt_id": a_sent_notice(journeys, 1000 + of),
        **(
            {"configurationId": a_stored_configuration(journeys)}
            if "configurationId" in endpoint.parameters
            else {}
        ),
    }
    statuses = set()

    @settings(BOUNDED, max_examples=journeys.examples)
    @given(cases(endpoint, mode, known))
    def ask(case: Case[Any]) -> None:
        answer = case.call(journeys.base, journeys.session, headers, timeout=20)
        statuses.add(answer.status_code)
        assert answer.status_code < 500, answer.content

    ask()

    if mode is GenerationMode.POSITIVE and "replay" not in endpoint.name:
        assert statuses & set(endpoint.answers), f"nothing was accepted: {statuses}"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
bodies = st.binary(max_size=60) | anything.map(json.dumps).map(str.encode)
octets = st.binary(min_size=1, max_size=12).map(lambda octets: quote(octets, safe=""))
header_values = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=40
)


@pytest.mark.slow
@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_bytes_that_mean_nothing_are_no_fault(journeys: Journeys, endpoint: AnyEndpoint) -> None:
    """Random octets in path, query, headers and body are refused as declared."""
    headers = credentials(journeys, endpoint)
    connection = http.client.HTTPConnection("127.0.0.1", journeys.host.port, timeout=20)

    @settings(BOUNDED, max_examples=journeys.examples)
    @given(data=st.data())
    def ask(data: st.DataObject) -> None:
        path = endpoint.path
        for name in endpoint.parameters:
            path = path.replace(f"{{{name}}}", data.draw(octets))
        query = data.draw(st.lists(octets, max_size=3).map("&".join))
        if endpoint.query:
            names = st.sampled_from(sorted(endpoint.query.model_fields))
            query += "&" + data.draw(names) + "=" + data.draw(octets)
        sent = {**headers, "Content-Type": "application/json"}
        if data.draw(st.booleans()):
            name = data.draw(st.sampled_from([*sent, *endpoint.headers, "X-Forwarded-For"]))
            sent[name] = data.draw(header_values)
        body = data.draw(bodies)
        connection.request(endpoint.method, f"{path}?{query}", body, sent)
        answer = connection.getresponse()
        content = answer.read()
        declared = journeys.session.declared
        content_type = answer.headers["content-type"]
        declared.check(endpoint.method, path, answer.status, content_type, content)
        assert answer.status < 500, content

    try:
        ask()
    finally:
        connection.close()
