"""Read the command line of `make backup` and `make restore`."""

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

from infra.local.errors import HostError
from infra.local.settings.settings_file import load_settings


def folder_name(text: str) -> Path:
    """Return the folder that an option names.

    Raises: ArgumentTypeError for an empty name, which would mean the working folder.
    """
    if not text.strip():
        raise argparse.ArgumentTypeError("must name a folder; it is empty")
    return Path(text)


def folder_of_settings(app_folder: Path) -> Path:
    """Return the folder of the setting DATA_FOLDER.

    Raises: HostError if the setting is empty.
    """
    name = os.environ.get("DATA_FOLDER", ".data")
    if not name.strip():
        raise HostError("DATA_FOLDER is empty: name a folder, or leave the setting out for .data")
    return app_folder / name


@dataclass(frozen=True, slots=True)
class FolderOptions:
    """The data folder, and the folder of the backup."""

    data_folder: Path
    other: Path


def folder_options(task: str, name: str, description: str) -> FolderOptions:
    """Return the options of the command line and the settings.

    Raises: HostError. Its text names the option as a person types it.
    """
    parser = argparse.ArgumentParser(prog=f"make {task}")
    parser.add_argument("other", type=Path, nargs="?", metavar=name, help=description)
    parser.add_argument(
        "--app-folder", type=Path, default=Path(), help="the folder of local.settings.json"
    )
    parser.add_argument(
        "--data-folder", type=folder_name, help="instead of the setting DATA_FOLDER"
    )
    options = parser.parse_args()
    if options.other is None:
        raise HostError(f"run make {task} {name}=folder: {description}")
    load_settings(options.app_folder)
    if os.environ.get("STACK") != "embedded":
        raise HostError(
            f"make {task} is for STACK=embedded; for Azure see infra/README.md, Restore"
        )
    folder = options.data_folder or folder_of_settings(options.app_folder)
    return FolderOptions(folder, options.other)
