"""Validates decoded values. A refusal names the field and the rule.

The detail repeats the text of IO's decoder (io-ts) line by line, since clients of PAs match on it.
The member `errors` explains the same faults to a person.
"""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from itertools import islice
from typing import Any, Final

import orjson
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from functions.http.contract.explaining import code_of, explained, place_of
from functions.http.contract.json_body import escaped
from functions.http.contract.prefer import PREFERENCE_APPLIED, STRICT
from functions.http.contract.problems import Problem, RequestError, field_fault
from lib.domain.messages.checks.warning import SubmissionWarning
from lib.domain.shared.values import IOType, TextOf
from lib.telemetry.routes import KEY_PARAMETER

MAX_WARNINGS: Final = 20
MAX_FAULTS: Final = 100
"""The faults of one request that its refusal names."""
MAX_NAME: Final = 40
"""The number of characters of an unknown name that are compared with the known names."""
_IGNORED: Final = ", ignored"
_KEYS: Final = frozenset({KEY_PARAMETER, "code"})
MAX_SHOWN: Final = 200
"""The number of characters of a refused value that the refusal repeats."""


def validate[T](
    adapter: TypeAdapter[T], value: Any, *, name: str, title: str | None = None, place: str = ""
) -> T:
    """Validate a decoded value.

    `title`: the title of the problem, whose detail then has the style of IO's messages endpoint.
    Without it, the title is `Invalid <name>` and the detail has the style of IO's other endpoints.
    `place`: the prefix of the pointers, for a value that is not the body.

    Raises: RequestError (400).
    """
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        bare, fields = title is not None, _fields(adapter, error)[:MAX_FAULTS]
        raise RequestError(
            Problem(
                400,
                title or f"Invalid {name}",
                "\n".join(line for one in fields for line in _lines(adapter, one, name, bare=bare)),
                tuple(_field_error(adapter, one, place) for one in fields),
            )
        ) from None


def _lines(
    adapter: TypeAdapter[Any], error: ErrorDetails, name: str, *, bare: bool
) -> Iterator[str]:
    shown = "undefined" if error["type"] == "missing" else _shown(error["input"])
    path = ".".join(("root", *(str(part) for part in error["loc"])))
    value, place = (shown, path) if bare else (f"[{shown}]", f"[{path}]")
    for type_name in type_names(_metadata(adapter, error["loc"]), name):
        yield f"value {value} at {place} is not a valid [{type_name}]"


def _shown(value: Any) -> str:
    try:
        text = orjson.dumps(value, default=repr).decode()
    except orjson.JSONEncodeError:  # a header can have bytes that are not text
        text = ascii(value)
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…"


def type_names(metadata: tuple[Any, ...], default: str) -> tuple[str, ...]:
    """Return IO's names for the type that carries the metadata."""
    names = [one.names for one in metadata if isinstance(one, (IOType, TextOf))]
    return names[-1] if names else (default,)


def _metadata(adapter: TypeAdapter[Any], loc: tuple[int | str, ...]) -> tuple[Any, ...]:
    """Return the annotations of the field at `loc`; none if `loc` is not a field of a model.

    An item of a list has the annotations of the list.
    """
    model: Any = adapter._type  # noqa: SLF001 - the adapter has no public way to its own type
    metadata: tuple[Any, ...] = ()
    for part in loc:
        if isinstance(part, int):
            continue
        fields: Mapping[str, Any] = getattr(model, "model_fields", {})
        found = next((one for name, one in fields.items() if part in {name, one.alias}), None)
        if found is None:
            return ()
        metadata, model = _flatten(found.annotation, tuple(found.metadata))
    return metadata


def _flatten(annotation: Any, metadata: tuple[Any, ...]) -> tuple[tuple[Any, ...], Any]:
    """Return the annotations of `Annotated[X, …] | None`, and the type X."""
    inner = getattr(annotation, "__metadata__", ())
    if inner:
        return _flatten(annotation.__origin__, (*inner, *metadata))
    for part in getattr(annotation, "__args__", ()):
        if part is not type(None) and (
            hasattr(part, "__metadata__") or hasattr(part, "model_fields")
        ):
            return _flatten(part, metadata)
    return metadata, annotation


def _fields(adapter: TypeAdapter[Any], error: ValidationError) -> list[ErrorDetails]:
    """Return the errors, without the tag that pydantic puts before a tagged union's fields."""
    fields = error.errors(include_url=False)
    tags = adapter.core_schema.get("choices", ())
    for one in fields:
        if one["loc"] and one["loc"][0] in tags:
            one["loc"] = one["loc"][1:]
    return fields


