"""The paths under which IO's older apps look for what the app uses."""

from dataclasses import replace

from functions.http.contract.endpoint import AnyEndpoint


def at_older_paths(endpoints: tuple[AnyEndpoint, ...]) -> tuple[AnyEndpoint, ...]:
    """Return the same endpoints at the older paths, which lack `identity/`."""
    return at_other_base(endpoints, "/api/identity/v1/", "/api/v1/", "v1")


def at_other_base(
    endpoints: tuple[AnyEndpoint, ...], base: str, other: str, ending: str
) -> tuple[AnyEndpoint, ...]:
    """Return the same endpoints with another beginning of the path, and `_ending` in the name."""
    return tuple(
        replace(one, name=f"{one.name}_{ending}", path=other + one.path.removeprefix(base))
        for one in endpoints
    )
