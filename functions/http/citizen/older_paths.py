"""The paths under which IO's older apps look for the citizen's settings."""

from dataclasses import replace

from functions.http.contract.endpoint import AnyEndpoint


def at_older_paths(endpoints: tuple[AnyEndpoint, ...]) -> tuple[AnyEndpoint, ...]:
    """Return the same endpoints at the older paths, which lack `identity/`."""
    return tuple(
        replace(one, name=f"{one.name}_v1", path=one.path.replace("/identity/", "/"))
        for one in endpoints
    )
