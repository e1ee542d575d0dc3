"""Turn the statements of Cosmos DB that the app and its client library write into Python."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, NamedTuple

type Document = dict[str, Any]
type Values = dict[str, Any]

_STATEMENT: Final = re.compile(
    r"^SELECT (?:TOP (?P<top>\d+) )?(?P<columns>.+?) FROM c(?: WHERE (?P<where>.+?))?"
    r"(?: ORDER BY (?P<order>.+))?$"
)
_FIELD: Final = r'c(?:\["(?:\w+)"\]|\.\w+)'
_NAME: Final = re.compile(r'c(?:\["(\w+)"\]|\.(\w+))')
_TEST: Final = re.compile(rf"({_FIELD}) (<=|>=|<|>|=) (@\w+|[-\d.]+|\"[^\"]*\"|true|false|null)")
_IN: Final = re.compile(rf"({_FIELD}) IN \(([@\w, ]+)\)")
_CALL: Final = re.compile(rf"(IS_DEFINED|IS_STRING)\(({_FIELD})\)")
_WORDS: Final = {"AND": "and", "OR": "or", "NOT": "not"}
_LITERALS: Final = {"true": "True", "false": "False", "null": "None"}


class Statement(NamedTuple):
    """A statement that was read: a filter, the order, the columns and the greatest number."""

    holds: Callable[[Document, Values], bool]
    order: tuple[str, ...]
    descending: bool
    columns: tuple[str, ...] | None
    top: int | None


@lru_cache(maxsize=256)
def read(sql: str) -> Statement:
    """Read a statement. Raise ValueError for a form that the app does not use."""
    found = _STATEMENT.match(" ".join(sql.split()))
    if found is None:
        raise ValueError(sql)
    columns = None if found["columns"] == "*" else tuple(map(_name, found["columns"].split(", ")))
    by = [part.rpartition(" ") for part in (found["order"] or "").split(", ") if part]
    return Statement(
        condition(found["where"] or ""),
        tuple(_name(field) for field, _, _ in by),
        any(direction == "DESC" for _, _, direction in by),
        columns,
        int(found["top"]) if found["top"] else None,
    )


@lru_cache(maxsize=256)
def condition(where: str) -> Callable[[Document, Values], bool]:
    """Return the function that tells whether the condition holds for a document."""
    # FROM c WHERE … is the form of a patch's filter
    text = where.removeprefix("FROM c WHERE ")
    if not text:
        return lambda _, __: True
    text = _CALL.sub(lambda m: f"{m[1].lower()}(d, {_name(m[2])!r})", text)
    text = _IN.sub(lambda m: f"(d.get({_name(m[1])!r}) in ({_values(m[2])},))", text)
    text = _TEST.sub(lambda m: f"test(d, {_name(m[1])!r}, {m[2]!r}, {_value(m[3])})", text)
    text = re.sub(r"\b(AND|OR|NOT)\b", lambda m: _WORDS[m[1]], text)
    names = {"test": _test, "is_defined": _is_defined, "is_string": _is_string}
    made: Callable[[Document, Values], bool] = eval(f"lambda d, v: {text}", names)
    return made


def _name(field: str) -> str:
    found = _NAME.fullmatch(field.strip())
    if found is None:
        raise ValueError(field)
    return found[1] or found[2]


def _value(text: str) -> str:
    return f"v[{text!r}]" if text.startswith("@") else _LITERALS.get(text, text)


def _values(text: str) -> str:
    return ", ".join(_value(part.strip()) for part in text.split(","))


def _test(document: Document, field: str, op: str, value: Any) -> bool:
    if field not in document:
        return False
    actual = document[field]
    if op == "=":
        return bool(actual == value)
    try:
        if op == "<":
            return bool(actual < value)
        if op == "<=":
            return bool(actual <= value)
        return bool(actual > value if op == ">" else actual >= value)
    except TypeError:
        return False


def _is_defined(document: Document, field: str) -> bool:
    return field in document


def _is_string(document: Document, field: str) -> bool:
    return isinstance(document.get(field), str)
