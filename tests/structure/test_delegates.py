"""Each endpoint of citizens says whether a delegate may call it, and what keeps the scope."""

from typing import Final

import pytest

from functions.declared import ENDPOINTS
from functions.http.contract.endpoint import AnyEndpoint
from functions.http.contract.policies import Citizens
from functions.http.contract.serving import MESSAGE_ID
from lib.domain.identity.acting import Right
from lib.domain.parties.admission import View

OF_CITIZENS: Final[dict[str, tuple[AnyEndpoint, Citizens]]] = {
    one.name: (one, one.policy) for one in ENDPOINTS if isinstance(one.policy, Citizens)
}
SHOWS_NO_MESSAGE: Final = "/api/catalog/", "/api/v2/", "/api/v1/institutions", "/api/v1/services"


def test_a_policy_of_citizens_cannot_leave_it_out() -> None:
    """A new endpoint has to decide."""
    with pytest.raises(TypeError):
        Citizens()  # type: ignore[call-arg]


@pytest.mark.parametrize("name", OF_CITIZENS)
def test_a_delegate_never_reaches_settings(name: str) -> None:
    """Profile, preferences, logs, personal data and delegations are those of a representative."""
    endpoint, policy = OF_CITIZENS[name]
    managed = ("profile", "user-data", "v1/delegation", "email", "preferences", "access-log")
    never = ("installation", "session", "parties", "v1/documents", "certificate")

    if any(word in endpoint.path for word in managed):
        assert policy.delegates.right is Right.MANAGE
    if any(word in endpoint.path for word in never):
        assert policy.delegates.right is None


@pytest.mark.parametrize("name", OF_CITIZENS)
def test_what_a_delegate_writes_needs_the_right_to_act(name: str) -> None:
    """The right READ changes nothing."""
    endpoint, policy = OF_CITIZENS[name]

    if policy.delegates.right is Right.READ:
        assert endpoint.method == "GET" or endpoint.name == "search_inbox"


@pytest.mark.parametrize("name", OF_CITIZENS)
def test_the_scope_of_a_delegate_is_kept(name: str) -> None:
    """A path with a message has its service checked; what shows no message is known by name."""
    endpoint, policy = OF_CITIZENS[name]
    if policy.delegates.right in {None, Right.MANAGE}:
        # a representative sees all services
        return
    if policy.delegates.view is View.MESSAGE:
        assert MESSAGE_ID in endpoint.parameters
    elif policy.delegates.view is View.FILTERED:
        assert MESSAGE_ID not in endpoint.parameters
    else:
        assert endpoint.path.startswith(SHOWS_NO_MESSAGE)
