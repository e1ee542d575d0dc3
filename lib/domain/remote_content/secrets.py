"""The secrets of a configuration: a mask stands for them wherever the configuration is shown."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from lib.domain.remote_content.configuration import Configuration, EnvironmentName
from lib.domain.remote_content.errors import FieldFault, InvalidConfigurationError

MASK: Final = "********"

type Secrets = Mapping[str, str]
"""The secrets of a configuration, each by the JSON pointer of its field."""


class _Place(NamedTuple):
    pointer: str
    environment: EnvironmentName
    value: str


def key_pointer(environment: EnvironmentName) -> str:
    """Return the JSON pointer of the key that is sent to an environment."""
    return f"/{environment}/details_authentication/key"


def client_key_pointer(environment: EnvironmentName) -> str:
    """Return the JSON pointer of the private key for an environment."""
    return f"/{environment}/details_authentication/cert/client_key"


def _places(configuration: Configuration) -> Iterator[_Place]:
    for name, environment in configuration.environments.items():
        authentication = environment.details_authentication
        yield _Place(key_pointer(name), name, authentication.key)
        if authentication.cert is not None:
            yield _Place(client_key_pointer(name), name, authentication.cert.client_key)


def masked(configuration: Configuration) -> Configuration:
    """Return the configuration with the mask in place of each secret."""
    changed: dict[str, Any] = {}
    for name, environment in configuration.environments.items():
        authentication = environment.details_authentication
        hidden: dict[str, Any] = {"key": MASK}
        if authentication.cert is not None:
            hidden["cert"] = authentication.cert.model_copy(update={"client_key": MASK})
        safe = authentication.model_copy(update=hidden)
        changed[name] = environment.model_copy(update={"details_authentication": safe})
    return configuration.model_copy(update=changed)


def secrets_of(
    configuration: Configuration, before: Configuration | None, stored: Secrets
) -> Secrets:
    """Return the secrets of a configuration that was sent, with stored ones in place of masks.

    `before`: the stored configuration, None for a new one. `stored`: its secrets.
    A mask keeps the stored secret only while the host stays the same: otherwise a caller who does
    not know the secret could have it sent to a host of their own.
    Raise InvalidConfigurationError.
    """
    secrets, faults = dict[str, str](), list[FieldFault]()
    for pointer, name, value in _places(configuration):
        if value != MASK:
            secrets[pointer] = value
        elif pointer not in stored:
            faults.append(FieldFault(pointer, f"must be the secret itself, not {MASK}"))
        elif not _is_same_host(configuration, before, name):
            rule = f"must be sent again, since the host of {name}/base_url is another one"
            faults.append(FieldFault(pointer, rule))
        else:
            secrets[pointer] = stored[pointer]
    if faults:
        raise InvalidConfigurationError(tuple(faults))
    return secrets


def masked_fields(configuration: Configuration) -> frozenset[str]:
    """Return the JSON pointers of the secrets in whose place the mask was sent."""
    return frozenset(place.pointer for place in _places(configuration) if place.value == MASK)


def _is_same_host(
    after: Configuration, before: Configuration | None, name: EnvironmentName
) -> bool:
    former = before.environments.get(name) if before is not None else None
    return former is not None and (
        _host(former.base_url) == _host(after.environments[name].base_url)
    )


def _host(url: str) -> tuple[str, str | None, int]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
