"""The files of web/dist as answers: the pages of citizens and staff, on the origin of the API.

A path without a file below an app's address is the app's own page: the script shows its part.
Addresses of built files have a hash of their content, so browsers keep them; all else is asked
again, with an entity tag.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import azure.functions as func

ROOT: Final = Path(__file__).resolve().parents[3] / "web" / "dist"
APPS: Final = ("inbox", "console", "docs")
START: Final = "start"
"""The page at `/` of a sandbox; elsewhere `/` leads to the inbox."""
_POLICY: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "frame-src 'self' blob:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types svelte-trusted-html recapito",
)
CONTENT_SECURITY_POLICY: Final = "; ".join(_POLICY)
_MEDIA_TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_CODING, _SUFFIX = "br", ".br"
_FOREVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"


@dataclass(frozen=True)
class WebFiles:
    """The built files below a folder; none where the pages were not built.

    Cost: one read of a file, and no access to the store.
    """

    root: Path = field(default=ROOT)

    def answer(
        self, path: str, headers: Mapping[str, str], *, is_sandbox: bool
    ) -> func.HttpResponse | None:
        """Return the answer to a GET of a path that is no endpoint's; None where no file is.

        `path`: as it was sent, with its slash and without its query.
        """
        if path in {"", "/"}:
            if not is_sandbox:
                return func.HttpResponse(status_code=302, headers={"Location": "/inbox/"})
            return self._send(f"{START}/index.html", headers)
        name = path.removeprefix("/")
        if name in APPS:
            return func.HttpResponse(status_code=301, headers={"Location": f"/{name}/"})
        is_shown = is_sandbox or not name.startswith(f"{START}/")
        if is_shown and (sent := self._send(name, headers)) is not None:
            return sent
        app, _, rest = name.partition("/")
        # a page of the app has no extension: a file that is missing is missed
        if app in APPS and "." not in rest.rpartition("/")[2]:
            return self._send(f"{app}/index.html", headers)
        return None

    def _send(self, name: str, headers: Mapping[str, str]) -> func.HttpResponse | None:
        media_type = _MEDIA_TYPES.get(Path(name).suffix)
        # names of files have none of these, so nothing outside the folder can be named
        if (
            media_type is None
            or name.endswith("/")
            or any(mark in name for mark in ("..", "\\", "%", ":", "//", "\0"))
        ):
            return None
        coding, suffix = _accepted(headers)
        content = _read(self.root / f"{name}{suffix}")
        if content is None:
            coding, content = "", _read(self.root / name)
        if content is None:
            return None
        tag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
        sent = {
            "Content-Type": media_type,
            "Cache-Control": _FOREVER if name.startswith("assets/") else _ASK_AGAIN,
            "Content-Security-Policy": CONTENT_SECURITY_POLICY,
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
            "ETag": tag,
            "Vary": "Accept-Encoding",
        }
        if headers.get("if-none-match") == tag:
            return func.HttpResponse(status_code=304, headers=sent)
        if coding:
            sent["Content-Encoding"] = coding
        return func.HttpResponse(content, status_code=200, headers=sent)


def _accepted(headers: Mapping[str, str]) -> tuple[str, str]:
    """Return the coding that the browser takes, and the suffix of its file."""
    offered = headers.get("accept-encoding", "").lower().replace(" ", "").split(",")
    return (_CODING, _SUFFIX) if _CODING in offered else ("", "")


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (OSError, ValueError):  # no such file, or a name that no file can have
        return None
