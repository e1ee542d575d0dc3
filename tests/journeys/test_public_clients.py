"""Public clients of IO's API meet citizens of every kind, a limit, and a wrong key.

Each class of tests/journeys/clients has the calls of one client and its own handling of answers.
The table says what its authors would see; it would be the same with IO.
"""

from collections.abc import Iterator

import pytest

from infra.local.sandbox.seed import SENDER_KEY, SLOW_KEY
from tests.host.host_process import wait_for
from tests.journeys.clients.dotnet import DotNet
from tests.journeys.clients.govio import GovIO
from tests.journeys.clients.govpay import GovPay
from tests.journeys.clients.novu import Novu
from tests.journeys.clients.opencity import OpenCity
from tests.journeys.clients.parlo_io import ParloIo
from tests.journeys.clients.receipts import Receipts
from tests.journeys.clients.rest_template import RestTemplate
from tests.journeys.clients.send import DELIVERED, Send
from tests.journeys.clients.uniticket import UniTicket
from tests.journeys.clients.wire import Conclusion, PublicClient, Result, Wire
from tests.journeys.support import Journeys
from tests.journeys.used_up import use_up

C = Conclusion
UNREACHABLE = ("NOPROF00A00A000A", "INBOFF00A00A000A")
UNWANTED = ("BLOCKD00A00A000A", "MANUAL00A00A000A")
CONCLUSIONS = {
    # client: of an unreachable citizen; of one who does not want; over the limit; of a wrong key
    GovPay: (C.UNKNOWN, C.UNWANTED, C.LATER, C.GIVEN_UP),
    GovIO: (C.UNKNOWN, C.UNWANTED, C.LATER, C.GIVEN_UP),
    UniTicket: (C.NOT_SENT, C.UNWANTED, C.NOT_SENT, C.NOT_SENT),
    OpenCity: (C.NOT_SENT, C.UNWANTED, C.NOT_SENT, C.NOT_SENT),
    DotNet: (C.NOT_SENT, C.NOT_SENT, C.NOT_SENT, C.NOT_SENT),
    ParloIo: (C.NOT_SENT, C.UNWANTED, C.NOT_SENT, C.NOT_SENT),
    Novu: (C.GIVEN_UP, C.UNWANTED, C.GIVEN_UP, C.GIVEN_UP),
    RestTemplate: (C.NOT_SENT, C.NOT_SENT, C.NOT_SENT, C.NOT_SENT),
    Send: (C.UNKNOWN, C.UNWANTED, C.LATER, C.LATER),
    Receipts: (C.LATER, C.UNWANTED, C.LATER, C.LATER),
}
TELL_THE_TEXT = (UniTicket, OpenCity)
"""Clients that show the refusal's `detail` to a person."""
NOT_FOUND = "The profile you requested was not found in the system."
WRONG_KEY = "Access denied due to invalid subscription key."

every_client = pytest.mark.parametrize(
    "kind", CONCLUSIONS, ids=[kind.__name__ for kind in CONCLUSIONS]
)


@pytest.fixture(scope="module")
def wire(journeys: Journeys) -> Iterator[Wire]:
    """Return the wire to the host."""
    return Wire(journeys)


@every_client
def test_it_sends_to_a_citizen_who_can_be_reached(
    journeys: Journeys, wire: Wire, kind: type[PublicClient]
) -> None:
    """The client keeps the id of a message that reaches the inbox, and reads its status."""
    client, citizen = kind(wire, SENDER_KEY), journeys.new_citizen()

    sent = client.send(citizen)

    assert sent.conclusion is C.SENT
    assert sent.id is not None
    assert journeys.settled(sent.id, citizen)["status"] == "PROCESSED"
    assert client.status(citizen, sent.id) in {None, "PROCESSED", DELIVERED}


@every_client
@pytest.mark.parametrize("citizen", [*UNREACHABLE, *UNWANTED])
def test_it_sends_nothing_to_a_citizen_who_cannot_be_reached(
    wire: Wire, kind: type[PublicClient], citizen: str
) -> None:
    """No profile and the inbox off look alike; a blocked service and no choice are a plain no."""
    unreachable, unwanted, *_ = CONCLUSIONS[kind]

    result = kind(wire, SENDER_KEY).send(citizen)

    assert result.conclusion is (unreachable if citizen in UNREACHABLE else unwanted)
    assert result.id is None
    if kind in TELL_THE_TEXT and citizen in UNREACHABLE:
        assert result.told == NOT_FOUND


@every_client
def test_a_wrong_key_is_what_it_takes_it_for(wire: Wire, kind: type[PublicClient]) -> None:
    """A client that shows a text shows that of IO's gateway."""
    *_, wrong_key = CONCLUSIONS[kind]

    result = kind(wire, "nobody's").send("RSSMRA80A01H501U")

    assert result.conclusion is wrong_key
    assert result.id is None
    if kind in TELL_THE_TEXT:
        assert str(result.told).startswith(WRONG_KEY)


def test_clients_over_the_limit_send_later(journeys: Journeys, wire: Wire) -> None:
    """The refusal has the form that each client reads; after it, the same call succeeds."""
    citizen = journeys.new_citizen()
    for kind, (_, _, over_the_limit, _) in CONCLUSIONS.items():
        client = kind(wire, SLOW_KEY)

        def refused(client: PublicClient = client) -> Result | None:
            use_up(journeys, SLOW_KEY)
            result = client.send(citizen)
            return None if result.conclusion is C.SENT else result

        # on a slow machine the limit may be free again
        result = wait_for(refused, 60)
        assert result is not None
        assert result.conclusion is over_the_limit, kind

        def sent(client: PublicClient = client) -> bool:
            return client.send(citizen).conclusion is C.SENT

        wait_for(sent, 60)
