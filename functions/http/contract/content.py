"""The content of a message in an answer.

The store holds validated content, so an answer does not validate it again.
"""

from typing import Annotated, Any, Final

from pydantic import WithJsonSchema

from lib.domain.messages.content import Content

DESCRIBED_AS: Final = "x-described-as"
"""The key of a schema that names the model which describes the value in the OpenAPI document."""

StoredContent = Annotated[dict[str, Any], WithJsonSchema({DESCRIBED_AS: Content.__name__})]
