"""Print the OpenAPI document: `python -m functions > infra/openapi.json`."""

import sys

from functions import ENDPOINTS
from functions.http.openapi.document import printed

sys.stdout.buffer.write(printed(ENDPOINTS))
