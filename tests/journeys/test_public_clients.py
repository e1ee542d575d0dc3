"""Public clients of IO's API meet citizens of every kind, a limit, and a wrong key.

Each class of tests/journeys/clients has the calls of one client and its own handling of answers.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

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


@pytest.mark.parametrize("journeys", ["embedded"], indirect=True)
def test_over_the_limit_they_send_later(journeys: Journeys, wire: Wire) -> None:
    """The refusal has the form that each client reads; after it, the same calls succeed.

    The clients share one use of the limit: each of them would wait for it to be free again.
    tests/journeys/test_call_limits.py holds the limit on both stacks.
    """
    clients = {kind(wire, SLOW_KEY): journeys.new_citizen() for kind in CONCLUSIONS}
    refused: dict[PublicClient, Result] = {}

    def all_refused() -> bool:
        left = {one: citizen for one, citizen in clients.items() if one not in refused}
        use_up(journeys, SLOW_KEY)
        results = zip(left, _sent_at_once(left), strict=True)
        # on a slow machine the limit may be free again
        refused.update(one for one in results if one[1].conclusion is not Conclusion.SENT)
        return len(refused) == len(clients)

    wait_for(all_refused, 120)
    for client, result in refused.items():
        assert result.conclusion is CONCLUSIONS[type(client)].later, type(client)
    for client, citizen in clients.items():
        wait_for(partial(_is_sent, client, citizen), 60)


def _sent_at_once(clients: Mapping[PublicClient, str]) -> list[Result]:
    """Let all clients send to their citizens at the same time; return the results in order."""
    with ThreadPoolExecutor(len(clients)) as threads:
        return list(threads.map(lambda one: one[0].send(one[1]), clients.items()))


def _is_sent(client: PublicClient, citizen: str) -> bool:
    return client.send(citizen).conclusion is Conclusion.SENT
