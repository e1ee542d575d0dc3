"""Helpers of the tests of direct requests."""

from collections.abc import Awaitable

from lib.ports.errors import PortError
from tests.doubles.azure_proxy import Seen


def is_direct(request: Seen) -> bool:
    """Tell a direct request from one of the SDK."""
    return request.headers["accept-encoding"] == "identity"


async def outcome(operation: Awaitable[object]) -> type[PortError] | None:
    """Return the kind of error that an operation raises, or None."""
    try:
        await operation
    except PortError as error:
        return type(error)
    return None
