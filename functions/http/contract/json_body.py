"""Parses the bytes of a body as JSON. As in IO, the content type does not matter."""

import codecs
import json
from collections import Counter
from typing import Any, Final, Never

import orjson

from functions.http.contract.problems import Problem, RequestError

_WIDE: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LATIN_1_LETTERS: Final = 0xA0
_TITLE: Final = "Malformed JSON"


class _Twice(dict[str, Any]):
    """An object that has the same name twice."""

    name: str = ""


def decode_json(body: bytes, limit: int) -> Any:
    """Parse a JSON body of at most `limit` bytes.

    A byte order mark of UTF-8 is skipped. An object that has the same name twice is refused, since
    parsers differ in which of the two values they take.

    Raises: RequestError (400, 413).
    """
    if len(body) > limit:
        raise RequestError(
            Problem(413, "Payload too large", f"The body may have at most {limit} bytes.")
        )
    text = body.removeprefix(codecs.BOM_UTF8)
    if not text:
        _refuse("The body is empty; it must be JSON.")
    _check_utf8(text, len(body) - len(text))
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        _refuse(
            f"The body is not valid JSON: {error.msg} (line {error.lineno}, column {error.colno})."
        )
    _check_names(text)
    return value


def _check_utf8(text: bytes, skipped: int) -> None:
    if text.startswith(_WIDE) or b"\0" in text[:4]:
        _refuse("The body must be UTF-8; this one is UTF-16 or UTF-32.")
    try:
        text.decode()
    except UnicodeDecodeError as error:
        at, byte = error.start + skipped + 1, text[error.start]
        hint = ": is it Latin-1?" if byte >= _LATIN_1_LETTERS else ": is it Windows-1252?"
        _refuse(f"The body must be UTF-8; byte {at} (0x{byte:02X}) is not{hint}")


def _check_names(text: bytes) -> None:
    found: list[_Twice] = []

    def pairs_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = dict(pairs)
        if len(names) == len(pairs):
            return names
        twice = _Twice(names)
        counts = Counter(name for name, _ in pairs)
        twice.name = next(name for name, count in counts.items() if count > 1)
        found.append(twice)
        return twice

    try:
        # numbers stay text, since only names are checked and a number may be long
        value = json.loads(text, object_pairs_hook=pairs_of, parse_int=str, parse_float=str)
    except RecursionError:
        _refuse("The body is not valid JSON: it is nested too deep.")
    if found:
        pointer = next(iter(_pointers(value, "")), "")
        _refuse(
            f"The name at {pointer} stands twice in one object; send it once.",
            {"pointer": pointer, "detail": "must stand once"},
        )


def _pointers(value: Any, path: str) -> list[str]:
    """Return the pointers of the names that an object has twice."""
    found = []
    if isinstance(value, _Twice):
        found.append(f"{path}/{escaped(value.name)}")
    parts = enumerate(value) if isinstance(value, list) else ()
    for name, child in value.items() if isinstance(value, dict) else parts:
        if isinstance(child, dict | list):
            found += _pointers(child, f"{path}/{escaped(name)}")
    return found


def escaped(name: object) -> str:
    """Write a name as a part of a JSON pointer (RFC 6901)."""
    return str(name).replace("~", "~0").replace("/", "~1")


def _refuse(detail: str, *errors: dict[str, str]) -> Never:
    raise RequestError(Problem(400, _TITLE, detail, errors)) from None
