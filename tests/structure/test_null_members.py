"""Each member of a body that may be null takes null, whatever bounds its other values have."""

from collections.abc import Iterator
from typing import Annotated, Any, get_args

from pydantic import BaseModel, BeforeValidator, Field, TypeAdapter, ValidationError

from functions.declared import ENDPOINTS


def _models(annotation: Any, seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """Yield the models in an annotation, and those of their members."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation not in seen:
            seen.add(annotation)
            yield annotation
            for member in annotation.model_fields.values():
                yield from _models(member.annotation, seen)
        return
    for part in get_args(annotation):
        yield from _models(part, seen)


def _nullable() -> Iterator[tuple[str, Any]]:
    """Yield the name and the declaration of each member that may be null."""
    seen: set[type[BaseModel]] = set()
    for endpoint in ENDPOINTS:
        list(_models(endpoint.query, seen))
        list(_models(getattr(endpoint.body, "type", None), seen))
    for model in seen:
        for name, member in model.model_fields.items():
            if type(None) in get_args(member.annotation):
                parts = (member.annotation, *member.metadata, None)
                yield f"{model.__name__}.{name}", Annotated[parts]


def _breaks(declared: Any) -> bool:
    try:
        TypeAdapter(declared).validate_python(None)
    except ValidationError:
        return False
    except TypeError:
        return True
    return False


def test_null_is_taken_or_refused() -> None:
    """Pydantic applies a bound that follows a validator of ours to null, and raises TypeError."""
    assert _breaks(Annotated[int | None, BeforeValidator(lambda value: value), Field(ge=0)])
    assert [name for name, declared in _nullable() if _breaks(declared)] == []
