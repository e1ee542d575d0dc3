"""Read local.settings.json, the file of Azure Functions Core Tools."""

import json
import os
from pathlib import Path
from typing import Any

from infra.local.errors import HostError

FILE_NAME = "local.settings.json"
PUBLIC_URL = "PUBLIC_URL"
APP_CLIENTS = "APP_CLIENTS"
"""The setting of the apps that log citizens in; the sandbox's browser has pages of the host."""
FROM_FILE = "RECAPITO_LOCAL_PUBLIC_URL"
"""The variable by which the demo tells its host which address of links the file sets."""
EXAMPLE_FILE_NAME = "local.settings.example.json"


def load_settings(app_folder: Path) -> Path | None:
    """Add `Values` to the environment, without overwriting, and return the file.

    If local.settings.json is missing, the example is used; if both are missing, nothing is set.

    Raises: HostError unless the file is a JSON object whose `Values` is an object of strings.
    """
    path = next(
        (p for p in (app_folder / FILE_NAME, app_folder / EXAMPLE_FILE_NAME) if p.is_file()), None
    )
    if path is None:
        return None
    values = _read_values(path)
    if PUBLIC_URL not in os.environ and PUBLIC_URL in values:
        os.environ[FROM_FILE] = values[PUBLIC_URL]
    for name, value in values.items():
        os.environ.setdefault(name, value)
    return path


def public_url_is_from_file() -> bool:
    """Tell whether only the file sets the address of links, which then gets the host's port."""
    return os.environ.get(PUBLIC_URL) == os.environ.get(FROM_FILE)


def _read_values(path: Path) -> dict[str, str]:
    try:
        content: Any = json.loads(path.read_bytes())
    except ValueError as error:
        raise HostError(f"{path}: not valid JSON: {error}") from None
    except OSError as error:
        raise HostError(f"{path}: cannot be read: {error.strerror}") from None
    values = content.get("Values") if isinstance(content, dict) else None
    if not isinstance(values, dict):
        raise HostError(f'{path}: "Values" is missing; it must be an object of settings')
    wrong = [name for name, value in values.items() if not isinstance(value, str)]
    if wrong:
        raise HostError(
            f"{path}: every setting in Values must be a string; wrong: {', '.join(wrong)}"
        )
    return values
