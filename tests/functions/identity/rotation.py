"""Stacks before, during and after the replacement of a secret."""

from pathlib import Path
from typing import Any

from lib.adapters.outbound.hub_token import HubAddress
from lib.adapters.outbound.notification_hub import NotificationHub
from tests.builders.settings import settings_for
from tests.doubles.hub import HUB, Hub
from tests.stack import Stack

OLD, NEW = "sandbox-secret-of-old", "sandbox-secret-anew"


def under(folder: Path, secret: str, hub: Hub | None = None, **settings: Any) -> Stack:
    """Open the stack of the folder again, with other settings of a secret."""
    settings = {secret: OLD, **settings}
    ports: dict[str, Any] = {}
    if hub is not None:
        client = NotificationHub(HubAddress.read(hub.connection, HUB))
        ports = {"push": client, "devices": client}
    return Stack(folder, settings=settings_for(folder, **settings), **ports)


def rotated(folder: Path, secret: str, hub: Hub | None = None) -> Stack:
    """Open the stack during the rotation, when both secrets are accepted."""
    return under(folder, secret, hub, **{secret: NEW, f"{secret}_previous": OLD})


def ended(folder: Path, secret: str, hub: Hub | None = None) -> Stack:
    """Open the stack after the rotation, when the previous secret is no longer accepted."""
    return under(folder, secret, hub, **{secret: NEW})
