"""Store blobs as files: one folder per container, one file per blob."""

import asyncio
import contextlib
import hashlib
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import orjson

from lib.adapters.embedded.disk import sync_folder
from lib.adapters.rules.blobs import check_blob, check_folder
from lib.ports.blobs import Blob
from lib.ports.errors import ConflictError, LimitError, NotFoundError, UnavailableError

_DRAFT: Final = ".draft"
_DRAFT_SECONDS: Final = 3600
"""Longer than any write takes."""


class FileBlobs:
    """Blobs under `folder`, for any number of processes on one machine.

    The name of a file is the hash of its blob's name, so no name leaves the folder or is too long.
    Blobs whose names begin with the same folder lie together, so that a listing opens few files.
    A file begins with a line of JSON (name, content type, ETag); the content follows.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(
        self,
        container: str,
        name: str,
        content: bytes,
        *,
        content_type: str,
        overwrite: bool = True,
    ) -> str:
        """Store a blob and return its ETag.

        Raises: ConflictError, LimitError.
        """
        path = self._path(container, name)
        etag = secrets.token_hex(8)
        head = {"name": name, "content_type": content_type, "etag": etag}
        try:
            line = orjson.dumps(head, option=orjson.OPT_APPEND_NEWLINE)
        except orjson.JSONEncodeError:
            raise LimitError(f"{container}: a name or content type is not Unicode text") from None
        await self._in_thread(container, _write, path, [line, content], overwrite=overwrite)
        return etag

    async def get(self, container: str, name: str) -> Blob:
        """Return a blob.

        Raises: NotFoundError, LimitError.
        """
        data = await self._in_thread(container, Path.read_bytes, self._path(container, name))
        line, _, content = data.partition(b"\n")
        head = orjson.loads(line)
        return Blob(content, head["content_type"], head["etag"])

    async def delete(self, container: str, name: str) -> None:
        """Delete a blob.

        Raises: NotFoundError, LimitError.
        """
        await self._in_thread(container, _delete, self._path(container, name))

    async def names(self, container: str, folder: str, limit: int) -> list[str]:
        """Return up to `limit` names that begin with `folder` and a slash.

        Raises: LimitError.
        """
        check_folder(container, folder, limit)
        place = self._place(container, folder)
        return await self._in_thread(container, _names, place, f"{folder}/", limit)

    async def close(self) -> None:
        """Do nothing: no file stays open."""

    def _path(self, container: str, name: str) -> Path:
        check_blob(container, name)
        folder = name.partition("/")[0]
        return self._place(container, folder) / hashlib.sha256(name.encode()).hexdigest()

    def _place(self, container: str, folder: str) -> Path:
        return self._folder / container / hashlib.sha256(folder.encode()).hexdigest()[:2]

    @staticmethod
    async def _in_thread[**P, R](
        container: str, job: Callable[P, R], *arguments: P.args, **named: P.kwargs
    ) -> R:
        try:
            return await asyncio.to_thread(job, *arguments, **named)
        except FileNotFoundError:
            raise NotFoundError(f"{container}: the blob does not exist") from None
        except FileExistsError:
            raise ConflictError(f"{container}: the blob exists") from None
        except OSError as error:
            raise UnavailableError(f"{container}: {error.strerror}") from error


def _write(path: Path, parts: list[bytes], *, overwrite: bool) -> None:
    folder = path.parent
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        sync_folder(folder.parent)
        sync_folder(folder.parent.parent)
    draft = folder / f"{path.name}.{secrets.token_hex(4)}{_DRAFT}"
    try:
        with draft.open("xb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        if overwrite:
            draft.replace(path)
        else:
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(folder)


def _delete(path: Path) -> None:
    path.unlink()
    sync_folder(path.parent)


def _names(place: Path, start: str, limit: int) -> list[str]:
    found: list[str] = []
    with contextlib.suppress(FileNotFoundError):
        for path in place.iterdir():
            # a file that is deleted meanwhile is no name any more
            with contextlib.suppress(FileNotFoundError):
                if path.suffix == _DRAFT:
                    _forget_draft(path)
                elif len(found) < limit and (name := _name(path)).startswith(start):
                    found.append(name)
    return found


def _name(path: Path) -> str:
    with path.open("rb") as file:
        return str(orjson.loads(file.readline())["name"])


def _forget_draft(path: Path) -> None:
    """Delete the draft of a process that died; it may name citizens as its blob would."""
    # the age of a file is that of the machine's clock, which the sandbox does not set
    if time.time() - path.stat().st_mtime > _DRAFT_SECONDS:
        path.unlink()