def _field_error(adapter: TypeAdapter[Any], error: ErrorDetails, place: str) -> dict[str, str]:
    loc = error["loc"]
    metadata = (
        _metadata(adapter, loc) if loc else _flatten(adapter._type, ())[0]  # noqa: SLF001 - as above
    )
    pointer = place + _pointer(place_of(error))
    return field_fault(pointer, explained(error, metadata), code_of(error, metadata))


def _pointer(path: tuple[int | str, ...]) -> str:
    """Write a JSON pointer (RFC 6901)."""
    return "".join(f"/{escaped(part)}" for part in path)


def unknown_fields(value: Any, model: type[BaseModel]) -> list[SubmissionWarning]:
    """Return a warning for each field of a body that the model does not know, at any depth."""
    found = list(islice(_unknown(value, (model,), ()), MAX_WARNINGS))
    if len(found) == MAX_WARNINGS:
        found.append(
            SubmissionWarning(
                "", "MORE_UNKNOWN_FIELDS", "there may be more unknown fields, ignored"
            )
        )
    return found


def unknown_parameters(
    sent: Iterable[str], model: type[BaseModel] | None
) -> list[SubmissionWarning]:
    """Return a warning for each query parameter that the endpoint does not declare.

    Parameters that a gateway reads get no warning.
    """
    fields = model.model_fields if model else {}
    known = [field.alias or name for name, field in fields.items()]
    return [
        SubmissionWarning(
            f"#/query/{escaped(name)}",
            "UNKNOWN_PARAMETER",
            _detail("query parameter", name, known),
        )
        for name in islice(
            (one for one in sent if one not in known and one.lower() not in _KEYS), MAX_WARNINGS
        )
    ]


def refuse_unknown(unknown: list[SubmissionWarning], name: str) -> None:
    """Refuse unknown field and parameter names at an endpoint of our own APIs.

    Raises: RequestError (400).
    """
    if unknown:
        raise RequestError(_refused(unknown, f"Invalid {name}", {}))


def refused_warnings(warnings: Iterable[SubmissionWarning]) -> Problem:
    """Return the answer to a request with warnings in the strict mode."""
    return _refused(warnings, "Refused in strict mode", {PREFERENCE_APPLIED: STRICT})


def _refused(
    faults: Iterable[SubmissionWarning], title: str, headers: Mapping[str, str]
) -> Problem:
    fields = tuple(
        field_fault(one.pointer, one.detail.replace(_IGNORED, ""), one.code) for one in faults
    )
    detail = "\n".join(f"{one['pointer']}: {one['detail']}" for one in fields)
    return Problem(400, title, detail, fields, headers)


def _detail(kind: str, name: str, known: Iterable[str]) -> str:
    likely = get_close_matches(name[:MAX_NAME].lower(), known, n=1)
    hint = f": did you mean {likely[0]}?" if likely else ""
    return f"unknown {kind}{_IGNORED}{hint}"


def _unknown(
    value: Any, models: Iterable[type[BaseModel]], path: tuple[str, ...]
) -> Iterator[SubmissionWarning]:
    if not isinstance(value, dict):
        return
    known: dict[str, tuple[type[BaseModel], ...]] = {}
    for model in models:
        for name, parts in _parts(model).items():
            known[name] = known.get(name, ()) + parts
    for name, child in value.items():
        if name not in known:
            missing = [one for one in known if one not in value]
            detail = _detail("field", name, missing)
            yield SubmissionWarning(_pointer((*path, name)), "UNKNOWN_FIELD", detail)
        elif part := known[name]:
            if isinstance(child, list):
                for index, one in enumerate(child):
                    yield from _unknown(one, part, (*path, name, str(index)))
            else:
                yield from _unknown(child, part, (*path, name))


@cache
def _parts(model: type[BaseModel]) -> dict[str, tuple[type[BaseModel], ...]]:
    """Return the models that each field may have, by its name; none if it is not an object."""
    parts: dict[str, tuple[type[BaseModel], ...]] = {}
    for name, field in model.model_fields.items():
        members = tuple(filter(_is_model, getattr(field.annotation, "__args__", ())))
        if len(members) < 2:  # noqa: PLR2004 - no union of models
            _, inner = _flatten(field.annotation, ())
            members = (inner,) if _is_model(inner) else ()
        parts[field.alias or name] = members
    return parts


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
