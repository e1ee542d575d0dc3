"""Random bytes for every endpoint, the same in each run.

Random requests by the declarations: see test_schemathesis.py. The embedded stack refuses each name
and id that Azure's refuses (tests/contract), so that `make test-full` alone sends them to both.
"""

import http.client
import json
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from functions.declared import ENDPOINTS
from functions.http.contract.endpoint import AnyEndpoint
from functions.http.contract.policies import Citizens
from functions.http.pagopa.payments import UPDATERS
from infra.local.sandbox.seed import MANAGE_KEY, OPERATOR_KEY, PAYMENTS_KEY, SENDER_KEY
from tests.journeys.support import SCALE, Journeys

BOUNDED = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
STACKS = ["embedded", "emulators"] if SCALE > 1 else ["embedded"]
KEYS = {"ManageKey": MANAGE_KEY, "OperatorKey": OPERATOR_KEY}
"""By security scheme."""


def credentials(journeys: Journeys, endpoint: AnyEndpoint) -> dict[str, str]:
    """Return the header of a caller that may call the endpoint."""
    if isinstance(endpoint.policy, Citizens):
        return {"Authorization": f"Bearer {journeys.token()}"}
    key = PAYMENTS_KEY if endpoint.policy is UPDATERS else SENDER_KEY
    return {"Ocp-Apim-Subscription-Key": KEYS.get(endpoint.policy.scheme or "", key)}


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
@pytest.mark.parametrize("journeys", STACKS, indirect=True)
@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_bytes_that_mean_nothing_are_no_fault(journeys: Journeys, endpoint: AnyEndpoint) -> None:
    """Random octets in path, query, headers and body are refused as declared."""
    headers = credentials(journeys, endpoint)
    connection = http.client.HTTPConnection("127.0.0.1", journeys.host.port, timeout=60)

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
