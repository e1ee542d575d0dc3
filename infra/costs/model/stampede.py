"""Compute a stampede: the pushes of a batch within minutes, and the citizens who open the app."""

from decimal import Decimal

from infra.costs.measuring.runs import HTTP
from infra.costs.model.batches import in_batches
from infra.costs.model.data import Data
from infra.costs.model.send import Send
from infra.costs.model.traffic import milliseconds_of_cpu
from infra.costs.model.usage import readings

ASKED = ("profile", "register device", "counters", "inbox", "open")
"""The paths of an app that is opened after a push, beside the mark of the message as read."""


def stampede(data: Data) -> Send:
    """Return the stampede of the assumptions."""
    given = data.stampede
    opened = given["opened"]
    sent = {name: one for name, one in in_batches(data).items() if name.startswith("batch ")}
    shares = sent | dict.fromkeys(ASKED, opened) | readings(data, opened)
    return Send(given["messages"], given["messages"] / (given["minutes"] * 60), shares)


def requests_a_second(data: Data) -> Decimal:
    """Return the requests of the apps in a second."""
    send = stampede(data)
    asked = (one for name, one in send.shares.items() if not name.startswith("batch "))
    return sum(asked, Decimal(0)) * send.a_second


def milliseconds_in_an_instance(data: Data, part: Decimal) -> Decimal:
    """Return the milliseconds within which this part of the requests leaves an instance.

    An instance is taken as a queue with random arrivals and random lengths of work (M/M/1), busy
    for `cpu_target` of the time: an exponential distribution with the mean s / (1 - use).
    """
    mean = milliseconds_of_cpu(data, HTTP) / (1 - data.assumptions["cpu_target"])
    return mean * -(1 - part).ln()
