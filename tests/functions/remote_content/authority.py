"""What restricted callers get of configurations of remote content."""

from collections.abc import Mapping
from typing import Final

from tests.builders.authority import Row, managers
from tests.builders.remote_content import UNKNOWN_ID, a_configuration

_PATH: Final = {"configurationId": UNKNOWN_ID}

ROWS: Final[Mapping[str, Row]] = {
    "create_remote_content_configuration": Row(managers(0), a_configuration()),
    "replace_remote_content_configuration": Row(managers(404), a_configuration(), _PATH),
    "test_remote_content_configuration": Row(
        managers(404), {"id": "1", "fiscal_code": "RSSMRA80A01H501U"}, _PATH
    ),
}
