"""Print an OpenAPI document: `python -m functions`, or `python -m functions senders`."""

import sys

from functions.declared import ENDPOINTS
from functions.http.openapi.audiences import Audience
from functions.http.openapi.document import printed

audience = Audience(sys.argv[1]) if len(sys.argv) > 1 else None
sys.stdout.buffer.write(printed(ENDPOINTS, audience))
