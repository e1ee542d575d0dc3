"""Conclusions of each client from answers that are no success; with IO they are the same."""

from typing import Final, NamedTuple

from tests.journeys.clients.dotnet import DotNet
from tests.journeys.clients.govio import GovIO
from tests.journeys.clients.govpay import GovPay
from tests.journeys.clients.novu import Novu
from tests.journeys.clients.opencity import OpenCity
from tests.journeys.clients.receipts import Receipts
from tests.journeys.clients.send import Send
from tests.journeys.clients.spring import Gateway, ParloIo, RestTemplate
from tests.journeys.clients.uniticket import UniTicket
from tests.journeys.clients.wire import Conclusion, PublicClient

C = Conclusion


class Conclusions(NamedTuple):
    """Conclusions of one client.

    `unreachable`: of a citizen without a profile, or with the inbox off. `unwanted`: of one who
    blocks the service, or made no choice in manual mode. `later`: of a used-up limit, and of an
    outage, for which the answers are alike. `not_taken`: of the same refusal of the message, after
    the citizen could be read.
    """

    unreachable: Conclusion
    unwanted: Conclusion
    later: Conclusion
    not_taken: Conclusion
    wrong_key: Conclusion


CONCLUSIONS: Final[dict[type[PublicClient], Conclusions]] = {
    GovPay: Conclusions(C.UNKNOWN, C.UNWANTED, C.LATER, C.LATER, C.GIVEN_UP),
    GovIO: Conclusions(C.UNKNOWN, C.UNWANTED, C.LATER, C.LATER, C.GIVEN_UP),
    UniTicket: Conclusions(C.NOT_SENT, C.UNWANTED, C.NOT_SENT, C.NOT_SENT, C.NOT_SENT),
    OpenCity: Conclusions(C.NOT_SENT, C.UNWANTED, C.NOT_SENT, C.NOT_SENT, C.NOT_SENT),
    DotNet: Conclusions(C.NOT_SENT, C.NOT_SENT, C.NOT_SENT, C.GIVEN_UP, C.NOT_SENT),
    ParloIo: Conclusions(C.NOT_SENT, C.UNWANTED, C.NOT_SENT, C.NOT_SENT, C.NOT_SENT),
    Novu: Conclusions(C.GIVEN_UP, C.UNWANTED, C.GIVEN_UP, C.GIVEN_UP, C.GIVEN_UP),
    RestTemplate: Conclusions(C.NOT_SENT, C.NOT_SENT, C.NOT_SENT, C.GIVEN_UP, C.NOT_SENT),
    Gateway: Conclusions(C.GIVEN_UP, C.UNWANTED, C.GIVEN_UP, C.GIVEN_UP, C.GIVEN_UP),
    Send: Conclusions(C.UNKNOWN, C.UNWANTED, C.LATER, C.LATER, C.LATER),
    Receipts: Conclusions(C.LATER, C.UNWANTED, C.LATER, C.LATER, C.LATER),
}
TELL_THE_TEXT: Final = (UniTicket, OpenCity)
"""Clients that show the refusal's `detail` to a person."""
