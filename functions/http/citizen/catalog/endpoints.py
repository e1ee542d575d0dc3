"""The operations of the catalogue, at both base paths that IO's app knows."""

from functions.http.citizen.catalog import institutions, services
from functions.http.citizen.older_paths import at_other_base
from functions.http.contract.endpoint import AnyEndpoint

ENDPOINTS: tuple[AnyEndpoint, ...] = (*institutions.ENDPOINTS, *services.ENDPOINTS)
AT_OLDER_PATHS = at_other_base(ENDPOINTS, "/api/catalog/v1/", "/api/v2/", "v2")
