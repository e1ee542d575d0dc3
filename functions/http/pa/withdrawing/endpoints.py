"""The API with which senders withdraw messages: one, many, or all that a selection has."""

from functions.http.contract.endpoint import AnyEndpoint
from functions.http.pa.withdrawing import recalls, withdrawals

ENDPOINTS: tuple[AnyEndpoint, ...] = (*withdrawals.ENDPOINTS, *recalls.ENDPOINTS)
