"""The API of organisations: how they join, and the intermediaries that send for them."""

from functions.http.contract.endpoint import AnyEndpoint
from functions.http.pa.organizations import (
    applications,
    delegated_keys,
    delegations,
    logo,
    organizations,
    received_delegations,
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    *applications.ENDPOINTS,
    *organizations.ENDPOINTS,
    *logo.ENDPOINTS,
    *delegations.ENDPOINTS,
    *received_delegations.ENDPOINTS,
    *delegated_keys.ENDPOINTS,
)
