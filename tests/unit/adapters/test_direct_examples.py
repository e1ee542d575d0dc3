"""Which requests of the SDK become examples, and for how long."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from lib.adapters.azure.direct import documents, examples, items
from lib.adapters.azure.direct.documents import refused
from lib.adapters.azure.direct.examples import Example, Examples
from lib.adapters.azure.direct.keys import cosmos_key

TOKEN = "type=aad&ver=1.0&sig=token"
HEADERS = {
    "Authorization": TOKEN,
    "x-ms-version": "2020-07-15",
    "x-ms-date": "Tue, 24 Nov 2026 12:00:00 GMT",
    "x-ms-documentdb-partitionkey": '["AAAAAA00A00A000A"]',
    "Content-Length": 12,
}
ADDRESS = "https://here.example/dbs/docs/colls/docs/docs/"
KIND = ("docs", "create")


def _example(
    headers: Mapping[str, Any] | None = None,
    *,
    address: str = ADDRESS,
    sent: str = "POST",
    status: int = 201,
    answered: Mapping[str, str] | None = None,
    key: str = "",
) -> Example | None:
    """Return what a store learns from a request and its answer."""
    known = Examples(documents.cosmos(cosmos_key(key)))
    request = SimpleNamespace(method=sent, url=address, headers={**HEADERS, **(headers or {})})
    answer = SimpleNamespace(status_code=status, headers=answered or {})
    hook: Any = known.learn(KIND, "POST")
    hook(SimpleNamespace(http_request=request, http_response=answer))
    return known.of(KIND)


def test_an_example_has_the_address_the_token_and_nothing_of_the_document() -> None:
    """The region, the version and the identity are those of the SDK."""
    learnt = _example()

    assert learnt is not None
    assert learnt.address == ADDRESS
    assert learnt.headers == {"authorization": TOKEN, "x-ms-version": "2020-07-15"}
    assert "token" not in repr(learnt)


@pytest.mark.parametrize("status", [200, 207, 404, 409, 412])
def test_an_answer_for_good_makes_an_example(status: int) -> None:
    """A citizen without a preference is the usual case, and its 404 is an answer."""
    assert _example(status=status) is not None


@pytest.mark.parametrize(
    "request_",
    [
        {"headers": {"x-ms-session-token": "0:1"}},
        {"headers": {"x-ms-header-of-a-later-version": "1"}},
        {"sent": "GET"},
        {"address": "https://here.example/dbs/docs/colls/docs/"},
        {"address": "https://here.example/dbs/docs/colls/others/docs/"},
        {"status": 429},
        {"status": 400},
        {"status": 404, "answered": {"x-ms-substatus": "1002"}},
        {"status": 200, "answered": {"x-ms-continuation": "more"}},
        {"headers": {"Authorization": "type%3Dmaster%26ver%3D1.0%26sig%3Dx"}},
        {"headers": {"Authorization": "type%3Dmaster%26ver%3D1.0%26sig%3Dx"}, "key": "a2V5"},
    ],
)
def test_a_request_with_anything_unknown_is_no_example(request_: dict[str, Any]) -> None:
    """A session token, a later protocol, another request, no answer for good, a key over TLS."""
    assert _example(**request_) is None


def test_an_example_is_too_old_before_its_token_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next operation goes through the SDK, which renews the token and looks at the regions."""
    now = 0.0
    monkeypatch.setattr(examples, "time", SimpleNamespace(monotonic=lambda: now))
    known = Examples(items.queues(None))
    request = SimpleNamespace(
        method="POST",
        url="https://here.example/jobs/messages?messagettl=-1",
        headers={"Authorization": "Bearer token"},
    )
    hook: Any = known.learn(("jobs", "put"), "POST")
    answer = SimpleNamespace(status_code=201, headers={})
    hook(SimpleNamespace(http_request=request, http_response=answer))

    now = 179.0
    fresh = known.of(("jobs", "put"))
    now = 181.0

    assert fresh is not None
    assert fresh.address == "https://here.example/jobs/messages"
    assert known.of(("jobs", "put")) is None


@pytest.mark.parametrize(
    ("operation", "status", "content", "expected"),
    [
        ("create", 201, None, 0),
        ("create", 409, {"code": "Conflict"}, 409),
        ("batch", 200, [{"statusCode": 201}], 0),
        ("batch", 207, [{"statusCode": 424}, {"statusCode": 412}, {"statusCode": 424}], 412),
        ("batch", 207, [{"statusCode": 429}, {"statusCode": 424}], 429),
    ],
)
def test_a_batch_is_refused_as_its_failed_step(
    operation: str, status: int, content: Any, expected: int
) -> None:
    """The other steps have 424."""
    assert refused(operation, status, content) == expected
