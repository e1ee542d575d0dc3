"""JSON from the API as dataclasses, and dataclasses as JSON for it."""

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


def decode(kind: type[T], data: Mapping[str, Any]) -> T:
    """Return the dataclass of an answer.

    Members that the class does not know are left out, so that a newer API can be read. A member
    that is absent has the default of its field.
    """
    hashable: Any = kind
    hints = _hints(hashable)
    known = {name: _value(hint, data[name]) for name, hint in hints.items() if name in data}
    return kind(**known)


def encode(value: Any) -> Any:
    """Return JSON of a dataclass, without members that are None; days and times as text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
        more = fields.pop("more", None) or {}
        return {
            **{name: encode(one) for name, one in fields.items() if one is not None},
            **encode(more),
        }
    match value:
        case datetime():
            if value.tzinfo is None:
                raise ValueError("a time needs its zone, such as ZoneInfo('Europe/Rome')")
            return value.isoformat()
        case date():
            return value.isoformat()
        case Mapping():
            return {str(name): encode(one) for name, one in value.items() if one is not None}
        case list() | tuple():
            return [encode(one) for one in value]
    return value


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _value(hint: Any, data: Any) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in {types.UnionType, typing.Union}:
        (inner,) = (one for one in arguments if one is not type(None))
        return None if data is None else _value(inner, data)
    if origin is tuple:
        return tuple(_value(arguments[0], one) for one in data)
    if hint is datetime:
        return datetime.fromisoformat(data)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return next((one for one in hint if one.value == data), data)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return decode(hint, data)
    return data
