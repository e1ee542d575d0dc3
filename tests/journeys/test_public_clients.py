"""Public clients of IO's API meet citizens of every kind, a limit, and a wrong key.

Each class of tests/journeys/clients has the calls of one client and its own handling of answers.
"""

import pytest

from infra.local.sandbox.seed import SENDER_KEY, SLOW_KEY
from tests.host.host_process import wait_for
from tests.journeys.clients.conclusions import CONCLUSIONS, TELL_THE_TEXT
from tests.journeys.clients.send import DELIVERED
from tests.journeys.clients.wire import Conclusion, PublicClient, Result, Wire
from tests.journeys.support import Journeys
from tests.journeys.used_up import use_up

UNREACHABLE = ("NOPROF00A00A000A", "INBOFF00A00A000A")
UNWANTED = ("BLOCKD00A00A000A", "MANUAL00A00A000A")
NOT_FOUND = "The profile you requested was not found in the system."
WRONG_KEY = "Access denied due to invalid subscription key."

every_client = pytest.mark.parametrize(
    "kind", CONCLUSIONS, ids=[kind.__name__ for kind in CONCLUSIONS]
)


@pytest.fixture(scope="module")
def wire(journeys: Journeys) -> Wire:
    """Return the wire to the host."""
    return Wire(journeys)


@every_client
def test_it_sends_to_a_citizen_who_can_be_reached(
    journeys: Journeys, wire: Wire, kind: type[PublicClient]
) -> None:
    """The client keeps the id of a message that reaches the inbox, and reads its status."""
    client, citizen = kind(wire, SENDER_KEY), journeys.new_citizen()

    sent = client.send(citizen)

    assert sent.conclusion is Conclusion.SENT
    assert sent.id is not None
    assert journeys.settled(sent.id, citizen)["status"] == "PROCESSED"
    assert client.status(citizen, sent.id) in {None, "PROCESSED", DELIVERED}


@every_client
@pytest.mark.parametrize("citizen", [*UNREACHABLE, *UNWANTED])
def test_it_sends_nothing_to_a_citizen_who_cannot_be_reached(
    wire: Wire, kind: type[PublicClient], citizen: str
) -> None:
    """No profile and the inbox off look alike; a blocked service and no choice are a plain no."""
    result = kind(wire, SENDER_KEY).send(citizen)

    is_unreachable, of = citizen in UNREACHABLE, CONCLUSIONS[kind]
    assert result.conclusion is (of.unreachable if is_unreachable else of.unwanted)
    assert result.id is None
    if kind in TELL_THE_TEXT and is_unreachable:
        assert result.told == NOT_FOUND


@every_client
def test_a_wrong_key_is_what_it_takes_it_for(wire: Wire, kind: type[PublicClient]) -> None:
    """A client that shows a text shows that of IO's gateway."""
    result = kind(wire, "nobody's").send("RSSMRA80A01H501U")

    assert result.conclusion is CONCLUSIONS[kind].wrong_key
    assert result.id is None
    if kind in TELL_THE_TEXT:
        assert str(result.told).startswith(WRONG_KEY)


@every_client
@pytest.mark.parametrize("journeys", ["embedded"], indirect=True)
def test_over_the_limit_it_sends_later(
    journeys: Journeys, wire: Wire, kind: type[PublicClient]
) -> None:
    """The refusal has the form that the client reads; after it, the same calls succeed.

    tests/journeys/test_call_limits.py holds the limit on both stacks.
    """
    client, citizen = kind(wire, SLOW_KEY), journeys.new_citizen()

    def refused() -> Result | None:
        use_up(journeys, SLOW_KEY)
        result = client.send(citizen)
        return None if result.conclusion is Conclusion.SENT else result

    # on a slow machine the limit may be free again
    result = wait_for(refused, 60)
    assert result is not None
    assert result.conclusion is CONCLUSIONS[kind].later
    wait_for(lambda: client.send(citizen).conclusion is Conclusion.SENT, 60)
