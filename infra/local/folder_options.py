"""What `make backup` and `make restore` are told."""

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

from infra.local.errors import HostError
from infra.local.settings_file import load_settings


@dataclass(frozen=True, slots=True)
class FolderOptions:
    """The data folder, and the folder of the backup."""

    data_folder: Path
    other: Path


def folder_options(task: str, name: str, what: str) -> FolderOptions:
    """Read the command line and the settings; raise HostError in terms of what was typed."""
    parser = argparse.ArgumentParser(prog=f"make {task}")
    parser.add_argument("other", type=Path, nargs="?", metavar=name, help=what)
    parser.add_argument("--app-folder", type=Path, default=Path(), help="holds local.settings.json")
    parser.add_argument("--data-folder", type=Path, help="instead of the setting DATA_FOLDER")
    options = parser.parse_args()
    if options.other is None:
        raise HostError(f"say make {task} {name}=folder: {what}")
    load_settings(options.app_folder)
    if os.environ.get("STACK") != "embedded":
        raise HostError(
            f"make {task} is for STACK=embedded; for Azure see infra/README.md, Restore"
        )
    folder = options.data_folder or options.app_folder / os.environ.get("DATA_FOLDER", ".data")
    return FolderOptions(folder, options.other)
