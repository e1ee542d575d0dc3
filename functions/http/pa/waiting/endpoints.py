"""The API of senders about messages that wait: for the sender's decision, or for their set time."""

from functions.http.contract.endpoint import AnyEndpoint
from functions.http.pa.waiting import held_messages, scheduled_messages

ENDPOINTS: tuple[AnyEndpoint, ...] = (*held_messages.ENDPOINTS, *scheduled_messages.ENDPOINTS)
