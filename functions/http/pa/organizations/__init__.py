"""The API of organisations: how they join, and the intermediaries that send for them."""

from functions.http.contract.endpoint import AnyEndpoint
from functions.http.pa.organizations import (
    applications,
    delegated_keys,
    delegations,
    organizations,
    received_delegations,
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    *applications.ENDPOINTS,
    *organizations.ENDPOINTS,
    *delegations.ENDPOINTS,
    *received_delegations.ENDPOINTS,
    *delegated_keys.ENDPOINTS,
)
