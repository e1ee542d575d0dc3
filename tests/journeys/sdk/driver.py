"""Calls operations with IO's client, and fails where an answer is not as expected."""

import re
from typing import Any, Final

from infra.local.sandbox.seed import (
    CITIZEN,
    MANAGE_KEY,
    OPERATOR_KEY,
    ORGANIZATION,
    SENDER_KEY,
    SLOW_KEY,
    SPECIAL_KEY,
)
from tests.builders.managed_services import PNG, a_service
from tests.builders.messages import a_message
from tests.builders.remote_content import a_configuration
from tests.journeys.answers.paths import NOWHERE
from tests.journeys.sdk.client import KEY_HEADER, Client, Operation, operations
from tests.journeys.support import Journeys
from tests.journeys.used_up import use_up

OUR_FAULT: Final = 500
"""Declared by most operations, and met by tests/faults: a sound host does not answer it."""
WRONG_KEY: Final = "nobody's"
_ATTEMPTS: Final = 10

_MESSAGE: Final = a_message()
_TO_PATH: Final = a_message(fiscal_code=None)
_SERVICE: Final = {"serviceId": NOWHERE}
_CONFIGURATION: Final = {"configurationId": NOWHERE}
VALID: Final[dict[str, dict[str, Any]]] = {
    "submitMessageforUserWithFiscalCodeInBody": {"message": _MESSAGE},
    "submitMessageforUser": {"fiscal_code": CITIZEN, "message": _TO_PATH},
    "getMessage": {"fiscal_code": CITIZEN, "id": NOWHERE},
    "getProfileByPOST": {"payload": {"fiscal_code": CITIZEN}},
    "getProfile": {"fiscal_code": CITIZEN},
    "getSubscriptionsFeedForDate": {"date": "2026-01-01"},
    "getServiceActivationByPOST": {"payload": {"fiscal_code": CITIZEN}},
    "upsertServiceActivation": {"payload": {"fiscal_code": CITIZEN, "status": "ACTIVE"}},
    "uploadOrganizationLogo": {"organization_fiscal_code": ORGANIZATION, "body": {"logo": PNG}},
    "cmsCreateService": {"body": a_service()},
    "cmsGetServices": {},
    "getServiceTopics": {},
    "cmsGetService": _SERVICE,
    "cmsUpdateService": {**_SERVICE, "body": a_service()},
    "cmsDeleteService": _SERVICE,
    "cmsUpdateServiceLogo": {**_SERVICE, "body": {"logo": PNG}},
    "cmsGetServiceHistory": _SERVICE,
    "cmsGetServiceKeys": _SERVICE,
    "cmsRegenerateServiceKey": {**_SERVICE, "keyType": "primary"},
    "cmsReviewService": {**_SERVICE, "body": {"auto_publish": False}},
    "cmsReleaseService": _SERVICE,
    "cmsGetPublishedService": _SERVICE,
    "cmsUnpublishService": _SERVICE,
    "createRCConfiguration": {"body": a_configuration()},
    "listRCConfiguration": {},
    "getRCConfiguration": _CONFIGURATION,
    "updateRCConfiguration": {**_CONFIGURATION, "body": a_configuration()},
}
"""Valid parameters of each operation; an id in them is that of nothing."""
_OWN_KEYS: Final = {
    "getServiceActivationByPOST": SPECIAL_KEY,
    "upsertServiceActivation": SPECIAL_KEY,
    # an organisation has no key of a service
    "uploadOrganizationLogo": MANAGE_KEY,
}


class Driver:
    """The client with the operations of its document; an answer must decode, with its status."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.operations = operations()
        self.decodable = client.statuses()

    def meet(
        self, name: str, status: int, *, key: str | None = None, **parameters: Any
    ) -> dict[str, Any]:
        """Call with the valid parameters and these; return what the client decoded."""
        outcome = self.call(name, key or _own_key(self.operations[name]), **parameters)
        assert "refused" not in outcome, (name, outcome)
        assert outcome["status"] == status, (name, outcome)
        return outcome

    def call(self, name: str, key: str, **parameters: Any) -> dict[str, Any]:
        """Call with the valid parameters and these.

        Where the client sends no key with the operation, a header has the key.
        """
        named = self.operations[name].key
        credential: dict[str, Any] = {named: key} if named else {"$headers": {KEY_HEADER: key}}
        return self.client.call(name, {**credential, **VALID[name], **parameters})

    def refused_keys(self, journeys: Journeys, names: set[str]) -> None:
        """Meet, at each operation, the refusals of keys that its decoder knows."""
        for name in sorted(names):
            known = self.decodable[name]
            if 401 in known:
                self.meet(name, 401, key=WRONG_KEY)
            if 403 in known:
                self.meet(name, 403, key=_stranger(self.operations[name]))
        use_up(journeys, SLOW_KEY)
        for name in sorted(names):
            if 429 in self.decodable[name]:
                self._over_the_limit(journeys, name)

    def _over_the_limit(self, journeys: Journeys, name: str) -> None:
        """Call with a key whose calls are used up, and use them up again where time went by."""
        for _ in range(_ATTEMPTS):
            outcome = self.call(name, SLOW_KEY)
            assert "refused" not in outcome, (name, outcome)
            if outcome["status"] == 429:
                return
            use_up(journeys, SLOW_KEY)
        raise AssertionError(f"{name} was never over the limit")

    def expected(self, journeys: Journeys, names: set[str]) -> set[tuple[str, int]]:
        """Return each operation and status that the host declares and the client can decode.

        No operation may declare a 503, which the client cannot decode, and which clients take for
        the end of a notification.
        """
        declared: dict[tuple[str, str], set[int]] = {}
        for method, path, status in journeys.session.declared.answers:
            declared.setdefault((method, _template(path)), set()).add(status)
        assert not [name for name in names if 503 in declared[self._key_of(name)]]
        return {
            (name, status)
            for name in names
            for status in declared[self._key_of(name)] & self.decodable[name]
            if status != OUR_FAULT
        }

    def _key_of(self, name: str) -> tuple[str, str]:
        operation = self.operations[name]
        return operation.method, _template(operation.path)


def _template(path: str) -> str:
    return re.sub(r"{\w+}", "{}", path).rstrip("/")


def _own_key(operation: Operation) -> str:
    """Return a key that may call the operation."""
    if operation.name in _OWN_KEYS:
        return _OWN_KEYS[operation.name]
    return SENDER_KEY if operation.key == "SubscriptionKey" else MANAGE_KEY


def _stranger(operation: Operation) -> str:
    """Return a valid key that may not call the operation."""
    return OPERATOR_KEY if operation.key == "SubscriptionKey" else SENDER_KEY
