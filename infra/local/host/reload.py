"""Watch the app's files, for `--reload`."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final, override

from watchfiles import Change, DefaultFilter, awatch

_SUFFIXES: Final = frozenset({".py", ".jinja", ".json", ".html", ".css"})
_IGNORED_FOLDERS: Final = ("tests", "web", "clients")


class _AppFiles(DefaultFilter):
    """A filter for the app's source files, without data, tests and files of tools."""

    def __init__(self, app_folder: Path, data_folder: Path) -> None:
        ignored = [str(app_folder / name) for name in _IGNORED_FOLDERS]
        super().__init__(ignore_paths=[*ignored, str(data_folder)])

    @override
    def __call__(self, change: Change, path: str) -> bool:
        return Path(path).suffix in _SUFFIXES and super().__call__(change, path)


async def changes(app_folder: Path, data_folder: Path) -> AsyncIterator[str]:
    """Yield the name of a changed file after each change of the app's files."""
    async for found in awatch(app_folder, watch_filter=_AppFiles(app_folder, data_folder)):
        yield min(Path(path).relative_to(app_folder).as_posix() for _, path in found)
