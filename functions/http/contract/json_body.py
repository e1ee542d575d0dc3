"""Parses the bytes of a body as JSON. As in IO, the content type does not matter."""

import codecs
import json
from collections import Counter
from collections.abc import Callable
from typing import Any, Final, Never

import orjson

from functions.http.contract.problems import Problem, RequestError, field_fault

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
    decoded = _decode(text, len(body) - len(text))
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        _refuse(
            f"The body is not valid JSON: {error.msg} (line {error.lineno}, column {error.colno})."
        )
    _check_names(decoded)
    return value


def _decode(text: bytes, skipped: int) -> str:
    if text.startswith(_WIDE) or b"\0" in text[:4]:
        _refuse("The body must be UTF-8; this one is UTF-16 or UTF-32.")
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        at, byte = error.start + skipped + 1, text[error.start]
        hint = ": is it Latin-1?" if byte >= _LATIN_1_LETTERS else ": is it Windows-1252?"
        _refuse(f"The body must be UTF-8; byte {at} (0x{byte:02X}) is not{hint}")


class _TwiceError(Exception):
    """An object has the same name twice."""


def _different(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) < len(pairs):
        raise _TwiceError
    return names


def _marked(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object, marked with the first name that it has twice."""
    names = dict(pairs)
    if len(names) == len(pairs):
        return names
    twice, counts = _Twice(names), Counter(name for name, _ in pairs)
    twice.name = next(name for name, count in counts.items() if count > 1)
    return twice


def _decoder(hook: Callable[[list[tuple[str, Any]]], dict[str, Any]]) -> json.JSONDecoder:
    """Return a decoder for names: numbers stay text, since a number may be long."""
    return json.JSONDecoder(object_pairs_hook=hook, parse_int=str, parse_float=str)


_CHECKING: Final = _decoder(_different)
_MARKING: Final = _decoder(_marked)


def _check_names(text: str) -> None:
    try:
        pointer = _name_twice(text)
    except RecursionError:
        _refuse("The body is not valid JSON: it is nested too deep.")
    if pointer is not None:
        _refuse(
            f"The name at {pointer} stands twice in one object; send it once.",
            field_fault(pointer, "must stand once"),
        )


def _name_twice(text: str) -> str | None:
    """Return the pointer of the first name that an object has twice."""
    try:
        _CHECKING.decode(text)
    except _TwiceError:
        return next(iter(_pointers(_MARKING.decode(text), "")), "")
    return None


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
