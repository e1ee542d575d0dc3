"""Run the command against a small server."""

from pathlib import Path

from clients.python.tests.small_server import KEY, SmallServer

from recapito import RetryPolicy
from recapito.cli.main import main

PATIENCE = RetryPolicy(attempts=2, first_wait=0.001)
BATCH = {
    "id": "01J0000000000000000000000B",
    "name": "TARI",
    "status": "DRAFT",
    "created_at": "2026-11-29T10:00:00Z",
    "changed_at": "2026-11-29T10:00:00Z",
    "lane": "BULK",
    "needs_approval": False,
}


def run(server: SmallServer, folder: Path, *arguments: str, **environment: str) -> int:
    """Run the command against the server."""
    settings = {
        "RECAPITO_URL": server.url,
        "RECAPITO_KEY": KEY,
        "RECAPITO_CONFIG": str(folder / "config.toml"),
        **environment,
    }
    return main(arguments, settings, PATIENCE)
