"""Instalments that are to become messages."""

from functions.queues.consumer import Consumer
from lib.domain.events import InstalmentDue
from lib.queues import INSTALMENT_DUE

submit_instalment = Consumer(
    name="submit_instalment",
    queue=INSTALMENT_DUE,
    item=InstalmentDue,
    handler=lambda app, item: app.submit_instalment(item.rpt_id),
)
