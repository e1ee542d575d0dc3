"""Consumes the queue of instalments that are to become messages."""

from typing import Any

from functions.queues.contract import Consumer
from lib.ports.queueing.items.messages import InstalmentDue
from lib.ports.queueing.names import INSTALMENT_DUE

submit_instalment = Consumer(
    name="submit_instalment",
    queue=INSTALMENT_DUE,
    item=InstalmentDue,
    handler=lambda app, item: app.payment_notices.submit_instalment(item.rpt_id),
)

CONSUMERS: tuple[Consumer[Any], ...] = (submit_instalment,)
