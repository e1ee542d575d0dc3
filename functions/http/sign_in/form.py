"""The body of a request for tokens: a form, as RFC 6749 has it."""

from typing import Any, override
from urllib.parse import parse_qsl

import azure.functions as func
from pydantic import BaseModel, ValidationError

from functions.http.contract.call import Body, plain_content
from functions.http.contract.problems import Problem, RequestError
from lib.domain.sign_in.errors import TokenRequestError

FORM: str = "application/x-www-form-urlencoded"
_MOST_FIELDS: int = 30


class Form[B: BaseModel](Body[B]):
    """A body in `application/x-www-form-urlencoded`; unknown fields are ignored, as RFC 6749 says.

    `type`: a model whose fields are texts.
    """

    @override
    def read(self, request: func.HttpRequest, *, is_ours: bool) -> tuple[Any, B]:
        """Return the form. Raises: RequestError (413, 415), TokenRequestError."""
        content = plain_content(request)
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != FORM:
            told = f"The Content-Type must be {FORM}."
            raise RequestError(Problem(415, "Unsupported media type", told))
        if len(content) > self.limit:
            told = f"The body may have at most {self.limit} bytes."
            raise RequestError(Problem(413, "Payload too large", told))
        try:
            pairs = parse_qsl(content.decode(), max_num_fields=_MOST_FIELDS)
        except ValueError:
            raise TokenRequestError("invalid_request", "the form cannot be read") from None
        fields = dict(pairs)
        if len(fields) != len(pairs):
            raise TokenRequestError("invalid_request", "a field of the form is there twice")
        try:
            return None, self.type.model_validate(fields)
        except ValidationError:
            raise TokenRequestError("invalid_request", "a field of the form is too long") from None
