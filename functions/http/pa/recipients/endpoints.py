"""Endpoints about the recipients of a service: their activations, and the subscriptions feed."""

from functions.http.contract.endpoint import AnyEndpoint
from functions.http.pa.recipients import activations, subscriptions_feed

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    *activations.ENDPOINTS,
    *subscriptions_feed.ENDPOINTS,
)
