"""ASP.NET route templates: `a/{id:int}/{name?}/{*rest}`, with Azure's constraints."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

type Check = Callable[[str], bool]

_INT32, _INT64 = 2**31, 2**63
_PARAMETER = re.compile(r"(?P<star>\*{0,2})(?P<name>[^:?=*]+)(?P<rest>.*)", re.DOTALL)
_CONSTRAINT = re.compile(r":(?P<name>[a-z]+)(?:\((?P<argument>(?:[^()\\]|\\.|\([^()]*\))*)\))?")


@dataclass(frozen=True, slots=True)
class Parameter:
    """`{name}` and what must hold of its value; `default` stands in when the segment is absent."""

    name: str
    checks: tuple[Check, ...] = ()
    optional: bool = False
    default: str | None = None
    catch_all: bool = False

    def accepts(self, value: str) -> bool:
        """Whether the value meets all constraints."""
        return all(check(value) for check in self.checks)


type Part = str | Parameter


def parse_template(template: str) -> list[list[Part]]:
    """Split into segments of literal and parameter parts; raise ValueError saying what is wrong."""
    return [_parse_segment(text) for text in _split(template.strip("/")) if text]


def _split(template: str) -> list[str]:
    segments, depth, start = [], 0, 0
    for index, character in enumerate(template):
        depth += (character == "{") - (character == "}")
        if character == "/" and depth == 0:
            segments.append(template[start:index])
            start = index + 1
    if depth:
        msg = f"braces do not match in {template!r}"
        raise ValueError(msg)
    return [*segments, template[start:]]


def _parse_segment(text: str) -> list[Part]:
    parts: list[Part] = []
    position = 0
    while position < len(text):
        if text[position] != "{":
            end = text.find("{", position)
            end = len(text) if end < 0 else end
            parts.append(text[position:end].lower())
        else:
            end = _closing(text, position)
            parts.append(_parse_parameter(text[position + 1 : end - 1]))
        position = end
    return parts


def _closing(text: str, start: int) -> int:
    depth = 0
    for index in range(start, len(text)):
        depth += (text[index] == "{") - (text[index] == "}")
        if depth == 0:
            return index + 1
    raise AssertionError(text)


def _parse_parameter(text: str) -> Parameter:
    match = _PARAMETER.fullmatch(text)
    if match is None:
        msg = f"{{{text}}} is not a route parameter"
        raise ValueError(msg)
    rest, checks = match["rest"], []
    while (constraint := _CONSTRAINT.match(rest)) is not None:
        checks.append(_check(constraint["name"], constraint["argument"]))
        rest = rest[constraint.end() :]
    if rest and rest != "?" and not rest.startswith("="):
        msg = f"{{{text}}}: {rest!r} is not understood"
        raise ValueError(msg)
    return Parameter(
        match["name"],
        tuple(checks),
        optional=rest == "?",
        default=rest[1:] if rest.startswith("=") else None,
        catch_all=bool(match["star"]),
    )


def _check(name: str, argument: str | None) -> Check:  # noqa: PLR0911 - one per constraint
    numbers = [int(n) for n in re.findall(r"-?\d+", argument or "")]
    match name, numbers:
        case "int" | "long" | "bool" | "datetime" | "guid" | "alpha" | "required", []:
            return _PLAIN[name]
        case "decimal" | "double" | "float", []:
            return _PLAIN["number"]
        case "min", [low]:
            return lambda v: _whole(v, _INT64) and int(v) >= low
        case "max", [high]:
            return lambda v: _whole(v, _INT64) and int(v) <= high
        case "range", [low, high]:
            return lambda v: _whole(v, _INT64) and low <= int(v) <= high
        case "minlength", [low]:
            return lambda v: len(v) >= low
        case "maxlength", [high]:
            return lambda v: len(v) <= high
        case "length", [low, *more]:
            return lambda v: low <= len(v) <= (more or [low])[0]
        case "regex", _ if argument:
            pattern = re.compile(argument.replace("{{", "{").replace("}}", "}"), re.IGNORECASE)
            return lambda v: pattern.search(v) is not None
    msg = f"there is no route constraint {name}({argument or ''})"
    raise ValueError(msg)


def _whole(value: str, limit: int) -> bool:
    return re.fullmatch(r"[+-]?[0-9]{1,19}", value) is not None and -limit <= int(value) < limit


def _parses(parse: Callable[[str], object]) -> Check:
    def check(value: str) -> bool:
        try:
            parse(value)
        except ValueError:
            return False
        return True

    return check


_PLAIN: dict[str, Check] = {
    "int": lambda v: _whole(v, _INT32),
    "long": lambda v: _whole(v, _INT64),
    "bool": lambda v: v.lower() in {"true", "false"},
    "datetime": _parses(datetime.fromisoformat),
    "guid": _parses(UUID),
    "alpha": lambda v: re.fullmatch(r"[A-Za-z]*", v) is not None,
    "required": bool,
    "number": lambda v: re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", v) is not None,
}
