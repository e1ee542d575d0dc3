"""Messages and payments at the older paths of IO's app.

Senders have paths of the same form. No two of them share a method too, which a test checks: so the
method decides whose operation a request is, and each operation has its own policy.
"""

from dataclasses import replace

from functions.http.citizen import messages, payments
from functions.http.citizen.communication import remote_messages
from functions.http.citizen.older_paths import at_other_base
from functions.http.contract.endpoint import AnyEndpoint

_BASE = "/api/communication/v1/"


def _renamed(endpoint: AnyEndpoint) -> AnyEndpoint:
    path = endpoint.path.replace("/payment/info/", "/payment-info/")
    if path.endswith("/status"):
        path = f"{path.removesuffix('status')}message-status"
    return replace(endpoint, path=path)


ENDPOINTS: tuple[AnyEndpoint, ...] = tuple(
    map(
        _renamed,
        at_other_base(
            (*messages.ENDPOINTS, *payments.ENDPOINTS, *remote_messages.ENDPOINTS),
            _BASE,
            "/api/v1/",
            "v1",
        ),
    )
)
