"""Resolve `%SETTING%` in triggers, and find disabled functions, as Azure does."""

import os
import re

from infra.local.errors import HostError
from infra.local.invocations.worker_library import Function


def resolve(function: Function, key: str) -> str:
    """Return the trigger's property with every `%NAME%` replaced from the environment.

    Raises: HostError if the property or a setting is missing.
    """
    text = function.trigger.get(key)
    if not isinstance(text, str):
        raise HostError(f"function {function.name}: its trigger lacks {key}")

    def setting(match: re.Match[str]) -> str:
        value = os.environ.get(match[1])
        if value is None:
            raise HostError(f"function {function.name}: {key}: setting {match[1]} is not set")
        return value

    return re.sub(r"%([^%]+)%", setting, text)


def is_disabled(name: str) -> bool:
    """Tell whether `AzureWebJobs.<name>.Disabled` (or with `__`) is true in the environment."""
    values = (
        os.environ.get(f"AzureWebJobs{separator}{name}{separator}Disabled", "")
        for separator in (".", "__")
    )
    return any(value.strip().lower() in {"true", "1"} for value in values)


def enabled(functions: tuple[Function, ...], trigger_type: str) -> list[Function]:
    """Return the functions of that trigger type that are not disabled."""
    return [
        f for f in functions if f.trigger.get("type") == trigger_type and not is_disabled(f.name)
    ]
