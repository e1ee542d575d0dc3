"""A message's content in an answer: stored as it was validated, so it is not validated again."""

from typing import Annotated, Any, Final

from pydantic import WithJsonSchema

from lib.domain.messages.content import Content

DESCRIBED_AS: Final = "x-described-as"
"""In a schema: the model that describes it in the OpenAPI document."""

StoredContent = Annotated[dict[str, Any], WithJsonSchema({DESCRIBED_AS: Content.__name__})]
