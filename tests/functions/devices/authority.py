"""What restricted callers get of devices."""

from collections.abc import Mapping
from typing import Final

from tests.builders.authority import Row, citizens
from tests.functions.devices.device_calls import a_subscription

_PATH = {"installation_id": "the-device"}
_REGISTRATION = Row(citizens(), {"platform": "fcmv1", "pushChannel": "another"}, _PATH)
ROWS: Final[Mapping[str, Row]] = {
    "register_installation": _REGISTRATION,
    "register_installation_v1": _REGISTRATION,
    "subscribe_browser": Row(citizens(), a_subscription("another"), _PATH),
    "remove_installation": Row(citizens(), None, _PATH),
    "remove_installation_v1": Row(citizens(), None, _PATH),
}
