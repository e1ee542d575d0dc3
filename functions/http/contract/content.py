"""The content of a message in an answer.

The store holds validated content, so an answer does not validate it again.
"""

from typing import Annotated, Any, Final

from pydantic import WithJsonSchema

from lib.domain.messages.content import Content

DESCRIBED_AS: Final = "x-described-as"
"""In a schema: the model that describes it in the OpenAPI document."""

StoredContent = Annotated[dict[str, Any], WithJsonSchema({DESCRIBED_AS: Content.__name__})]
